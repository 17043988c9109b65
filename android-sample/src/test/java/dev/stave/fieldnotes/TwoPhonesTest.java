package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;

import android.app.Activity;
import android.app.AlertDialog;
import android.view.ViewGroup;
import android.widget.EditText;
import dev.stave.fieldnotes.data.SampleNotes;
import dev.stave.fieldnotes.data.Visit;
import dev.stave.fieldnotes.screens.ConflictActivity;
import dev.stave.fieldnotes.screens.EditSiteActivity;
import dev.stave.fieldnotes.screens.SiteActivity;
import dev.stave.fieldnotes.screens.SitesActivity;
import dev.stave.fieldnotes.screens.SyncActivity;
import dev.stave.fieldnotes.screens.VisitActivity;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/**
 * Ada's and Ben's phones, each with the whole app, and a real server between them: an afternoon,
 * with the network off and on.
 */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class TwoPhonesTest {

  private static final String SHARED = "Everything is shared";

  @Rule public final Office office = new Office();

  private final Phone ada = new Phone();
  private final Phone ben = new Phone();
  private Activity adas;
  private Activity bens;
  private String bridge;

  @Before
  public void share() {
    adas = ada.open(SitesActivity.class, null).get();
    bens = ben.open(SitesActivity.class, null).get();
    ada.use("Ada", office.address());
    ben.use("Ben", office.address());
    ada.ask(SampleNotes::addTo);
    bridge = ada.ask(notes -> notes.sites("mill", null).get(0).document().id());
    ada.awaitSent();
    ada.awaitText(adas, SHARED);
    ben.await(
        "all notes",
        () ->
            ben.<Boolean>ask(
                notes -> notes.sites("", null).size() == 4 && !notes.visitsTo(bridge).isEmpty()));
    ben.awaitText(bens, SHARED);
  }

  @After
  public void close() throws Exception {
    ada.close();
    ben.close();
  }

  private static void edit(Phone phone, String site, String name, int other, String text) {
    Activity edit = phone.open(EditSiteActivity.class, site).get();
    EditText field = edit.findViewById(R.id.field_name);
    phone.await("the site", () -> field.length() > 0);
    field.setText(name);
    ((EditText) edit.findViewById(other)).setText(text);
    edit.findViewById(R.id.save).performClick();
    phone.await("saved", edit::isFinishing);
  }

  private static void awaitGone(Phone phone, Activity screen, String text) {
    phone.await(
        "no \"" + text + "\"",
        () -> !Phone.texts(screen.getWindow().getDecorView()).contains(text));
  }

  @Test
  public void bothEditOffline_settledOnAdasScreen_isReadOnBens() {
    ada.network(false);
    ben.network(false);
    edit(ada, bridge, "Mill Lane old bridge", R.id.field_contact, "+44 1632 960001");
    edit(ben, bridge, "Mill bridge (Ben)", R.id.field_notes, "Gate code 4711");
    ada.awaitText(adas, "Offline, 1 change waits to be sent");
    ben.awaitText(bens, "Offline, 1 change waits to be sent");
    ben.awaitText(bens, "Mill bridge (Ben)");

    ben.network(true);
    ben.awaitText(bens, SHARED);
    ada.awaitText(adas, "Mill Lane old bridge");
    ada.network(true);
    ada.awaitText(adas, "1 note needs your choice");
    ben.awaitText(bens, "1 note needs your choice");
    Activity choice = ada.open(ConflictActivity.class, bridge).get();
    ada.awaitText(choice, "Already put together");
    ada.click(choice, "Ben: Mill bridge (Ben)");
    ada.await("it may be kept", () -> choice.findViewById(R.id.merge).isEnabled());
    choice.findViewById(R.id.merge).performClick();
    ada.awaitText(choice, "Done.");

    awaitGone(ben, bens, "needs your choice");
    Activity site = ben.open(SiteActivity.class, bridge).get();
    ben.awaitText(site, "+44 1632 960001");
    ben.awaitText(site, "Gate code 4711");
    ada.awaitText(adas, SHARED);
    ben.awaitText(bens, SHARED);
    assertThat(Phone.texts(adas.getWindow().getDecorView()))
        .isEqualTo(Phone.texts(bens.getWindow().getDecorView()));
  }

  @Test
  public void photoAddedOnOne_isSeenOnTheOther() {
    String visit = ben.ask(notes -> notes.visitsTo(bridge).get(0).document().id());
    ben.network(false);
    ben.ask(notes -> ScreensTest.addPhoto(notes, visit));
    ben.network(true);
    ben.awaitText(bens, SHARED);

    ada.await(
        "the photo is on Ada's phone",
        () ->
            ada.<Boolean>ask(
                notes -> notes.document(visit).orElseThrow().attachments().size() == 1));
    Activity screen = ada.open(VisitActivity.class, visit).get();
    ViewGroup photos = screen.findViewById(R.id.photos);
    ada.await("the photo is shown", () -> photos.getChildCount() == 1);
  }

  @Test
  public void siteDeletedOnOne_leavesTheOther_andComesBackWhenThatIsUndone() {
    Activity site = ada.open(SiteActivity.class, bridge).get();
    ada.click(site, "Delete this site");
    Phone.press(AlertDialog.BUTTON_POSITIVE);
    ada.await("deleted", site::isFinishing);
    awaitGone(ben, bens, "Mill Lane bridge");
    assertThat(ben.<Integer>ask(notes -> notes.visitsTo(bridge).size())).isZero();

    Activity sites = ada.open(SitesActivity.class, null).get();
    ada.awaitText(sites, "The site was deleted");
    ada.click(sites, "Undo");

    ben.awaitText(bens, "Mill Lane bridge");
    ada.awaitText(adas, SHARED);
    assertThat(ben.<Integer>ask(notes -> notes.visitsTo(bridge).size())).isEqualTo(1);
  }

  @Test
  public void siteDeletedOnOne_whileTheOtherNotesAVisit_theVisitIsNotLost() {
    ben.network(false);
    ben.ask(
        notes ->
            notes.add(
                new Visit(null, bridge, "North", "2026-11-20", "Ben", "All bolts in", List.of())));
    ada.ask(notes -> notes.delete(bridge));
    ada.awaitText(adas, SHARED);
    ben.network(true);

    Activity sync = ada.open(SyncActivity.class, (String) null).get();
    ada.awaitText(sync, "Visits to a site that was deleted");
    ada.awaitText(sync, "All bolts in");
    ada.click(sync, "Bring the site back");

    ben.awaitText(bens, "Mill Lane bridge");
    awaitGone(ada, sync, "Visits to a site that was deleted");
    Activity site = ben.open(SiteActivity.class, bridge).get();
    ben.awaitText(site, "All bolts in");
  }

  @Test
  public void afternoon_ofEditsOffAndOnline_leavesBothTheSame() {
    List<Phone> phones = List.of(ada, ben);
    for (int round = 0; round < 6; round++) {
      Phone phone = phones.get(round % 2);
      phone.network(false);
      String contact = "call " + round;
      edit(phone, bridge, "Bridge, round " + round, R.id.field_contact, contact);
      phone.ask(SampleNotes::addTo);
      phone.network(true);
      Activity screen = round % 2 == 0 ? adas : bens;
      phone.awaitText(screen, SHARED);
      int count = 4 * (round + 2);
      for (Phone each : phones) {
        each.await(
            count + " sites",
            () -> each.<Integer>ask(notes -> notes.sites("", null).size()) == count);
        each.await(
            contact,
            () ->
                each.<Integer>ask(notes -> notes.sites("round " + round(contact), null).size())
                    == 1);
      }
    }
    ada.awaitText(adas, SHARED);
    ben.awaitText(bens, SHARED);
    assertThat(ada.<String>ask(notes -> notes.sites("", null).toString()))
        .isEqualTo(ben.<String>ask(notes -> notes.sites("", null).toString()));
  }

  private static String round(String contact) {
    return contact.substring("call ".length());
  }
}
