package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.app.AlertDialog;
import android.app.Dialog;
import android.os.Looper;
import android.view.ViewGroup;
import android.widget.EditText;
import dev.stave.fieldnotes.screens.EditSiteActivity;
import dev.stave.fieldnotes.screens.PhotoActivity;
import dev.stave.fieldnotes.screens.SiteActivity;
import dev.stave.fieldnotes.screens.SitesActivity;
import dev.stave.fieldnotes.screens.VisitActivity;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;
import org.robolectric.shadows.ShadowDialog;

/** A device that is turned while it asks something: it goes on asking, and takes the answer. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class TurningTest {

  private final Phone phone = new Phone();
  private String site;
  private String visit;

  @Before
  public void write() {
    site = phone.useSample();
    visit = phone.visitTo(site);
    ShadowDialog.reset();
  }

  @After
  public void close() throws Exception {
    phone.close();
  }

  /** Turns it, and says what it asks then. */
  private AlertDialog turnedDialog(ActivityController<? extends Activity> screen) {
    shadowOf(Looper.getMainLooper()).idle();
    Dialog before = ShadowDialog.getLatestDialog();
    assertThat(before.isShowing()).isTrue();

    phone.turn(screen);

    AlertDialog after = (AlertDialog) ShadowDialog.getLatestDialog();
    assertThat(after).isNotSameAs(before);
    assertThat(before.isShowing()).isFalse();
    assertThat(after.isShowing()).isTrue();
    return after;
  }

  @Test
  public void deletionOfASite_turnedTwice_isAskedStillAndDone() {
    ActivityController<SiteActivity> screen = phone.open(SiteActivity.class, site);
    phone.click(screen.get(), "Delete this site");

    turnedDialog(screen);
    AlertDialog asked = turnedDialog(screen);

    assertThat(shadowOf(asked).getMessage().toString()).contains("1 visit");
    Phone.press(AlertDialog.BUTTON_POSITIVE);
    phone.await("deleted", screen.get()::isFinishing);
    assertThat(phone.<Boolean>ask(notes -> notes.document(site).isPresent())).isFalse();
  }

  @Test
  public void deletionOfASite_turnedAndNotMeant_isNotAskedAgain() {
    ActivityController<SiteActivity> screen = phone.open(SiteActivity.class, site);
    phone.click(screen.get(), "Delete this site");
    AlertDialog asked = turnedDialog(screen);

    Phone.press(AlertDialog.BUTTON_NEGATIVE);
    phone.turn(screen);

    assertThat(ShadowDialog.getLatestDialog()).isSameAs(asked);
    assertThat(asked.isShowing()).isFalse();
    assertThat(phone.<Boolean>ask(notes -> notes.document(site).isPresent())).isTrue();
  }

  @Test
  public void question_pressedTwice_isAskedOnce() {
    Activity screen = phone.open(SiteActivity.class, site).get();
    phone.click(screen, "Delete this site");
    phone.click(screen, "Delete this site");

    assertThat(ShadowDialog.getShownDialogs()).hasSize(1);
  }

  @Test
  public void deletionOfAVisit_turned_isDoneAndCanBeUndoneAfterAnotherTurn() {
    ActivityController<VisitActivity> screen = phone.open(VisitActivity.class, visit);
    phone.awaitText(screen.get(), "Drainage");
    phone.click(screen.get(), "Delete this visit");
    turnedDialog(screen);
    Phone.press(AlertDialog.BUTTON_POSITIVE);
    phone.await("deleted", screen.get()::isFinishing);

    ActivityController<SiteActivity> next = phone.open(SiteActivity.class, site);
    phone.awaitText(next.get(), "The visit was deleted");
    phone.turn(next);

    phone.click(next.get(), "Undo");
    phone.awaitText(next.get(), "Rust at pier 2");
  }

  @Test
  public void deletionOfAPhoto_turned_isDone() {
    phone.ask(notes -> ScreensTest.addPhoto(notes, visit));
    Activity shown = phone.open(VisitActivity.class, visit).get();
    ViewGroup photos = shown.findViewById(R.id.photos);
    phone.await("the photo", () -> photos.getChildCount() == 1);
    photos.getChildAt(0).performClick();
    ActivityController<PhotoActivity> screen =
        phone.openBy(PhotoActivity.class, shadowOf(shown).getNextStartedActivity());
    phone.click(screen.get(), "Delete this photo");

    turnedDialog(screen);
    Phone.press(AlertDialog.BUTTON_POSITIVE);

    phone.await("deleted", screen.get()::isFinishing);
    phone.awaitText(phone.open(SitesActivity.class, null).get(), "The photo was deleted");
  }

  @Test
  public void unsaved_turnedAndSaved_savesWhatWasTypedBefore() {
    ActivityController<EditSiteActivity> screen = phone.open(EditSiteActivity.class, site);
    EditText name = screen.get().findViewById(R.id.field_name);
    phone.await("the site", name::isEnabled);
    name.setText("Mill Lane footbridge");
    screen.get().onBackPressed();

    turnedDialog(screen);
    phone.await("read again", screen.get().findViewById(R.id.save)::isEnabled);
    Phone.press(AlertDialog.BUTTON_POSITIVE);

    phone.await("saved", screen.get()::isFinishing);
    assertThat(phone.<Integer>ask(notes -> notes.sites("footbridge", null).size())).isEqualTo(1);
  }

  @Test
  public void unsaved_turnedAndLeft_savesNothing() {
    ActivityController<EditSiteActivity> screen = phone.open(EditSiteActivity.class, site);
    EditText name = screen.get().findViewById(R.id.field_name);
    phone.await("the site", name::isEnabled);
    name.setText("Mill Lane footbridge");
    screen.get().onBackPressed();

    turnedDialog(screen);
    Phone.press(AlertDialog.BUTTON_NEGATIVE);

    assertThat(screen.get().isFinishing()).isTrue();
    assertThat(phone.<Integer>ask(notes -> notes.sites("footbridge", null).size())).isZero();
  }
}
