package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.Intent;
import android.graphics.Bitmap;
import android.graphics.Color;
import android.graphics.drawable.BitmapDrawable;
import android.net.Uri;
import android.os.ParcelFileDescriptor;
import android.provider.MediaStore;
import android.view.View;
import android.view.ViewGroup;
import android.widget.EditText;
import android.widget.ImageView;
import dev.stave.document.Document;
import dev.stave.fieldnotes.photos.CameraFiles;
import dev.stave.fieldnotes.screens.PhotoActivity;
import dev.stave.fieldnotes.screens.SiteActivity;
import dev.stave.fieldnotes.screens.VisitActivity;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** Photos: taken by a camera, looked at, deleted. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class PhotoTest {

  private final Phone phone = new Phone();
  private CameraFiles files;
  private String site;
  private String visit;

  @Before
  public void write() {
    files =
        phone.asApplication(
            () ->
                Robolectric.buildContentProvider(CameraFiles.class)
                    .create("dev.stave.fieldnotes.camera")
                    .get());
    site = phone.useSample();
    visit = phone.visitTo(site);
  }

  @After
  public void close() throws Exception {
    phone.close();
  }

  /** Wider than high; and turned, if the camera says so. */
  private static byte[] jpeg(boolean isTurned) {
    Bitmap bitmap = Bitmap.createBitmap(1600, 1200, Bitmap.Config.ARGB_8888);
    bitmap.eraseColor(Color.rgb(150, 90, 60));
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    bitmap.compress(Bitmap.CompressFormat.JPEG, 90, plain);
    if (!isTurned) {
      return plain.toByteArray();
    }
    int[] exif = {
      0xFF,
      0xE1,
      0,
      34,
      'E',
      'x',
      'i',
      'f',
      0,
      0,
      'M',
      'M',
      0,
      42,
      0,
      0,
      0,
      8, // TIFF, big endian
      0,
      1,
      0x01,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      6,
      0,
      0,
      0,
      0,
      0,
      0 // orientation: turn by 90 degrees
    };
    ByteArrayOutputStream turned = new ByteArrayOutputStream();
    turned.write(plain.toByteArray(), 0, 2);
    for (int each : exif) {
      turned.write(each);
    }
    turned.write(plain.toByteArray(), 2, plain.size() - 2);
    return turned.toByteArray();
  }

  /** As a camera's app does it: to the address that it was given, and no result but that. */
  private void takePhoto(Activity screen, byte[] photo) throws IOException {
    phone.click(screen, "Take a photo");
    Intent asked = shadowOf(screen).getNextStartedActivity();
    assertThat(asked.getAction()).isEqualTo(MediaStore.ACTION_IMAGE_CAPTURE);
    assertThat(asked.getFlags() & Intent.FLAG_GRANT_WRITE_URI_PERMISSION).isNotZero();
    Uri address = asked.getParcelableExtra(MediaStore.EXTRA_OUTPUT);
    assertThat(asked.getClipData().getItemAt(0).getUri()).isEqualTo(address);
    try (OutputStream out =
        new ParcelFileDescriptor.AutoCloseOutputStream(files.openFile(address, "w"))) {
      out.write(photo);
    }
    shadowOf(screen).receiveResult(asked, Activity.RESULT_OK, null);
  }

  private int photos(String id) {
    return phone.ask(notes -> notes.document(id).map(Document::attachments).orElseThrow().size());
  }

  @Test
  public void camera_photoTaken_isAddedWholeAndItsFileIsGone() throws Exception {
    Activity screen = phone.open(VisitActivity.class, visit).get();
    byte[] photo = jpeg(false);

    takePhoto(screen, photo);

    ViewGroup photos = screen.findViewById(R.id.photos);
    phone.await("the photo", () -> photos.getChildCount() == 1);
    byte[] kept =
        phone.ask(
            notes -> {
              Document now = notes.document(visit).orElseThrow();
              return ScreensTest.bytes(
                  notes.photos().open(now.attachments().values().iterator().next()));
            });
    assertThat(kept).isEqualTo(photo);
    File folder = CameraFiles.file(phone.app(), "any.jpg").getParentFile();
    assertThat(folder.list()).isEmpty();
  }

  @Test
  public void camera_ofANewVisit_notesTheVisitAsItWasTyped() throws Exception {
    Activity siteScreen = phone.open(SiteActivity.class, site).get();
    phone.click(siteScreen, "New visit");
    ActivityController<VisitActivity> controller =
        phone.openBy(VisitActivity.class, shadowOf(siteScreen).getNextStartedActivity());
    Activity screen = controller.get();
    ((EditText) screen.findViewById(R.id.field_finding)).setText("Two bolts gone");

    takePhoto(screen, jpeg(false));

    phone.await(
        "the visit",
        () ->
            phone.<Boolean>ask(
                notes ->
                    notes.visitsTo(site).stream()
                        .anyMatch(
                            each ->
                                each.finding().equals("Two bolts gone")
                                    && each.document().attachments().size() == 1)));
    phone.await(
        "it has a history now",
        () -> screen.findViewById(R.id.history).getVisibility() == View.VISIBLE);
    phone.turn(controller);
    View save = controller.get().findViewById(R.id.save);
    phone.await("it is read again", save::isEnabled);
    save.performClick();
    phone.await("saved", controller.get()::isFinishing);
    assertThat(phone.<Integer>ask(notes -> notes.visitsTo(site).size())).isEqualTo(2);
  }

  @Test
  public void camera_givenUp_addsNothing() {
    Activity screen = phone.open(VisitActivity.class, visit).get();
    phone.click(screen, "Take a photo");

    Intent asked = shadowOf(screen).getNextStartedActivity();
    shadowOf(screen).receiveResult(asked, Activity.RESULT_CANCELED, null);

    assertThat(photos(visit)).isZero();
  }

  @Test
  public void cameraFile_ofAnotherName_isNotOpened() {
    for (String name : new String[] {"..%2F..%2Ffiles%2Fnotes", "x.jpg", "settings.xml"}) {
      Uri address = Uri.parse("content://dev.stave.fieldnotes.camera/" + name);
      assertThatThrownBy(() -> files.openFile(address, "rw"))
          .isInstanceOf(FileNotFoundException.class);
    }
  }

  @Test
  public void photo_touched_isShownLargeAndTurnedAsItWasTaken() throws Exception {
    Activity screen = phone.open(VisitActivity.class, visit).get();
    takePhoto(screen, jpeg(true));
    ViewGroup photos = screen.findViewById(R.id.photos);
    phone.await("the photo", () -> photos.getChildCount() == 1);

    photos.getChildAt(0).performClick();
    Activity large =
        phone.openBy(PhotoActivity.class, shadowOf(screen).getNextStartedActivity()).get();
    ImageView view = large.findViewById(R.id.photo);
    phone.await("the picture", () -> view.getDrawable() != null);

    Bitmap picture = ((BitmapDrawable) view.getDrawable()).getBitmap();
    assertThat(picture.getHeight()).isEqualTo(1600);
    assertThat(picture.getWidth()).isEqualTo(1200);
  }

  @Test
  public void photo_deleted_isGoneAndComesBackWhenThatIsUndone() throws Exception {
    phone.ask(notes -> ScreensTest.addPhoto(notes, visit));
    Activity screen = phone.open(VisitActivity.class, visit).get();
    ViewGroup photos = screen.findViewById(R.id.photos);
    phone.await("the photo", () -> photos.getChildCount() == 1);
    photos.getChildAt(0).performClick();
    Activity large =
        phone.openBy(PhotoActivity.class, shadowOf(screen).getNextStartedActivity()).get();

    phone.click(large, "Delete this photo");
    assertThat(photos(visit)).isEqualTo(1); // it asks first
    Phone.press(AlertDialog.BUTTON_POSITIVE);
    phone.await("deleted", large::isFinishing);
    assertThat(photos(visit)).isZero();

    Activity again = phone.open(VisitActivity.class, visit).get();
    phone.awaitText(again, "The photo was deleted");
    phone.click(again, "Undo");
    ViewGroup back = again.findViewById(R.id.photos);
    phone.await("the photo is back", () -> back.getChildCount() == 1);
  }

  /** The camera has written; the device is turned before the photo is in the notes. */
  private ActivityController<VisitActivity> turnedWhileAdding(
      ActivityController<VisitActivity> screen) throws IOException {
    Runnable release = phone.hold();
    takePhoto(screen.get(), jpeg(false));
    phone.turn(screen);
    release.run();
    return screen;
  }

  private static int shown(Activity screen) {
    return ((ViewGroup) screen.findViewById(R.id.photos)).getChildCount();
  }

  @Test
  public void photoAdded_whileTheDeviceIsTurned_isShownAndTheOthersAreLeftAlone() throws Exception {
    ActivityController<VisitActivity> screen = phone.open(VisitActivity.class, visit);
    phone.awaitText(screen.get(), "Drainage");
    EditText finding = screen.get().findViewById(R.id.field_finding);
    finding.setText("Two bolts gone");

    turnedWhileAdding(screen);

    phone.await("the photo", () -> shown(screen.get()) == 1);
    View first = ((ViewGroup) screen.get().findViewById(R.id.photos)).getChildAt(0);
    takePhoto(screen.get(), jpeg(true));
    phone.await("another", () -> shown(screen.get()) == 2);
    assertThat(first.getParent()).isNotNull();
    EditText again = screen.get().findViewById(R.id.field_finding);
    assertThat(again.getText().toString()).isEqualTo("Two bolts gone");
  }

  @Test
  public void photoAdded_ofANewVisitWhileTheDeviceIsTurned_isShownAndTheVisitIsSavedOnce()
      throws Exception {
    Activity siteScreen = phone.open(SiteActivity.class, site).get();
    phone.click(siteScreen, "New visit");
    ActivityController<VisitActivity> screen =
        phone.openBy(VisitActivity.class, shadowOf(siteScreen).getNextStartedActivity());

    turnedWhileAdding(screen);

    phone.await("the photo", () -> shown(screen.get()) == 1);
    assertThat(screen.get().findViewById(R.id.history).getVisibility()).isEqualTo(View.VISIBLE);
    ((EditText) screen.get().findViewById(R.id.field_finding)).setText("Two bolts gone");
    screen.get().findViewById(R.id.save).performClick();
    phone.await("saved", screen.get()::isFinishing);
    assertThat(phone.<Integer>ask(notes -> notes.visitsTo(site).size())).isEqualTo(2);
    assertThat(
            phone.<Boolean>ask(
                notes ->
                    notes.visitsTo(site).stream()
                        .anyMatch(
                            each ->
                                each.finding().equals("Two bolts gone")
                                    && each.document().attachments().size() == 1)))
        .isTrue();
  }
}
