package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.app.AlertDialog;
import android.widget.EditText;
import dev.stave.fieldnotes.data.Check;
import dev.stave.fieldnotes.data.Deleted;
import dev.stave.fieldnotes.data.Visit;
import dev.stave.fieldnotes.screens.EditSiteActivity;
import dev.stave.fieldnotes.screens.HistoryActivity;
import dev.stave.fieldnotes.screens.SiteActivity;
import dev.stave.fieldnotes.screens.SitesActivity;
import dev.stave.fieldnotes.screens.VisitActivity;
import dev.stave.json.JsonObject;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;
import org.robolectric.shadows.ShadowDialog;
import org.robolectric.shadows.ShadowToast;

/** Leaving what was begun, and deleting. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class EditingTest {

  private final Phone phone = new Phone();
  private String site;

  @Before
  public void write() {
    site = phone.useSample();
    ShadowDialog.reset();
  }

  @After
  public void close() throws Exception {
    phone.close();
  }

  private Activity newVisit() {
    return visitTo().get();
  }

  private ActivityController<VisitActivity> visitTo() {
    Activity screen = phone.open(SiteActivity.class, site).get();
    phone.click(screen, "New visit");
    ActivityController<VisitActivity> visit =
        phone.openBy(VisitActivity.class, shadowOf(screen).getNextStartedActivity());
    EditText inspector = visit.get().findViewById(R.id.field_inspector);
    phone.await("my name", () -> inspector.getText().toString().equals("Ada"));
    return visit;
  }

  private int visits() {
    return phone.ask(notes -> notes.visitsTo(site).size());
  }

  @Test
  public void newVisit_leftAtOnce_leavesNothing() {
    Activity visit = newVisit();

    visit.onBackPressed();

    assertThat(visit.isFinishing()).isTrue();
    assertThat(ShadowDialog.getLatestDialog()).isNull();
    assertThat(visits()).isEqualTo(1);
  }

  @Test
  public void newVisit_leftWithSomethingTyped_asksAndMayLeaveNothing() {
    Activity visit = newVisit();
    ((EditText) visit.findViewById(R.id.field_finding)).setText("Rust");

    visit.onBackPressed();
    assertThat(visit.isFinishing()).isFalse();
    Phone.press(AlertDialog.BUTTON_NEUTRAL);
    assertThat(visit.isFinishing()).isFalse();
    visit.onBackPressed();
    Phone.press(AlertDialog.BUTTON_NEGATIVE);

    assertThat(visit.isFinishing()).isTrue();
    assertThat(visits()).isEqualTo(1);
  }

  @Test
  public void newVisit_leftAndSaved_isThere() {
    Activity visit = newVisit();
    ((EditText) visit.findViewById(R.id.field_finding)).setText("Rust");

    visit.onBackPressed();
    Phone.press(AlertDialog.BUTTON_POSITIVE);

    phone.await("saved", visit::isFinishing);
    assertThat(visits()).isEqualTo(2);
    assertThat(phone.<String>ask(notes -> notes.visitsTo(site).get(0).finding())).isEqualTo("Rust");
  }

  @Test
  public void newVisit_withAnotherDateOrALineThatIsNotAdded_isNotLeftUnasked() {
    VisitActivity dated = visitTo().get();
    DatesTest.calendarOf(dated).updateDate(2026, 0, 31);
    Phone.press(AlertDialog.BUTTON_POSITIVE);
    dated.onBackPressed();
    assertThat(dated.isFinishing()).isFalse();

    Activity lined = newVisit();
    ((EditText) lined.findViewById(R.id.field_check)).setText("Lightning rod");
    lined.onBackPressed();
    assertThat(lined.isFinishing()).isFalse();
    Phone.press(AlertDialog.BUTTON_POSITIVE);
    phone.await("saved", lined::isFinishing);

    assertThat(phone.<List<Check>>ask(notes -> notes.visitsTo(site).get(0).checks()))
        .anyMatch(each -> each.text().equals("Lightning rod"));
  }

  @Test
  public void edits_ofNotesFromANewerApp_keepWhatThisOneDoesNotKnow() {
    JsonObject newSite =
        JsonObject.parse("{\"type\":\"site\",\"name\":\"Adit\",\"condition\":\"closed\"}");
    JsonObject newVisit =
        JsonObject.parse(
            "{\"type\":\"visit\",\"site\":\"site-new\",\"checks\":[{\"id\":\"a\",\"text\":\"Gate\","
                + "\"state\":\"mended\",\"by\":\"Ben\"},{\"id\":\"b\",\"text\":\"Lamp\"}]}");
    phone.ask(notes -> notes.database().put("site-new", newSite));
    phone.ask(notes -> notes.database().put("visit-new", newVisit));

    Activity edit = phone.open(EditSiteActivity.class, "site-new").get();
    EditText name = edit.findViewById(R.id.field_name);
    phone.await("the site", name::isEnabled);
    name.setText("Adit 3");
    edit.findViewById(R.id.save).performClick();
    phone.await("saved", edit::isFinishing);
    Activity visit = phone.open(VisitActivity.class, "visit-new").get();
    EditText finding = visit.findViewById(R.id.field_finding);
    phone.await("the visit", finding::isEnabled);
    finding.setText("Rust");
    visit.findViewById(R.id.save).performClick();
    phone.await("saved", visit::isFinishing);

    JsonObject site = phone.ask(notes -> notes.document("site-new").orElseThrow().body());
    assertThat(site.tree().path("name").asText()).isEqualTo("Adit 3");
    assertThat(site.tree().path("condition").asText()).isEqualTo("closed");
    JsonObject noted = phone.ask(notes -> notes.document("visit-new").orElseThrow().body());
    assertThat(noted.tree().at("/finding").asText()).isEqualTo("Rust");
    assertThat(noted.tree().at("/checks/0/state").asText()).isEqualTo("mended");
    assertThat(noted.tree().at("/checks/0/by").asText()).isEqualTo("Ben");
    assertThat(noted.tree().at("/checks/1/text").asText()).isEqualTo("Lamp");
  }

  @Test
  public void site_movedToAnotherRegion_takesItsVisitsAndTheirPhotosWithIt() {
    String visit = phone.ask(notes -> notes.visitsTo(site).get(0).document().id());
    phone.ask(notes -> ScreensTest.addPhoto(notes, visit));
    Activity edit = phone.open(EditSiteActivity.class, site).get();
    EditText region = edit.findViewById(R.id.field_region);
    phone.await("the site", region::isEnabled);
    region.setText("East");

    edit.findViewById(R.id.save).performClick();

    phone.await("saved", edit::isFinishing);
    Visit moved = phone.ask(notes -> notes.visitsTo(site).get(0));
    assertThat(moved.region()).isEqualTo("East");
    assertThat(moved.document().attachments()).hasSize(1);
    assertThat(phone.<List<String>>ask(notes -> notes.unsent().first(9))).contains(site, visit);
  }

  @Test
  public void strayVisits_areThoseToADeletedSite_andNotToOneThatNeverCame() {
    phone.ask(
        notes -> notes.add(new Visit(null, "site-elsewhere", "", "", "Ben", "far", List.of())));
    assertThat(phone.<Integer>ask(notes -> notes.strayVisits().size())).isZero();
    phone.ask(notes -> notes.database().delete(site, notes.document(site).get().revision()));

    assertThat(phone.<List<Visit>>ask(notes -> notes.strayVisits()))
        .extracting(Visit::site)
        .containsExactly(site);
  }

  @Test
  public void undelete_ofASiteThatSomebodyBroughtBackAndChanged_keepsTheChangeAndBringsTheRest() {
    Deleted deleted = phone.ask(notes -> notes.delete(site));
    JsonObject changed = JsonObject.parse("{\"type\":\"site\",\"name\":\"Footbridge\"}");
    phone.ask(notes -> notes.database().put(site, changed));

    phone.ask(
        notes -> {
          notes.undelete(deleted);
          return true;
        });

    assertThat(phone.<JsonObject>ask(notes -> notes.document(site).orElseThrow().body()))
        .isEqualTo(changed);
    assertThat(visits()).isEqualTo(1);
  }

  @Test
  public void newVisit_savedTwiceBeforeItIsDone_isNotedOnce() {
    Activity visit = newVisit();
    ((EditText) visit.findViewById(R.id.field_finding)).setText("Rust");
    Runnable release = phone.hold();

    visit.findViewById(R.id.save).performClick();
    assertThat(visit.findViewById(R.id.save).isEnabled()).isFalse();
    visit.findViewById(R.id.save).performClick();
    release.run();

    phone.await("saved", visit::isFinishing);
    assertThat(visits()).isEqualTo(2);
  }

  @Test
  public void newVisit_turnedWhileItIsSavedAndSavedAgain_isNotedOnceAsItIsTyped() {
    ActivityController<VisitActivity> visit = visitTo();
    ((EditText) visit.get().findViewById(R.id.field_finding)).setText("Rust");
    Runnable release = phone.hold();
    visit.get().findViewById(R.id.save).performClick();

    phone.turn(visit);
    ((EditText) visit.get().findViewById(R.id.field_finding)).setText("Rust, and a crack");
    visit.get().findViewById(R.id.save).performClick();
    release.run();

    phone.await("saved", visit.get()::isFinishing);
    assertThat(visits()).isEqualTo(2);
    assertThat(phone.<String>ask(notes -> notes.visitsTo(site).get(0).finding()))
        .isEqualTo("Rust, and a crack");
    assertThat(phone.<Integer>ask(notes -> notes.conflicts().ids().size())).isZero();
  }

  @Test
  public void editSite_leftUnchanged_doesNotAsk() {
    Activity edit = phone.open(EditSiteActivity.class, site).get();
    EditText name = edit.findViewById(R.id.field_name);
    phone.await("the site", () -> name.length() > 0);

    edit.onBackPressed();

    assertThat(edit.isFinishing()).isTrue();
    assertThat(ShadowDialog.getLatestDialog()).isNull();
  }

  @Test
  public void site_deleted_saysHowManyVisitsGoWithItAndCanBeUndone() {
    Activity screen = phone.open(SiteActivity.class, site).get();
    phone.click(screen, "Delete this site");
    AlertDialog asked = (AlertDialog) ShadowDialog.getLatestDialog();
    assertThat(shadowOf(asked).getMessage().toString()).contains("1 visit");
    Phone.press(AlertDialog.BUTTON_NEGATIVE);
    assertThat(phone.<Boolean>ask(notes -> notes.document(site).isPresent())).isTrue();
    phone.click(screen, "Delete this site");
    Phone.press(AlertDialog.BUTTON_POSITIVE);
    phone.await("deleted", screen::isFinishing);
    assertThat(visits()).isZero();

    Activity sites = phone.open(SitesActivity.class, (String) null).get();
    phone.click(sites, "Undo");

    phone.awaitText(sites, "Mill Lane bridge");
    phone.await("its visit", () -> visits() == 1);
    phone.awaitText(phone.open(HistoryActivity.class, site).get(), "Deleted");
    phone.await(
        "no more to undo", () -> !Phone.texts(sites.getWindow().getDecorView()).contains("Undo"));
  }

  @Test
  public void visit_deleted_isGoneFromTheSiteAndCanBeUndone() {
    String visit = phone.ask(notes -> notes.visitsTo(site).get(0).document().id());
    Activity screen = phone.open(VisitActivity.class, visit).get();
    phone.awaitText(screen, "Drainage");
    phone.click(screen, "Delete this visit");
    Phone.press(AlertDialog.BUTTON_POSITIVE);
    phone.await("deleted", screen::isFinishing);
    Activity siteScreen = phone.open(SiteActivity.class, site).get();
    phone.awaitText(siteScreen, "Nobody has noted a visit yet.");

    phone.click(siteScreen, "Undo");

    phone.awaitText(siteScreen, "Rust at pier 2");
  }

  @Test
  public void newSite_thatASchemaOfTheOfficeRefuses_saysWhyAndStaysOnTheScreen() {
    phone.ask(
        notes ->
            notes
                .database()
                .put(
                    "stave.schema.site",
                    JsonObject.parse(
                        "{\"stave\": \"schema\", \"selector\": {\"type\": \"site\"},"
                            + " \"schema\": {\"properties\": {\"region\": {\"minLength\": 1}}}}")));
    Activity edit = phone.open(EditSiteActivity.class, (String) null).get();
    ((EditText) edit.findViewById(R.id.field_name)).setText("Adit 3");

    edit.findViewById(R.id.save).performClick();

    phone.await("it is said", () -> ShadowToast.getTextOfLatestToast() != null);
    assertThat(ShadowToast.getTextOfLatestToast()).startsWith("Not saved: it does not fit");
    assertThat(edit.isFinishing()).isFalse();
    assertThat(edit.findViewById(R.id.save).isEnabled()).isTrue();
  }
}
