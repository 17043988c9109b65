package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;

import android.app.Activity;
import dev.stave.fieldnotes.screens.SitesActivity;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** Android does not end a process, it kills it: at any moment, and nothing is closed. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class KilledProcessTest {

  private static final int ENOUGH = 30;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();
  @Rule public final Office office = new Office();

  @Test
  public void process_killedWhileItWrites_losesNothingThatWasNotedAndSendsItLater()
      throws Exception {
    File device = folder.newFolder();
    List<String> noted = writeUntilKilled(device);

    try (Phone phone = new Phone(device)) {
      Activity sites = phone.open(SitesActivity.class, null).get();
      phone.awaitText(sites, "Adit 0");
      for (String id : noted) {
        assertThat(phone.<Boolean>ask(notes -> notes.document(id).isPresent())).as(id).isTrue();
      }
      // Neither is it forgotten that none of it was sent: of the last, the process knew not itself.
      assertThat(phone.<List<String>>ask(notes -> notes.unsent().first(10_000))).containsAll(noted);
      phone.use("Ada", office.address());
      phone.awaitText(sites, "Everything is shared");
      assertThat(noted).allMatch(id -> office.database().get(id).isPresent());
    }
  }

  /** Returns what the process was told is noted. */
  private static List<String> writeUntilKilled(File device) throws Exception {
    List<String> noted = new ArrayList<>();
    Process process = process(device);
    List<String> told = new ArrayList<>(); // for when it fails
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = readLine(lines)) {
        told.add(line);
        if (line.startsWith(WritingApp.NOTED)) {
          noted.add(line.substring(WritingApp.NOTED.length()));
        }
        if (noted.size() == ENOUGH) {
          process.destroyForcibly(); // SIGKILL, while the next one is written
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(noted).as(() -> String.join("\n", told)).hasSizeGreaterThanOrEqualTo(ENOUGH);
    return noted;
  }

  /** The end of what a killed process has said: null. */
  private static String readLine(BufferedReader lines) {
    try {
      return lines.readLine();
    } catch (IOException e) {
      return null;
    }
  }

  private static Process process(File device) throws IOException {
    String java =
        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
    List<String> command = new ArrayList<>(List.of(java));
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("--add-opens") || argument.startsWith("-Xmx")) {
        command.add(argument);
      }
    }
    for (String name : List.of("robolectric.offline", "robolectric.dependency.dir")) {
      command.add("-D" + name + "=" + System.getProperty(name));
    }
    command.add("-Dphone=" + device);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("org.junit.runner.JUnitCore");
    command.add(WritingApp.class.getName());
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
