package dev.stave.fieldnotes;

import dev.stave.fieldnotes.data.Site;

/** Sites as somebody has edited them. */
final class Sites {

  private Sites() {}

  static Site called(Site site, String name) {
    return with(site, name, site.contact(), site.notes());
  }

  static Site with(Site site, String name, String contact, String notes) {
    return new Site(
        site.document(),
        name,
        site.kind(),
        site.place(),
        site.region(),
        contact,
        site.condition(),
        notes);
  }
}
