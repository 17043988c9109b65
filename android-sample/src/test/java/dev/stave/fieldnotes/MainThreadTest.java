package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;

import android.app.Activity;
import android.widget.EditText;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.SampleNotes;
import dev.stave.fieldnotes.screens.ConflictActivity;
import dev.stave.fieldnotes.screens.EditSiteActivity;
import dev.stave.fieldnotes.screens.HistoryActivity;
import dev.stave.fieldnotes.screens.SettingsActivity;
import dev.stave.fieldnotes.screens.SiteActivity;
import dev.stave.fieldnotes.screens.SitesActivity;
import dev.stave.fieldnotes.screens.SyncActivity;
import dev.stave.fieldnotes.screens.VisitActivity;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** The main thread draws, and never waits for storage. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class MainThreadTest {

  /** They only hand over what there is. */
  private static final Set<String> ACCESSORS =
      Set.of("database", "photos", "conflicts", "unsent", "isOpen");

  private final Phone phone = new Phone();

  @After
  public void close() throws Exception {
    phone.close();
  }

  @Test
  public void dataLayer_onTheMainThread_refusesEveryCall() throws Exception {
    FieldNotes notes = phone.ask(open -> open);
    List<String> asked = new ArrayList<>();
    for (Object part : List.of(notes, notes.photos(), notes.conflicts(), notes.unsent())) {
      for (Method method : part.getClass().getDeclaredMethods()) {
        boolean isDoor =
            Modifier.isPublic(method.getModifiers())
                && !Modifier.isStatic(method.getModifiers())
                && !method.isSynthetic()
                && !ACCESSORS.contains(method.getName());
        if (isDoor) {
          asked.add(method.getName());
          assertThat(failure(part, method))
              .as(method.toString())
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("main thread");
        }
      }
    }
    assertThat(asked).contains("sites", "watchSites", "save", "delete", "settle", "add", "first");
  }

  private static Throwable failure(Object part, Method method) throws Exception {
    Object[] arguments = new Object[method.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = any(method.getParameterTypes()[i]);
    }
    try {
      method.invoke(part, arguments);
      return null;
    } catch (InvocationTargetException e) {
      return e.getCause();
    }
  }

  private static Object any(Class<?> type) {
    return type == int.class ? 1 : null; // looked at after the thread
  }

  @Test
  public void screens_openedAndUsed_askForNoFileOnTheMainThread() {
    phone.ask(SampleNotes::addTo);
    String site = phone.ask(notes -> notes.sites("mill", null).get(0).document().id());
    String visit = phone.ask(notes -> notes.visitsTo(site).get(0).document().id());
    phone.ask(notes -> ScreensTest.addPhoto(notes, visit));
    for (Class<? extends Activity> each :
        List.of(
            SitesActivity.class,
            SiteActivity.class,
            EditSiteActivity.class,
            HistoryActivity.class,
            ConflictActivity.class,
            SyncActivity.class)) {
      phone.awaitText(phone.open(each, site).get(), "On this phone only");
    }
    Activity settings = phone.open(SettingsActivity.class, (String) null).get();
    EditText name = settings.findViewById(R.id.field_name);
    phone.await("the settings", () -> name.length() > 0);
    settings.findViewById(R.id.save).performClick();
    Activity screen = phone.open(VisitActivity.class, visit).get();
    phone.awaitText(screen, "Drainage");
    screen.findViewById(R.id.save).performClick();
    phone.await("saved", screen::isFinishing);

    assertThat(phone.device().storageOnMainThread()).isEmpty();
    phone.app().getSharedPreferences("any", 0);
    assertThat(phone.device().storageOnMainThread()).hasSize(1); // so it would be seen
  }
}
