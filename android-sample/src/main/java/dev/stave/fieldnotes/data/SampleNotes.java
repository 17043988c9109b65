package dev.stave.fieldnotes.data;

import java.util.List;

/** Some sites and visits, for whoever wants to look around first. */
public final class SampleNotes {

  private SampleNotes() {}

  /** Adds them, and says how many sites there are. */
  public static int addTo(FieldNotes notes) {
    String bridge =
        notes.add(
            site(
                "Mill Lane bridge",
                "Bridge",
                "Mill Lane, km 3.2",
                "North",
                "watch",
                "Key at the farm. Beware of the dog."));
    notes.add(site("Quarry pump house", "Pump house", "Quarry Road 8", "North", "good", ""));
    notes.add(
        site(
            "Tower 14",
            "Mast",
            "Ridge path, above the hut",
            "South",
            "urgent",
            "No signal from the second bend on."));
    notes.add(site("Weir at Old Ferry", "Weir", "Ferry Street", "South", "good", ""));
    notes.add(
        new Visit(
            null,
            bridge,
            "North",
            "2026-10-02",
            "Ada",
            "Rust at pier 2, as thick as a coin.",
            List.of(
                new Check("railing", "Railing", "good"),
                new Check("bearings", "Bearings", "watch"),
                new Check("drainage", "Drainage", "open"))));
    return 4;
  }

  private static Site site(
      String name, String kind, String place, String region, String condition, String notes) {
    return new Site(null, name, kind, place, region, "", condition, notes);
  }
}
