package dev.stave.fieldnotes;

import static org.junit.Assume.assumeNotNull;

import dev.stave.fieldnotes.data.Site;
import java.io.File;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;

/**
 * The app in a process that is killed: it notes sites in the folder of the property {@code phone}
 * for as long as it lives, and says the id of each that it was told is noted. No test by itself:
 * {@link KilledProcessTest} runs it.
 */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34)
public class WritingApp {

  static final String NOTED = "noted ";

  @Test
  public void write() {
    String folder = System.getProperty("phone");
    assumeNotNull(folder);
    Phone phone = new Phone(new File(folder));
    for (int i = 0; ; i++) {
      Site site = new Site(null, "Adit " + i, "Adit", "", "North", "", "good", "");
      String id = phone.ask(notes -> notes.add(site));
      System.out.println(NOTED + id);
    }
  }
}
