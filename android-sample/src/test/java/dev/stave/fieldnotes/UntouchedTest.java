package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.os.Looper;
import android.os.SystemClock;
import android.view.MotionEvent;
import android.view.View;
import android.view.ViewGroup;
import android.widget.EditText;
import android.widget.ListView;
import android.widget.RadioButton;
import android.widget.RadioGroup;
import android.widget.ScrollView;
import dev.stave.database.Database;
import dev.stave.fieldnotes.data.Site;
import dev.stave.fieldnotes.data.Visit;
import dev.stave.fieldnotes.screens.ConflictActivity;
import dev.stave.fieldnotes.screens.HistoryActivity;
import dev.stave.fieldnotes.screens.SiteActivity;
import dev.stave.fieldnotes.screens.SitesActivity;
import dev.stave.fieldnotes.screens.SyncActivity;
import dev.stave.json.JsonObject;
import dev.stave.sync.Replication;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;
import org.robolectric.shadows.ShadowDialog;

/**
 * Screens on which somebody reads, scrolls and touches while notes come from others: what shows the
 * same as before is the same view, where it was.
 */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h500dp-xhdpi") // less than any of these screens
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class UntouchedTest {

  private final Phone phone = new Phone();
  private final Database ben = Database.inMemory();
  private String site;
  private String visit;
  private int told;
  private final FieldNotesApp.Listener counter = status -> told++;

  @Before
  public void write() {
    site = phone.useSample();
    visit = phone.visitTo(site);
    phone.ask(notes -> Replication.run(notes.database(), ben));
    Sites.bensEdit(ben, site, "name", "Mill bridge (Ben)");
    Sites.bensEdit(ben, site, "contact", "+44 1632 960001");
    phone.ask(
        notes -> {
          Site mine = Site.of(notes.document(site).orElseThrow());
          return notes.save(Sites.with(mine, "Mill Lane old bridge", "call Ada", mine.notes()));
        });
    phone.ask(notes -> Replication.run(ben, notes.database()));
    phone.app().add(counter);
    ShadowDialog.reset();
  }

  @After
  public void close() throws Exception {
    phone.app().remove(counter);
    phone.close();
    ben.close();
  }

  /** What Ben wrote comes, and each screen has asked for what it shows, and shows that. */
  private void exchange() {
    phone.ask(notes -> true); // behind what was to be told before
    shadowOf(Looper.getMainLooper()).idle();
    int before = told;
    phone.ask(notes -> Replication.run(ben, notes.database()));
    phone.ask(notes -> true); // behind the word that notes have changed
    phone.ask(notes -> true); // behind what screens have asked then
    shadowOf(Looper.getMainLooper()).idle();
    assertThat(told).isGreaterThan(before);
  }

  private static void touch(Activity screen, int action, View view) {
    int[] place = new int[2];
    view.getLocationInWindow(place);
    long now = SystemClock.uptimeMillis();
    MotionEvent event =
        MotionEvent.obtain(
            now, now, action, place[0] + view.getWidth() / 2f, place[1] + view.getHeight() / 2f, 0);
    screen.dispatchTouchEvent(event);
    event.recycle();
  }

  private static List<View> views(View view) {
    List<View> all = new ArrayList<>(List.of(view));
    if (view instanceof ViewGroup group) {
      for (int i = 0; i < group.getChildCount(); i++) {
        all.addAll(views(group.getChildAt(i)));
      }
    }
    return all;
  }

  private static View content(Activity screen) {
    return screen.findViewById(R.id.content);
  }

  private static ScrollView scroll(Activity screen) {
    return (ScrollView) screen.findViewById(R.id.cards).getParent();
  }

  /** Scrolls until {@code text} is in the middle. */
  private static View scrollTo(Activity screen, String text) {
    View found = Phone.find(content(screen), text);
    shadowOf(Looper.getMainLooper()).idle();
    int[] place = new int[2];
    found.getLocationInWindow(place);
    scroll(screen).scrollBy(0, place[1] - content(screen).getHeight() / 2);
    shadowOf(Looper.getMainLooper()).idle();
    assertThat(scroll(screen).getScrollY()).isPositive();
    return found;
  }

  private static int place(View view) {
    int[] place = new int[2];
    view.getLocationInWindow(place);
    return place[1];
  }

  private void unrelatedNoteComes() {
    ben.put("instrument-" + ben.lastSequence(), JsonObject.parse("{\"type\": \"instrument\"}"));
    exchange();
  }

  /** Focus, place and a touch that has begun, while an unrelated note comes. */
  private void leavesAlone(Activity screen, String text) {
    View touched = scrollTo(screen, text);
    touched.setFocusableInTouchMode(true);
    touched.requestFocus();
    List<View> before = views(content(screen));
    int scrolled = scroll(screen).getScrollY();
    touch(screen, MotionEvent.ACTION_DOWN, touched);

    unrelatedNoteComes();

    assertThat(views(content(screen))).isEqualTo(before);
    assertThat(touched.isFocused()).isTrue();
    assertThat(scroll(screen).getScrollY()).isEqualTo(scrolled);
    touch(screen, MotionEvent.ACTION_UP, touched);
    shadowOf(Looper.getMainLooper()).idle();
  }

  /** The views of those that had gone were there still, and the screen ended of them. */
  @Test
  public void sites_whenSomeGoAndOneChangesBeforeTheListIsLaidOut_showsWhatThereIs() {
    Activity screen = phone.open(SitesActivity.class, null).get();
    ListView list = screen.findViewById(R.id.sites);
    phone.awaitText(screen, "Quarry pump house");
    list.suppressLayout(true);

    for (String gone : List.of("quarry", "tower")) {
      phone.ask(notes -> notes.delete(notes.sites(gone, null).get(0).document().id()));
    }
    phone.await("they have gone", () -> list.getCount() == 2);
    phone.ask(
        notes -> {
          Site weir = notes.sites("weir", null).get(0);
          return notes.save(Sites.with(weir, "Weir at New Ferry", "", ""));
        });
    phone.await("it has changed", () -> list.getItemAtPosition(1).toString().contains("New Ferry"));
    list.suppressLayout(false);

    phone.awaitText(screen, "Weir at New Ferry");
    assertThat(list.getChildCount()).isEqualTo(2);
  }

  @Test
  public void site_whenAnUnrelatedNoteComes_isLeftAlone() {
    Activity screen = phone.open(SiteActivity.class, site).get();
    phone.awaitText(screen, "Rust at pier 2");

    leavesAlone(screen, "Delete this site");

    assertThat(ShadowDialog.getLatestDialog().isShowing()).isTrue();
  }

  @Test
  public void history_whenAnUnrelatedNoteComes_isLeftAlone() {
    Activity screen = phone.open(HistoryActivity.class, site).get();
    phone.awaitText(screen, "Noted for the first time");
    int versions = phone.ask(notes -> notes.history(site).size());

    leavesAlone(screen, "Bring this back");

    phone.await(
        "it was brought back",
        () -> phone.<Integer>ask(notes -> notes.history(site).size()) > versions);
  }

  @Test
  public void conflict_whenAnUnrelatedNoteComes_isLeftAloneAndKeepsItsChoices() {
    Activity screen = phone.open(ConflictActivity.class, site).get();
    phone.awaitText(screen, "call Ada");
    phone.click(screen, "Ben: Mill bridge (Ben)");

    leavesAlone(screen, "You: call Ada");

    assertThat(((RadioButton) Phone.find(content(screen), "You: call Ada")).isChecked()).isTrue();
    assertThat(((RadioButton) Phone.find(content(screen), "Ben: Mill bridge")).isChecked())
        .isTrue();
    assertThat(screen.findViewById(R.id.merge).isEnabled()).isTrue();
  }

  @Test
  public void sharing_whenAnUnrelatedNoteComes_isLeftAlone() {
    Activity screen = phone.open(SyncActivity.class, null).get();
    phone.awaitText(screen, "Choose what counts");

    leavesAlone(screen, "Settings");

    assertThat(shadowOf(screen).getNextStartedActivity().getComponent().getClassName())
        .endsWith("SettingsActivity");
  }

  @Test
  public void sites_whenAnUnrelatedNoteComes_areLeftAlone() {
    Activity screen = phone.open(SitesActivity.class, null).get();
    phone.awaitText(screen, "Tower 14");
    phone.awaitText(screen, "To settle");
    shadowOf(Looper.getMainLooper()).idle();
    EditText search = screen.findViewById(R.id.search);
    search.requestFocus();
    List<View> before = views(content(screen));
    View row = Phone.find(content(screen), "Quarry pump house");
    touch(screen, MotionEvent.ACTION_DOWN, row);

    unrelatedNoteComes();

    assertThat(views(content(screen))).isEqualTo(before);
    assertThat(search.isFocused()).isTrue();
    touch(screen, MotionEvent.ACTION_UP, row);
    shadowOf(Looper.getMainLooper()).idle();
    String quarry = phone.ask(notes -> notes.sites("quarry", null).get(0).document().id());
    assertThat(shadowOf(screen).getNextStartedActivity().getStringExtra("id")).isEqualTo(quarry);
  }

  @Test
  public void sites_whenOneIsChanged_keepTheViewsOfAll() {
    Activity screen = phone.open(SitesActivity.class, null).get();
    phone.awaitText(screen, "Tower 14");
    shadowOf(Looper.getMainLooper()).idle();
    List<View> before = views(content(screen));
    String tower = phone.ask(notes -> notes.sites("tower", null).get(0).document().id());

    Sites.bensEdit(ben, tower, "place", "Ridge path, behind the hut");
    exchange();

    phone.awaitText(screen, "Ridge path, behind the hut");
    assertThat(views(content(screen))).isEqualTo(before);
  }

  @Test
  public void sites_whenOneComesBelowAFinger_waitForTheFinger() {
    Activity screen = phone.open(SitesActivity.class, null).get();
    phone.awaitText(screen, "Tower 14");
    shadowOf(Looper.getMainLooper()).idle();
    View row = Phone.find(content(screen), "Mill ");
    touch(screen, MotionEvent.ACTION_DOWN, row);

    ben.put("site-new", JsonObject.parse("{\"type\": \"site\", \"name\": \"Adit 3\"}"));
    exchange();
    assertThat(Phone.texts(content(screen))).doesNotContain("Adit 3");
    touch(screen, MotionEvent.ACTION_UP, row);

    phone.awaitText(screen, "Adit 3");
    assertThat(shadowOf(screen).getNextStartedActivity().getStringExtra("id")).isEqualTo(site);
  }

  @Test
  public void site_whenAVisitComesAboveWhatIsRead_doesNotMoveIt() {
    for (int year = 2010; year < 2020; year++) {
      visitOfBens("" + year, "as always");
    }
    exchange();
    Activity screen = phone.open(SiteActivity.class, site).get();
    phone.awaitText(screen, "2010");
    View read = scrollTo(screen, "2012");
    int place = place(read);
    int scrolled = scroll(screen).getScrollY();

    visitOfBens("2026", "All well");
    exchange();
    phone.await("it has its place", () -> scroll(screen).getScrollY() > scrolled);

    assertThat(Phone.texts(content(screen))).contains("All well");
    assertThat(Phone.find(content(screen), "2012")).isSameAs(read);
    assertThat(place(read)).isEqualTo(place);
  }

  private void visitOfBens(String year, String finding) {
    JsonObject body =
        JsonObject.parse(
            String.format(
                "{\"type\": \"visit\", \"site\": \"%s\", \"date\": \"%s\", \"finding\": \"%s\"}",
                site, year, finding));
    ben.put("visit-" + year, body);
  }

  @Test
  public void site_whenAVisitIsChanged_showsThatAndKeepsTheRest() {
    Activity screen = phone.open(SiteActivity.class, site).get();
    phone.awaitText(screen, "Rust at pier 2");
    View edit = screen.findViewById(R.id.edit);

    Sites.bensEdit(ben, visit, "finding", "Rust is gone");
    exchange();

    phone.awaitText(screen, "Rust is gone");
    assertThat(Phone.texts(content(screen))).doesNotContain("Rust at pier 2");
    assertThat(screen.<View>findViewById(R.id.edit)).isSameAs(edit);
    phone.ask(
        notes -> notes.database().delete(visit, notes.document(visit).orElseThrow().revision()));
    phone.awaitText(screen, "Nobody has noted a visit yet.");
    assertThat(Phone.texts(content(screen))).doesNotContain("Rust is gone");
    assertThat(screen.<View>findViewById(R.id.edit)).isSameAs(edit);
    assertThat(phone.<List<Visit>>ask(notes -> notes.visitsTo(site))).isEmpty();
  }

  @Test
  public void conflict_whenSomethingIsChosen_keepsTheOtherChoicesAndShowsWhatComesOfIt() {
    Activity screen = phone.open(ConflictActivity.class, site).get();
    phone.awaitText(screen, "call Ada");
    RadioButton call = (RadioButton) Phone.find(content(screen), "You: call Ada");
    RadioButton name = (RadioButton) Phone.find(content(screen), "Ben: Mill bridge");

    name.performClick();
    assertThat(screen.findViewById(R.id.merge).isEnabled()).isFalse();
    call.performClick();

    assertThat(Phone.find(content(screen), "You: call Ada")).isSameAs(call);
    assertThat(name.getParent()).isInstanceOf(RadioGroup.class);
    assertThat(screen.findViewById(R.id.merge).isEnabled()).isTrue();
    assertThat(Phone.texts(content(screen))).contains("Mill bridge (Ben)\n");
  }
}
