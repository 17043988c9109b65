package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;

import android.app.AlertDialog;
import android.app.DatePickerDialog;
import android.os.Looper;
import android.widget.EditText;
import android.widget.TextView;
import dev.stave.fieldnotes.data.Visit;
import dev.stave.fieldnotes.screens.HistoryActivity;
import dev.stave.fieldnotes.screens.SiteActivity;
import dev.stave.fieldnotes.screens.VisitActivity;
import java.util.Locale;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.Shadows;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;
import org.robolectric.shadows.ShadowDialog;

/** The day of a visit: picked from a calendar, read as people write days, kept as ISO 8601. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "en-rUS-w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class DatesTest {

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
    Locale.setDefault(Locale.ENGLISH);
    phone.close();
  }

  /** The calendar that a touch on the day opens. */
  static DatePickerDialog calendarOf(VisitActivity screen) {
    screen.findViewById(R.id.field_date).performClick();
    return calendar();
  }

  private static DatePickerDialog calendar() {
    Shadows.shadowOf(Looper.getMainLooper()).idle();
    return (DatePickerDialog) ShadowDialog.getLatestDialog();
  }

  private static String shown(VisitActivity screen) {
    return ((TextView) screen.findViewById(R.id.field_date)).getText().toString();
  }

  private String stored() {
    return phone.ask(notes -> Visit.of(notes.document(visit).orElseThrow()).date());
  }

  private ActivityController<VisitActivity> opened() {
    ActivityController<VisitActivity> screen = phone.open(VisitActivity.class, visit);
    phone.awaitText(screen.get(), "Drainage");
    return screen;
  }

  private void save(VisitActivity screen) {
    phone.await("read", screen.findViewById(R.id.save)::isEnabled);
    screen.findViewById(R.id.save).performClick();
    phone.await("saved", screen::isFinishing);
  }

  @Test
  public void day_pickedOnADeviceThatIsTurnedMeanwhile_isShownInWordsAndStoredAsIso() {
    ActivityController<VisitActivity> screen = opened();
    assertThat(shown(screen.get())).isEqualTo("Oct 2, 2026");
    DatePickerDialog asked = calendarOf(screen.get());
    assertThat(asked.getDatePicker().getMonth()).isEqualTo(9); // from 0
    asked.updateDate(2026, 0, 31);

    phone.turn(screen);
    assertThat(calendar()).isNotSameAs(asked);
    assertThat(asked.isShowing()).isFalse();
    assertThat(calendar().getDatePicker().getDayOfMonth()).isEqualTo(31);
    Phone.press(AlertDialog.BUTTON_POSITIVE);
    assertThat(shown(screen.get())).isEqualTo("Jan 31, 2026");
    phone.turn(screen);
    assertThat(shown(screen.get())).isEqualTo("Jan 31, 2026");
    save(screen.get());

    assertThat(stored()).isEqualTo("2026-01-31");
    phone.awaitText(phone.open(SiteActivity.class, site).get(), "Jan 31, 2026, Ada");
    phone.awaitText(phone.open(HistoryActivity.class, visit).get(), "Date: Jan 31, 2026");
  }

  @Test
  public void day_notPicked_staysAsItWas() {
    ActivityController<VisitActivity> screen = opened();
    calendarOf(screen.get()).updateDate(2026, 0, 31);

    Phone.press(AlertDialog.BUTTON_NEGATIVE);

    assertThat(shown(screen.get())).isEqualTo("Oct 2, 2026");
    screen.get().onBackPressed();
    assertThat(screen.get().isFinishing()).isTrue(); // nothing to save
  }

  @Test
  public void day_thatIsNone_isReadableAndKeptUntilAnotherIsPicked() {
    phone.ask(notes -> notes.save(on(notes.visitsTo(site).get(0), "last Tuesday")));
    VisitActivity screen = opened().get();
    assertThat(shown(screen)).isEqualTo("last Tuesday");
    ((EditText) screen.findViewById(R.id.field_finding)).setText("Rust");
    save(screen);
    assertThat(stored()).isEqualTo("last Tuesday");
    phone.awaitText(phone.open(SiteActivity.class, site).get(), "last Tuesday, Ada");

    VisitActivity again = opened().get();
    calendarOf(again).updateDate(2026, 1, 28);
    Phone.press(AlertDialog.BUTTON_POSITIVE);
    save(again);

    assertThat(stored()).isEqualTo("2026-02-28");
  }

  private static Visit on(Visit visit, String date) {
    return new Visit(
        visit.document(),
        visit.site(),
        visit.region(),
        date,
        visit.inspector(),
        visit.finding(),
        visit.checks());
  }

  @Test
  @Config(qualifiers = "de-rDE-w400dp-h800dp-xhdpi")
  public void day_onAGermanPhone_isInItsOrder() {
    phone.awaitText(phone.open(SiteActivity.class, site).get(), "02.10.2026, Ada");
    assertThat(shown(opened().get())).isEqualTo("02.10.2026");
  }

  @Test
  @Config(qualifiers = "ar-rEG-ldrtl-w400dp-h800dp-xhdpi")
  public void day_onAnArabicPhone_isInItsDigits() {
    assertThat(shown(opened().get())).contains("٢٠٢٦");
  }
}
