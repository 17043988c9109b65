package dev.stave.fieldnotes;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.fieldnotes.data.Site;
import dev.stave.json.JsonObject;

/** What somebody has edited. */
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

  /** Ben has made {@code member} of a note say {@code value}, in his own database. */
  static void bensEdit(Database ben, String id, String member, String value) {
    Document now = ben.get(id).orElseThrow();
    JsonObject edited = JsonObject.of(now.body().tree().put(member, value));
    ben.write(new WriteBatch().author("Ben").put(id, now.revision(), edited));
  }
}
