package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;

import android.app.Activity;
import android.graphics.Bitmap;
import android.graphics.Canvas;
import android.graphics.Color;
import android.graphics.Paint;
import android.view.View;
import android.view.ViewGroup;
import android.widget.EditText;
import android.widget.ListView;
import android.widget.RadioGroup;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.SampleNotes;
import dev.stave.fieldnotes.data.Site;
import dev.stave.fieldnotes.data.Visit;
import dev.stave.fieldnotes.screens.EditSiteActivity;
import dev.stave.fieldnotes.screens.HistoryActivity;
import dev.stave.fieldnotes.screens.SettingsActivity;
import dev.stave.fieldnotes.screens.SiteActivity;
import dev.stave.fieldnotes.screens.SitesActivity;
import dev.stave.fieldnotes.screens.SyncActivity;
import dev.stave.fieldnotes.screens.VisitActivity;
import dev.stave.revision.Retention;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** Each screen by itself, without a server. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class ScreensTest {

  private final Phone phone = new Phone();

  @After
  public void close() throws Exception {
    phone.close();
  }

  private String siteId() {
    phone.ask(SampleNotes::addTo);
    return phone.ask(notes -> notes.sites("mill", null).get(0).document().id());
  }

  @Test
  public void sites_firstStart_isFriendlyAndNeedsNoServer() {
    Activity sites = phone.open(SitesActivity.class, null).get();

    phone.awaitText(sites, "No sites yet");
    phone.awaitText(sites, "On this phone only");
    phone.click(sites, "Look around with samples");
    phone.awaitText(sites, "Mill Lane bridge");
  }

  @Test
  public void sites_searchAndFilter_showWhatFits() {
    phone.ask(SampleNotes::addTo);
    Activity sites = phone.open(SitesActivity.class, null).get();
    ListView list = sites.findViewById(R.id.sites);
    phone.await("four sites", () -> list.getCount() == 4);

    ((EditText) sites.findViewById(R.id.search)).setText("ferry");
    phone.await("one site", () -> list.getCount() == 1);
    ((EditText) sites.findViewById(R.id.search)).setText("");
    sites.findViewById(R.id.filter_urgent).performClick();
    phone.await("the urgent one", () -> Phone.texts(list).contains("Tower 14"));

    assertThat(list.getCount()).isEqualTo(1);
  }

  @Test
  public void sites_writtenElsewhere_showsItAtOnce() {
    phone.ask(SampleNotes::addTo);
    Activity sites = phone.open(SitesActivity.class, null).get();
    phone.awaitText(sites, "Tower 14");

    phone.ask(notes -> notes.add(new Site(null, "Adit 3", "Adit", "", "North", "", "good", "")));

    phone.awaitText(sites, "Adit 3");
  }

  @Test
  public void editSite_saved_isInTheListAndInTheHistory() {
    String id = siteId();
    Activity edit = phone.open(EditSiteActivity.class, id).get();
    EditText name = edit.findViewById(R.id.field_name);
    phone.await("the site", () -> name.getText().toString().equals("Mill Lane bridge"));
    name.setText("Mill Lane footbridge");
    edit.findViewById(R.id.save).performClick();
    phone.await("saved", edit::isFinishing);

    phone.awaitText(phone.open(SiteActivity.class, id).get(), "Visits");
    Activity history = phone.open(HistoryActivity.class, id).get();
    phone.awaitText(history, "Name: Mill Lane footbridge");
    phone.click(history, "Bring this back");
    phone.awaitText(history, "Name: Mill Lane bridge");
  }

  @Test
  public void editSite_withoutAName_saysSo() {
    Activity edit = phone.open(EditSiteActivity.class, null).get();

    edit.findViewById(R.id.save).performClick();

    EditText name = edit.findViewById(R.id.field_name);
    assertThat(name.getError().toString()).isEqualTo("A site needs a name.");
    assertThat(phone.<Integer>ask(notes -> notes.sites("", null).size())).isZero();
  }

  @Test
  public void editSite_rotated_keepsWhatWasTypedAndWhatItWasTypedOver() {
    String id = siteId();
    ActivityController<EditSiteActivity> edit = phone.open(EditSiteActivity.class, id);
    EditText name = edit.get().findViewById(R.id.field_name);
    phone.await("the site", () -> name.length() > 0);
    name.setText("Half typed");
    phone.ask(notes -> notes.save(renamed(notes, id, "Somebody else's")));

    phone.turn(edit);

    EditText again = edit.get().findViewById(R.id.field_name);
    assertThat(again).isNotSameAs(name);
    assertThat(again.getText().toString()).isEqualTo("Half typed");
    phone.ask(notes -> true);
    phone.await("read again", () -> true);
    edit.get().findViewById(R.id.save).performClick();
    phone.await("saved", edit.get()::isFinishing);
    assertThat(phone.<Set<String>>ask(notes -> notes.conflicts().ids())).containsExactly(id);
  }

  @Test
  public void editSite_rotatedAfterManyEditsOfOthers_stillMergesByWhatItWasTypedOver() {
    String id = siteId();
    ActivityController<EditSiteActivity> edit = halfTyped(id);
    for (int i = 0; i < 8; i++) {
      String contact = "Contact " + i;
      phone.ask(notes -> notes.save(withContact(notes, id, contact)));
    }

    phone.turn(edit);
    save(edit.get());

    Site now = phone.ask(notes -> Site.of(notes.document(id).orElseThrow()));
    assertThat(now.name()).isEqualTo("Half typed");
    assertThat(now.contact()).isEqualTo("Contact 7");
    assertThat(phone.<Set<String>>ask(notes -> notes.conflicts().ids())).isEmpty();
  }

  @Test
  public void editSite_rotatedWhenWhatItWasTypedOverIsNotKept_keepsBothAndWritesOverNothing() {
    String id = siteId();
    ActivityController<EditSiteActivity> edit = halfTyped(id);
    for (int kept : new int[] {0, 1}) { // without the body, and without the revision
      phone.ask(
          notes -> {
            notes.database().setRetention(new Retention(Retention.MIN_REVISIONS, kept));
            return notes.save(withContact(notes, id, "Contact " + kept));
          });
    }

    phone.turn(edit);
    save(edit.get());

    assertThat(phone.<Set<String>>ask(notes -> notes.conflicts().ids())).containsExactly(id);
    Set<String> kept =
        phone.ask(
            notes ->
                notes.conflicts().of(id).orElseThrow().sides().stream()
                    .map(side -> side.value().path("name").asText() + side.value().path("contact"))
                    .collect(Collectors.toSet()));
    assertThat(kept).anyMatch(each -> each.startsWith("Half typed"));
    assertThat(kept).contains("Mill Lane bridge\"Contact 1\"");
  }

  private ActivityController<EditSiteActivity> halfTyped(String id) {
    ActivityController<EditSiteActivity> edit = phone.open(EditSiteActivity.class, id);
    EditText name = edit.get().findViewById(R.id.field_name);
    phone.await("the site", () -> name.length() > 0);
    name.setText("Half typed");
    return edit;
  }

  private void save(Activity edit) {
    phone.ask(notes -> true);
    phone.await("read again", () -> true);
    edit.findViewById(R.id.save).performClick();
    phone.await("saved", edit::isFinishing);
  }

  private static Site withContact(FieldNotes notes, String id, String contact) {
    Site site = Site.of(notes.document(id).orElseThrow());
    return Sites.with(site, site.name(), contact, site.notes());
  }

  private static Site renamed(FieldNotes notes, String id, String name) {
    return Sites.called(Site.of(notes.document(id).orElseThrow()), name);
  }

  @Test
  public void visit_checkedAndSaved_isOnTheSite() {
    String id = siteId();
    String visit = phone.ask(notes -> notes.visitsTo(id).get(0).document().id());
    Activity screen = phone.open(VisitActivity.class, visit).get();
    phone.awaitText(screen, "Drainage");
    RadioGroup drainage = (RadioGroup) find(screen.getWindow().getDecorView(), "Drainage");
    drainage.check(R.id.condition_urgent);
    screen.findViewById(R.id.save).performClick();
    phone.await("saved", screen::isFinishing);

    Visit saved = phone.ask(notes -> notes.visitsTo(id).get(0));
    assertThat(saved.checks().get(2).state()).isEqualTo("urgent");
    phone.awaitText(phone.open(SiteActivity.class, id).get(), "3 of 3 checked");
  }

  private static View find(View view, String description) {
    if (description.contentEquals(
        view.getContentDescription() == null ? "" : view.getContentDescription())) {
      return view;
    }
    if (view instanceof ViewGroup group) {
      for (int i = 0; i < group.getChildCount(); i++) {
        View found = find(group.getChildAt(i), description);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  @Test
  public void visit_photoAdded_isShown() {
    String id = siteId();
    String visit = phone.ask(notes -> notes.visitsTo(id).get(0).document().id());
    phone.ask(notes -> addPhoto(notes, visit));
    Activity screen = phone.open(VisitActivity.class, visit).get();

    ViewGroup photos = screen.findViewById(R.id.photos);
    phone.await("a photo", () -> photos.getChildCount() == 1);
    assertThat(photos.getChildAt(0).getContentDescription().toString()).contains("Photo 1");
  }

  /** A pier, a deck, and rust. */
  private static void drawBridge(Canvas canvas) {
    canvas.drawColor(Color.rgb(176, 206, 222));
    Paint paint = new Paint(Paint.ANTI_ALIAS_FLAG);
    paint.setColor(Color.rgb(96, 128, 104));
    canvas.drawRect(0, 360, 640, 480, paint);
    paint.setColor(Color.rgb(128, 128, 124));
    canvas.drawRect(0, 120, 640, 170, paint);
    canvas.drawRect(270, 170, 370, 400, paint);
    paint.setColor(Color.rgb(150, 90, 60));
    canvas.drawOval(290, 230, 350, 300, paint);
    canvas.drawRect(0, 166, 640, 172, paint);
  }

  static boolean addPhoto(FieldNotes notes, String id) {
    Bitmap bitmap = Bitmap.createBitmap(640, 480, Bitmap.Config.ARGB_8888);
    drawBridge(new Canvas(bitmap));
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    bitmap.compress(Bitmap.CompressFormat.JPEG, 90, jpeg);
    try {
      notes.photos().add(id, new ByteArrayInputStream(jpeg.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return true;
  }

  @Test
  public void syncAndSettings_withoutAServer_open() {
    phone.awaitText(phone.open(SyncActivity.class, null).get(), "On this phone only");
    Activity settings = phone.open(SettingsActivity.class, null).get();
    EditText name = settings.findViewById(R.id.field_name);
    phone.await("the settings", () -> name.length() > 0);
    ((EditText) settings.findViewById(R.id.field_server)).setText("nonsense");
    settings.findViewById(R.id.save).performClick();
    assertThat(((EditText) settings.findViewById(R.id.field_server)).getError()).isNotNull();
    assertThat(settings.isFinishing()).isFalse();
  }

  @Test
  public void settings_addressInTheClear_isTakenOfThisDeviceOnly() {
    phone.network(false);
    for (String refused : List.of("http://example.org/notes", "http://192.168.0.7:5984/notes")) {
      Activity settings = saved(refused);
      EditText server = settings.findViewById(R.id.field_server);
      assertThat(server.getError().toString()).contains("Use https://");
      assertThat(settings.isFinishing()).isFalse();
    }
    for (String taken : List.of("https://example.org/notes", "http://10.0.2.2:5984/notes")) {
      assertThat(saved(taken).isFinishing()).isTrue();
    }
  }

  private Activity saved(String server) {
    Activity settings = phone.open(SettingsActivity.class, null).get();
    EditText field = settings.findViewById(R.id.field_server);
    phone.await("the settings", field::isEnabled);
    field.setText(server);
    settings.findViewById(R.id.save).performClick();
    return settings;
  }

  @Test
  public void settings_turnedAndSavedBeforeTheyAreRead_areNotWiped() {
    phone.network(false);
    phone.use("Ada", "https://example.org/notes", "North");
    Runnable release = phone.hold();
    ActivityController<SettingsActivity> screen = phone.open(SettingsActivity.class, null);
    Activity before = screen.get();
    assertThat(before.findViewById(R.id.field_server).isEnabled()).isFalse();
    assertThat(before.findViewById(R.id.save).isEnabled()).isFalse();

    phone.turn(screen); // the answer finds no screen
    screen.get().findViewById(R.id.save).performClick();
    assertThat(screen.get().isFinishing()).isFalse();
    release.run();

    EditText server = screen.get().findViewById(R.id.field_server);
    phone.await("the settings", server::isEnabled);
    assertThat(server.getText().toString()).isEqualTo("https://example.org/notes");
    server.setText("https://example.org/other");
    phone.turn(screen);
    EditText again = screen.get().findViewById(R.id.field_server);
    assertThat(again.isEnabled()).isTrue();
    assertThat(again.getText().toString()).isEqualTo("https://example.org/other");
  }

  @Test
  public void editSite_notReadYet_takesNoWordsThatWouldBeLost() {
    String id = siteId();
    Runnable release = phone.hold();
    ActivityController<EditSiteActivity> edit = phone.open(EditSiteActivity.class, id);
    assertThat(edit.get().findViewById(R.id.field_name).isEnabled()).isFalse();
    assertThat(edit.get().findViewById(R.id.save).isEnabled()).isFalse();

    phone.turn(edit);
    release.run();

    EditText name = edit.get().findViewById(R.id.field_name);
    phone.await("the site", name::isEnabled);
    assertThat(name.getText().toString()).isEqualTo("Mill Lane bridge");
    assertThat(edit.get().findViewById(R.id.save).isEnabled()).isTrue();
  }

  static byte[] bytes(InputStream in) {
    try (InputStream all = in) {
      return all.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Site adit() {
    return new Site(null, "Adit 3", "Adit", "", "North", "", "good", "");
  }
}
