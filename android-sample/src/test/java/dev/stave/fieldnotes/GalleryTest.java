package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.app.Dialog;
import android.view.View;
import android.view.ViewGroup;
import android.widget.ImageView;
import android.widget.ScrollView;
import android.widget.TextView;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.fieldnotes.data.Deleted;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.Site;
import dev.stave.fieldnotes.screens.ConflictActivity;
import dev.stave.fieldnotes.screens.EditSiteActivity;
import dev.stave.fieldnotes.screens.HistoryActivity;
import dev.stave.fieldnotes.screens.PhotoActivity;
import dev.stave.fieldnotes.screens.SettingsActivity;
import dev.stave.fieldnotes.screens.SiteActivity;
import dev.stave.fieldnotes.screens.SitesActivity;
import dev.stave.fieldnotes.screens.SyncActivity;
import dev.stave.fieldnotes.screens.VisitActivity;
import dev.stave.fieldnotes.sync.SyncSettings;
import dev.stave.json.JsonObject;
import dev.stave.sync.Replication;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/**
 * Draws every screen: light, dark, with large text and from right to left; and looks whether what
 * can be touched is large enough and has a name.
 */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class GalleryTest {

  private static final int TOUCH_DP = 48;

  @Rule public final Office office = new Office();

  private final Phone phone = new Phone();
  private String site;
  private String visit;

  @Before
  public void write() {
    site = phone.useSample();
    visit = phone.visitTo(site);
    phone.ask(notes -> ScreensTest.addPhoto(notes, visit));
    phone.ask(this::disagree);
  }

  @After
  public void close() throws Exception {
    Locale.setDefault(Locale.ENGLISH);
    phone.close();
  }

  private boolean disagree(FieldNotes notes) {
    try (Database ben = Database.inMemory()) {
      Replication.run(notes.database(), ben);
      Document now = ben.get(site).orElseThrow();
      ben.write(
          new WriteBatch()
              .author("Ben")
              .put(
                  site,
                  now.revision(),
                  JsonObject.of(
                      now.body()
                          .tree()
                          .put("condition", "urgent")
                          .put("contact", "+44 1632 960001"))));
      Site mine = Site.of(now);
      notes.save(
          new Site(
              now,
              mine.name(),
              mine.kind(),
              mine.place(),
              mine.region(),
              mine.contact(),
              "good",
              "Key at the farm. The dog is friendly now."));
      Replication.run(ben, notes.database());
    }
    return true;
  }

  @Test
  public void gallery_light_isDrawn() {
    drawAll("light");
  }

  @Test
  @Config(qualifiers = "w400dp-h800dp-night-xhdpi")
  public void gallery_dark_isDrawn() {
    drawAll("dark");
  }

  @Test
  public void gallery_largeText_isDrawn() {
    RuntimeEnvironment.setFontScale(1.6f);
    drawAll("large");
  }

  @Test
  @Config(qualifiers = "ar-ldrtl-w400dp-h800dp-xhdpi")
  public void gallery_rightToLeft_isDrawn() {
    drawAll("rtl");
  }

  private void drawAll(String look) {
    draw(SitesActivity.class, null, "Tower 14", look + "-sites");
    draw(SiteActivity.class, site, "Rust at pier", look + "-site");
    draw(EditSiteActivity.class, site, "Save", look + "-edit");
    draw(VisitActivity.class, visit, "Drainage", look + "-visit");
    draw(HistoryActivity.class, site, "Now", look + "-history");
    draw(ConflictActivity.class, site, "Your choice", look + "-conflict");
    draw(SyncActivity.class, null, "Mill Lane", look + "-sync");
    draw(SettingsActivity.class, null, "Your name", look + "-settings");
    drawNew(look);
    drawCalendar(look);
    drawDeletion(look);
    drawLostPassword(look);
  }

  /** A visit that is not noted yet, and a photo. */
  private void drawNew(String look) {
    Activity from = phone.open(SiteActivity.class, site).get();
    phone.click(from, from.getString(R.string.new_visit));
    draw(
        phone.openBy(VisitActivity.class, shadowOf(from).getNextStartedActivity()).get(),
        "Rust and cracks",
        look + "-new-visit");
    Activity shown = phone.open(VisitActivity.class, visit).get();
    ViewGroup photos = shown.findViewById(R.id.photos);
    phone.await("a photo", () -> photos.getChildCount() == 1);
    photos.getChildAt(0).performClick();
    Activity photo =
        phone.openBy(PhotoActivity.class, shadowOf(shown).getNextStartedActivity()).get();
    ImageView picture = photo.findViewById(R.id.photo);
    phone.await("the picture", () -> picture.getDrawable() != null);
    draw(photo, photo.getString(R.string.delete_photo), look + "-photo");
  }

  /** How the day of a visit is picked. */
  private void drawCalendar(String look) {
    VisitActivity screen = phone.open(VisitActivity.class, visit).get();
    phone.awaitText(screen, "Drainage");
    Dialog calendar = DatesTest.calendarOf(screen);
    Phone.draw(calendar.getWindow().getDecorView(), look + "-calendar");
  }

  /** The settings, when the key of the password is gone. */
  private void drawLostPassword(String look) {
    phone
        .app()
        .getSharedPreferences("settings", 0)
        .edit()
        .putString("sealed password", "?")
        .commit();
    phone.app().change(new SyncSettings("Ada", office.address(), "ada", "", "", true));
    Activity screen = phone.open(SettingsActivity.class, null).get();
    phone.awaitText(screen, screen.getString(R.string.sync_password_lost));
    draw(screen, screen.getString(R.string.password_lost), look + "-password");
  }

  /** What can be taken back, under the list. */
  private void drawDeletion(String look) {
    String weir = phone.ask(notes -> notes.sites("weir", null).get(0).document().id());
    Deleted deleted = phone.ask(notes -> notes.delete(weir));
    phone.app().offer(new Undo(R.string.deleted_site, notes -> notes.undelete(deleted)));
    draw(SitesActivity.class, null, "Tower 14", look + "-undo");
  }

  /** With a server that refuses a note, and notes that have left what is shared. */
  @Test
  public void gallery_troubles_areDrawn() throws Exception {
    drawTroubles("light");
  }

  @Test
  @Config(qualifiers = "w400dp-h800dp-night-xhdpi")
  public void gallery_troublesDark_areDrawn() throws Exception {
    drawTroubles("dark");
  }

  @Test
  public void gallery_troublesLargeText_areDrawn() throws Exception {
    RuntimeEnvironment.setFontScale(1.6f);
    drawTroubles("large");
  }

  @Test
  @Config(qualifiers = "ar-ldrtl-w400dp-h800dp-xhdpi")
  public void gallery_troublesRightToLeft_areDrawn() throws Exception {
    drawTroubles("rtl");
  }

  private void drawTroubles(String look) throws Exception {
    office.refuseSecrets();
    Activity sites = phone.open(SitesActivity.class, (String) null).get();
    phone.use("Ada", office.address());
    phone.ask(
        notes -> notes.add(new Site(null, "A secret mine", "Mine", "", "South", "", "good", "")));
    phone.awaitText(sites, sites.getResources().getQuantityString(R.plurals.sync_letters, 1, 1));
    phone.network(false);
    phone.ask(
        notes ->
            notes.save(
                Sites.called(
                    notes.sites("Quarry pump house", null).get(0), "Quarry pump station")));
    phone.use("Ada", office.address(), "South");
    phone.network(true);
    phone.awaitText(sites, sites.getResources().getQuantityString(R.plurals.sync_departed, 1, 1));
    Activity sync = phone.open(SyncActivity.class, (String) null).get();
    phone.awaitText(sync, "A secret mine");
    draw(sync, "Quarry pump station", look + "-troubles");
  }

  private <A extends Activity> void draw(Class<A> screen, String id, String text, String name) {
    Activity activity = phone.open(screen, id).get();
    phone.awaitText(activity, "needs your choice");
    draw(activity, text, name);
  }

  private void draw(Activity activity, String text, String name) {
    phone.awaitText(activity, text);
    phone.ask(notes -> true);
    phone.await("what was asked is shown", () -> true);
    Phone.draw(activity, name);
    drawEnd(activity, name);
    List<String> faults = new ArrayList<>();
    look(activity.getWindow().getDecorView(), faults);
    assertThat(faults).as(name).isEmpty();
  }

  /** What is below the fold of a long screen. */
  private static void drawEnd(Activity activity, String name) {
    View column = activity.findViewById(R.id.cards);
    if (column != null && column.getParent() instanceof ScrollView screen) {
      int height = screen.getHeight();
      screen.scrollTo(0, column.getHeight());
      if (column.getHeight() > height) {
        Phone.draw(activity, name + "-end");
      }
    }
  }

  @Test
  public void look_atATextThatIsTooHighForItsView_findsIt() {
    TextView text = new TextView(phone.app());
    text.setText("one\ntwo\nthree");
    text.measure(View.MeasureSpec.makeMeasureSpec(400, View.MeasureSpec.EXACTLY), 0);
    text.layout(0, 0, 400, text.getMeasuredHeight());
    List<String> faults = new ArrayList<>();
    look(text, faults);
    assertThat(faults).isEmpty();

    text.layout(0, 0, 400, text.getMeasuredHeight() - 1);
    look(text, faults);

    assertThat(faults).containsExactly("cut: one\ntwo\nthree");
  }

  /**
   * What can be touched is 48 dp high and wide, and has a name; what is to be read is not cut
   * below.
   */
  private static void look(View view, List<String> faults) {
    if (view.getVisibility() != View.VISIBLE) {
      return;
    }
    float density = view.getResources().getDisplayMetrics().density;
    boolean isTouched = view.isClickable() && view.getWidth() > 0;
    if (isTouched) {
      if (view.getHeight() < TOUCH_DP * density - 1 || view.getWidth() < TOUCH_DP * density - 1) {
        faults.add("too small: " + view + " " + Phone.texts(view) + view.getContentDescription());
      }
      boolean hasName =
          view.getContentDescription() != null
              || view instanceof android.widget.EditText // its label names it
              || !Phone.texts(view).isBlank();
      if (!hasName) {
        faults.add("no name: " + view);
      }
    }
    if (view instanceof TextView text && text.getLayout() != null) {
      int room = view.getHeight() - text.getTotalPaddingTop() - text.getTotalPaddingBottom();
      if (text.getLayout().getHeight() > room) {
        faults.add("cut: " + text.getText());
      }
    }
    if (view instanceof ViewGroup group) {
      for (int i = 0; i < group.getChildCount(); i++) {
        look(group.getChildAt(i), faults);
      }
    }
  }
}
