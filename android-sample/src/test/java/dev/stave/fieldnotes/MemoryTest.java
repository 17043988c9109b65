package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;

import android.content.ComponentCallbacks2;
import android.view.ViewGroup;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.SampleNotes;
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

/** What the app gives back when the system has little memory left, and that it goes on. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class MemoryTest {

  private final Phone phone = new Phone();
  private String visit;

  @Before
  public void write() {
    phone.ask(SampleNotes::addTo);
    String site = phone.ask(notes -> notes.sites("mill", null).get(0).document().id());
    visit = phone.ask(notes -> notes.visitsTo(site).get(0).document().id());
    phone.ask(notes -> ScreensTest.addPhoto(notes, visit));
  }

  @After
  public void close() throws Exception {
    phone.close();
  }

  @Test
  public void memory_lowWhileAScreenIsVisible_givesPicturesBackAndKeepsTheNotesOpen() {
    ViewGroup photos = phone.open(VisitActivity.class, visit).get().findViewById(R.id.photos);
    phone.await("a photo", () -> photos.getChildCount() == 1);
    FieldNotes open = phone.ask(notes -> notes);
    assertThat(phone.app().pictures().keptKilobytes()).isPositive();

    phone.app().onTrimMemory(ComponentCallbacks2.TRIM_MEMORY_RUNNING_CRITICAL);

    assertThat(phone.app().pictures().keptKilobytes()).isZero();
    assertThat(phone.<Boolean>ask(notes -> notes == open && notes.isOpen())).isTrue();
  }

  @Test
  public void memory_lowInTheBackground_closesTheNotesAndTheNextScreenOpensThem() {
    ActivityController<SitesActivity> sites = phone.open(SitesActivity.class, (String) null);
    phone.awaitText(sites.get(), "Tower 14");
    FieldNotes open = phone.ask(notes -> notes);
    sites.pause().stop();

    phone.app().onTrimMemory(ComponentCallbacks2.TRIM_MEMORY_COMPLETE);
    phone.await("the notes are closed", () -> !open.isOpen());
    sites.restart().start().resume();
    phone.ask(notes -> notes.add(ScreensTest.adit()));

    phone.awaitText(sites.get(), "Adit 3");
    phone.awaitText(sites.get(), "Tower 14");
  }
}
