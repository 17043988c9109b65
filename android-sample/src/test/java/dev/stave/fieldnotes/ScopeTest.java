package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;

import android.app.Activity;
import android.app.AlertDialog;
import android.widget.EditText;
import dev.stave.fieldnotes.data.SampleNotes;
import dev.stave.fieldnotes.data.Site;
import dev.stave.fieldnotes.screens.SettingsActivity;
import dev.stave.fieldnotes.screens.SitesActivity;
import dev.stave.fieldnotes.screens.SyncActivity;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** What is shared with a phone, and what becomes of notes that are not any more. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class ScopeTest {

  @Rule public final Office office = new Office();

  private final Phone writer = new Phone();
  private final Phone phone = new Phone();
  private Activity sites;
  private String bridge;

  @Before
  public void share() {
    Activity others = writer.open(SitesActivity.class, null).get();
    writer.use("Ben", office.address());
    writer.ask(SampleNotes::addTo);
    writer.awaitSent();
    writer.awaitText(others, "Everything is shared");
    bridge = writer.ask(notes -> notes.sites("mill", null).get(0).document().id());
    sites = phone.open(SitesActivity.class, null).get();
    phone.use("Ada", office.address(), "North");
    awaitSites("Mill Lane bridge", "Quarry pump house");
    phone.awaitText(sites, "Everything is shared");
  }

  @After
  public void close() throws Exception {
    writer.close();
    phone.close();
  }

  private void awaitSites(String... names) {
    phone.await(
        "the sites " + List.of(names),
        () ->
            phone
                .<List<String>>ask(
                    notes ->
                        notes.sites("", null).stream().map(Site::name).collect(Collectors.toList()))
                .equals(List.of(names)));
  }

  /** As a user does, on the screen. */
  private void setRegion(String region) {
    Activity settings = phone.open(SettingsActivity.class, null).get();
    EditText server = settings.findViewById(R.id.field_server);
    phone.await("the settings", () -> server.length() > 0);
    ((EditText) settings.findViewById(R.id.field_region)).setText(region);
    settings.findViewById(R.id.save).performClick();
    phone.await("saved", settings::isFinishing);
    phone.ask(notes -> true); // by then it is what counts
  }

  private void editOffline() {
    phone.network(false);
    phone.ask(
        notes ->
            notes.save(
                Sites.called(
                    Site.of(notes.document(bridge).orElseThrow()), "Mill Lane footbridge")));
    phone.awaitText(sites, "Offline, 1 change waits to be sent");
  }

  private String atTheOffice() {
    return office.database().get(bridge).orElseThrow().body().toString();
  }

  @Test
  public void region_changed_itsNotesComeAndTheOthersLeave() {
    setRegion("South");
    awaitSites("Tower 14", "Weir at Old Ferry");
    phone.awaitText(sites, "Everything is shared");

    setRegion("");
    awaitSites("Mill Lane bridge", "Quarry pump house", "Tower 14", "Weir at Old Ferry");
  }

  @Test
  public void region_leftWithAnEditThatWasNotSent_keepsItUntilItIsSent() {
    editOffline();
    setRegion("South");
    phone.network(true);
    phone.awaitText(sites, "1 note is no longer shared, with a change that was not sent");
    awaitSites("Mill Lane footbridge", "Tower 14", "Weir at Old Ferry");
    assertThat(atTheOffice()).doesNotContain("footbridge");

    Activity sync = phone.open(SyncActivity.class, null).get();
    phone.awaitText(sync, "Mill Lane footbridge");
    phone.click(sync, "Send my change");

    phone.await("the office has it", () -> atTheOffice().contains("footbridge"));
    awaitSites("Tower 14", "Weir at Old Ferry");
    phone.awaitText(sites, "Everything is shared");
  }

  @Test
  public void region_leftWithAnEdit_canGiveItUp() {
    editOffline();
    setRegion("South");
    phone.network(true);
    Activity sync = phone.open(SyncActivity.class, null).get();
    phone.click(sync, "Throw my change away");
    Phone.press(AlertDialog.BUTTON_POSITIVE);

    awaitSites("Tower 14", "Weir at Old Ferry");
    phone.awaitText(sites, "Everything is shared");
    assertThat(atTheOffice()).contains("Mill Lane bridge");
  }

  @Test
  public void note_ofAnotherRegion_isSaidToStayOnThisPhone() {
    phone.ask(notes -> notes.add(new Site(null, "Adit 3", "Adit", "", "South", "", "good", "")));

    Activity sync = phone.open(SyncActivity.class, null).get();
    phone.awaitText(sync, "1 note that you changed is outside what is shared");
    assertThat(office.database().count()).isEqualTo(5);
  }
}
