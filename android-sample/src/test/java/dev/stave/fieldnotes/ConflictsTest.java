package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;

import android.app.Activity;
import android.app.AlertDialog;
import android.view.View;
import dev.stave.database.Database;
import dev.stave.fieldnotes.data.Deleted;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.Site;
import dev.stave.fieldnotes.data.Visit;
import dev.stave.fieldnotes.screens.ConflictActivity;
import dev.stave.fieldnotes.screens.SiteActivity;
import dev.stave.fieldnotes.screens.SitesActivity;
import dev.stave.json.JsonObject;
import dev.stave.review.Preview;
import dev.stave.revision.Provenance;
import dev.stave.sync.Replication;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;
import org.robolectric.shadows.ShadowToast;

/** What else happens to a note about which there is something to settle. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class ConflictsTest {

  private final Phone phone = new Phone();
  private final Database ben = Database.inMemory();
  private String site;
  private String visit;

  @Before
  public void write() {
    site = phone.useSample();
    visit = phone.visitTo(site);
    phone.ask(notes -> Replication.run(notes.database(), ben));
  }

  @After
  public void close() throws Exception {
    phone.close();
    ben.close();
  }

  private void exchange() {
    phone.ask(notes -> Replication.run(ben, notes.database()));
  }

  private Preview conflict(String id) {
    return phone.ask(notes -> notes.conflicts().of(id).orElseThrow());
  }

  /** What each version says, which photos it has, and who made it. */
  private Set<String> versions(String id) {
    return conflict(id).sides().stream()
        .map(
            side ->
                side.value()
                    + " "
                    + side.document().attachments().keySet()
                    + side.told().map(Provenance::author))
        .collect(Collectors.toSet());
  }

  @Test
  public void siteInConflict_deletedAndThatUndone_isInConflictAsBefore() {
    Sites.bensEdit(ben, site, "name", "Mill bridge (Ben)");
    phone.ask(notes -> notes.save(Sites.called(siteOf(notes), "Mill Lane old bridge")));
    exchange();
    Set<String> before = versions(site);
    assertThat(before).hasSize(2);
    Activity screen = phone.open(SiteActivity.class, site).get();
    phone.click(screen, "Delete this site");
    Phone.press(AlertDialog.BUTTON_POSITIVE);
    phone.await("deleted", screen::isFinishing);
    assertThat(phone.<Boolean>ask(notes -> notes.document(site).isPresent())).isFalse();
    assertThat(phone.<Set<String>>ask(notes -> notes.conflicts().ids())).isEmpty();

    Activity sites = phone.open(SitesActivity.class, null).get();
    phone.click(sites, "Undo");

    phone.awaitText(sites, "1 note needs your choice");
    assertThat(versions(site)).isEqualTo(before);
    assertThat(conflict(site).result().clashes()).hasSize(1);
    assertThat(phone.<Integer>ask(notes -> notes.visitsTo(site).size())).isEqualTo(1);
    assertThat(phone.<List<String>>ask(notes -> notes.unsent().first(9))).contains(site, visit);
    Activity choice = phone.open(ConflictActivity.class, site).get();
    phone.click(choice, "Ben: Mill bridge (Ben)");
    choice.findViewById(R.id.merge).performClick();
    phone.awaitText(choice, "Done.");
    assertThat(phone.<String>ask(notes -> siteOf(notes).name())).isEqualTo("Mill bridge (Ben)");
  }

  private Site siteOf(FieldNotes notes) {
    return Site.of(notes.document(site).orElseThrow());
  }

  @Test
  public void visitInConflict_deletedAndThatUndone_hasThePhotosOfEachVersion() {
    Sites.bensEdit(ben, visit, "finding", "Rust, says Ben");
    phone.ask(notes -> ScreensTest.addPhoto(notes, visit));
    phone.ask(notes -> notes.save(found(notes, "Rust, says Ada")));
    exchange();
    Set<String> before = versions(visit);
    assertThat(before).anyMatch(each -> each.contains("photo-")).hasSize(2);
    Deleted deleted = phone.ask(notes -> notes.delete(visit));

    phone.ask(doing(notes -> notes.undelete(deleted)));

    assertThat(versions(visit)).isEqualTo(before);
    phone.ask(doing(notes -> notes.undelete(deleted))); // a second time: it is there
    assertThat(versions(visit)).isEqualTo(before);
  }

  private static Function<FieldNotes, Boolean> doing(Consumer<FieldNotes> work) {
    return notes -> {
      work.accept(notes);
      return true;
    };
  }

  private Visit found(FieldNotes notes, String finding) {
    Visit old = Visit.of(notes.document(visit).orElseThrow());
    return new Visit(
        old.document(),
        old.site(),
        old.region(),
        old.date(),
        old.inspector(),
        finding,
        old.checks());
  }

  @Test
  public void undoneDeletion_isOnAnotherDeviceWhatItIsHere() {
    Sites.bensEdit(ben, site, "name", "Mill bridge (Ben)");
    phone.ask(notes -> notes.save(Sites.called(siteOf(notes), "Mill Lane old bridge")));
    exchange();
    Deleted deleted = phone.ask(notes -> notes.delete(site));
    phone.ask(notes -> Replication.run(notes.database(), ben));
    assertThat(ben.get(site)).isEmpty();

    phone.ask(doing(notes -> notes.undelete(deleted)));
    phone.ask(notes -> Replication.run(notes.database(), ben));

    assertThat(phone.<Object>ask(notes -> notes.document(site))).isEqualTo(ben.get(site));
    assertThat(ben.tree(site).hasConflicts()).isTrue();
  }

  /** Ada moves the site to the south, Ben to the east, each with the visits that they know. */
  private void move() {
    Sites.bensEdit(ben, site, "region", "East");
    Sites.bensEdit(ben, visit, "region", "East");
    ben.put(
        "visit-of-ben",
        JsonObject.parse(
            "{\"type\": \"visit\", \"site\": \"" + site + "\", \"region\": \"East\"}"));
    phone.ask(notes -> notes.save(in(siteOf(notes), "South")));
    exchange();
    phone.awaitText(phone.open(SitesActivity.class, null).get(), "2 notes need your choice");
  }

  private static Site in(Site site, String region) {
    return new Site(
        site.document(),
        site.name(),
        site.kind(),
        site.place(),
        region,
        site.contact(),
        site.condition(),
        site.notes());
  }

  private Activity choose(String region) {
    Activity choice = phone.open(ConflictActivity.class, site).get();
    phone.click(choice, region);
    phone.await("it may be kept", () -> choice.findViewById(R.id.merge).isEnabled());
    View merge = choice.findViewById(R.id.merge);
    merge.performClick();
    return choice;
  }

  private Set<String> regions() {
    return phone.ask(
        notes -> notes.visitsTo(site).stream().map(Visit::region).collect(Collectors.toSet()));
  }

  @Test
  public void region_chosen_isThatOfAllVisits_withNothingLeftToChoose() {
    for (String region : List.of("East", "South")) {
      if (region.equals("East")) {
        move();
      } else {
        phone.ask(doing(notes -> notes.conflicts().unsettle(site)));
      }

      phone.awaitText(choose(region), "Done.");

      assertThat(phone.<String>ask(notes -> siteOf(notes).region())).isEqualTo(region);
      assertThat(regions()).containsExactly(region);
      phone.await(
          "what agrees is merged",
          () -> phone.<Boolean>ask(notes -> notes.conflicts().ids().isEmpty()));
      assertThat(regions()).containsExactly(region);
      assertThat(phone.<Integer>ask(notes -> notes.visitsTo(site).size())).isEqualTo(2);
    }
    assertThat(phone.<List<String>>ask(notes -> notes.unsent().first(9)))
        .contains(site, visit, "visit-of-ben"); // which it went to the south with
  }

  @Test
  public void region_chosenWhereAVisitMayNotGo_changesNothing() {
    move();
    phone.ask(
        notes ->
            notes
                .database()
                .put(
                    "stave.schema.visit",
                    JsonObject.parse(
                        "{\"stave\": \"schema\", \"selector\": {\"type\": \"visit\"},"
                            + " \"schema\": {\"properties\": {\"region\": {\"const\": \"East\"}}}}")));
    Set<String> before = versions(site);

    Activity choice = choose("South");

    phone.await("it is said", () -> ShadowToast.getTextOfLatestToast() != null);
    assertThat(ShadowToast.getTextOfLatestToast()).startsWith("Not saved: it does not fit");
    assertThat(versions(site)).isEqualTo(before);
    assertThat(choice.findViewById(R.id.merge).isEnabled()).isTrue();
  }
}
