package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.widget.EditText;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.fieldnotes.data.SampleNotes;
import dev.stave.fieldnotes.data.Site;
import dev.stave.fieldnotes.screens.EditSiteActivity;
import dev.stave.fieldnotes.screens.SitesActivity;
import dev.stave.fieldnotes.screens.SyncActivity;
import dev.stave.json.JsonObject;
import dev.stave.sync.Replication;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** What the server does not take, and what the status says of what waits. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class RefusedTest {

  private static final String SHARED = "Everything is shared";

  @Rule public final Office office = new Office();

  private final Phone phone = new Phone();
  private Activity sites;
  private String mine;

  @Before
  public void start() {
    office.refuseSecrets();
    sites = phone.open(SitesActivity.class, (String) null).get();
    phone.use("Ada", office.address());
    phone.awaitText(sites, SHARED);
  }

  @After
  public void close() throws Exception {
    phone.close();
  }

  private Activity refuse() {
    mine =
        phone.ask(
            notes ->
                notes.add(new Site(null, "A secret mine", "Mine", "", "North", "", "good", "")));
    phone.awaitText(sites, "Everything else is shared. The server did not take 1 note");
    Activity sync = phone.open(SyncActivity.class, (String) null).get();
    phone.awaitText(sync, "The server says: no secret places");
    phone.awaitText(sync, "A secret mine");
    return sync;
  }

  @Test
  public void refused_changed_isTaken() {
    Activity sync = refuse();
    phone.click(sync, "Change it");
    Activity edit =
        phone.openBy(EditSiteActivity.class, shadowOf(sync).getNextStartedActivity()).get();
    EditText name = edit.findViewById(R.id.field_name);
    phone.await("the site", () -> name.length() > 0);
    name.setText("A mine");
    edit.findViewById(R.id.save).performClick();

    phone.await("it is at the office", () -> office.database().get(mine).isPresent());
    phone.awaitText(sync, SHARED);
    phone.await("no more about it", () -> !text(sync).contains("Not taken by the server"));
  }

  @Test
  public void refused_sentAgainWhenTheRuleIsGone_isTaken() {
    Activity sync = refuse();
    office
        .database()
        .delete("_design/rules", office.database().get("_design/rules").orElseThrow().revision());

    phone.click(sync, "Send again");

    phone.await("it is at the office", () -> office.database().get(mine).isPresent());
    phone.awaitText(sync, SHARED);
  }

  @Test
  public void refused_keptHere_isSaidToBeSoAndCanBeSentLater() {
    Activity sync = refuse();

    phone.click(sync, "Keep it on this phone only");
    phone.awaitText(sync, "On this phone only, by your choice");
    phone.awaitText(sync, SHARED);
    assertThat(phone.<Boolean>ask(notes -> notes.document(mine).isPresent())).isTrue();
    office
        .database()
        .delete("_design/rules", office.database().get("_design/rules").orElseThrow().revision());
    phone.click(sync, "Send again");

    phone.await("it is at the office", () -> office.database().get(mine).isPresent());
  }

  @Test
  public void refusedHere_tooLargeForThisPhone_isSaidAndHoldsUpNothing() {
    String large = "x".repeat(1_100_000);
    office.database().put("site-large", note("Archive", large));
    office.database().put("site-small", note("Adit 3", ""));

    phone.awaitText(sites, "Adit 3");
    Activity sync = phone.open(SyncActivity.class, (String) null).get();
    phone.awaitText(sync, "Not taken by this phone");
    phone.awaitText(sync, "A note that is not on this phone");
    Document now = office.database().get("site-large").orElseThrow();
    office.database().put("site-large", now.revision(), note("Archive", "short"));

    phone.awaitText(sites, "Archive");
    phone.await("no more about it", () -> !text(sync).contains("Not taken by this phone"));
  }

  private static JsonObject note(String name, String notes) {
    return JsonObject.parse(
        "{\"type\":\"site\",\"name\":\"" + name + "\",\"notes\":\"" + notes + "\"}");
  }

  @Test
  public void waiting_ofWhatCameFromOthers_isNothing() {
    phone.use("Ada", "http://127.0.0.1:1/notes"); // nobody is there
    try (Phone other = new Phone();
        Database between = Database.inMemory()) {
      other.ask(SampleNotes::addTo);
      other.ask(notes -> Replication.run(notes.database(), between));
      phone.ask(notes -> Replication.run(between, notes.database()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    phone.awaitText(sites, "Tower 14");
    phone.awaitText(sites, "The server does not answer. Trying again soon");
    assertThat(text(sites)).doesNotContain("wait");

    phone.ask(notes -> notes.add(ScreensTest.adit()));

    phone.awaitText(sites, "Trying again soon; 1 change waits");
  }

  @Test
  public void waiting_afterTheServerIsAnother_isAllThatIsHere() {
    phone.ask(SampleNotes::addTo);
    phone.awaitSent();
    phone.network(false);
    phone.awaitText(sites, "Offline, everything was sent");

    phone.use("Ada", office.address() + "-2");

    phone.awaitText(sites, "Offline, 5 changes wait to be sent");
  }

  private static String text(Activity screen) {
    return Phone.texts(screen.getWindow().getDecorView());
  }
}
