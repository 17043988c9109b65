package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;

import android.app.Activity;
import android.content.SharedPreferences;
import android.view.View;
import android.widget.EditText;
import dev.stave.fieldnotes.data.SampleNotes;
import dev.stave.fieldnotes.screens.SettingsActivity;
import dev.stave.fieldnotes.screens.SitesActivity;
import dev.stave.fieldnotes.sync.SyncSettings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;
import org.robolectric.shadows.ShadowToast;

/** The password: encrypted by a key of the device, and asked for again when that is gone. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class PasswordTest {

  private static final String PASSWORD = "s3cret-Grüße";
  private static final String LOST = "Your password is no longer on this phone";

  @Rule public final TemporaryFolder folder = new TemporaryFolder();
  @Rule public final Office office = new Office();

  private final List<Phone> phones = new ArrayList<>();
  private MemoryKeystore keystore;

  @Before
  public void install() {
    keystore = MemoryKeystore.install();
  }

  @After
  public void close() throws Exception {
    for (Phone each : phones) {
      each.close();
    }
    MemoryKeystore.remove();
  }

  /** The app's next process: it has read nothing yet. */
  private Phone phone() {
    Phone phone = new Phone(folder.getRoot());
    phones.add(phone);
    return phone;
  }

  private Phone phoneWithPassword() {
    Phone phone = phone();
    phone.app().change(new SyncSettings("Ada", office.address(), "ada", PASSWORD, ""));
    assertThat(settings(phone).password()).isEqualTo(PASSWORD);
    phone.await("it is written", () -> file().contains("sealed password"));
    return phone;
  }

  private static SyncSettings settings(Phone phone) {
    List<SyncSettings> read = new ArrayList<>();
    phone.app().askSettings(new Activity(), read::add);
    phone.await("the settings", () -> !read.isEmpty());
    return read.get(0);
  }

  private String file() {
    File file = new File(folder.getRoot(), "preferences/settings.xml");
    try {
      return file.exists()
          ? new String(Files.readAllBytes(file.toPath()), StandardCharsets.UTF_8)
          : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  public void password_saved_isReadByTheNextProcessAndByNobodyElse() {
    phoneWithPassword();

    assertThat(file()).contains("ada").doesNotContain(PASSWORD).doesNotContain("s3cret");
    assertThat(settings(phone())).isEqualTo(settings(phones.get(0)));
    assertThat(settings(phone()).password()).isEqualTo(PASSWORD);
    assertThat(settings(phone()).toString()).doesNotContain(PASSWORD);
  }

  @Test
  public void password_savedTwice_isNotTheSameInTheFile() {
    Phone phone = phoneWithPassword();
    String before = file();
    phone.app().change(settings(phone));

    phone.await("it is written", () -> !file().equals(before));

    assertThat(settings(phone()).password()).isEqualTo(PASSWORD);
  }

  @Test
  public void password_thatAnEarlierVersionKeptInTheClear_isReadAndEncryptedAtOnce() {
    Phone phone = phone();
    SharedPreferences earlier = phone.app().getSharedPreferences("settings", 0);
    earlier
        .edit()
        .putString("server", office.address())
        .putString("account", "ada")
        .putString("password", PASSWORD)
        .commit();
    assertThat(file()).contains(PASSWORD);

    assertThat(settings(phone()).password()).isEqualTo(PASSWORD);

    phone.await("it is encrypted", () -> !file().contains(PASSWORD));
    assertThat(settings(phone()).password()).isEqualTo(PASSWORD);
    assertThat(earlier.contains("password")).isFalse();
  }

  @Test
  public void password_inTheClearWhereNothingCanBeEncrypted_isUsedAllTheSame() {
    MemoryKeystore.remove();
    phone()
        .app()
        .getSharedPreferences("settings", 0)
        .edit()
        .putString("account", "ada")
        .putString("password", PASSWORD)
        .commit();

    assertThat(settings(phone()).password()).isEqualTo(PASSWORD);
    assertThat(settings(phone()).isPasswordLost()).isFalse();
  }

  @Test
  public void keyGone_asksForThePasswordAgain_andSharesNothingBefore() throws Exception {
    phoneWithPassword().close();
    keystore.forgetKeys();
    Phone phone = phone();
    Activity sites = phone.open(SitesActivity.class, null).get();
    phone.ask(SampleNotes::addTo);
    phone.awaitText(sites, LOST);
    phone.awaitText(sites, "Tower 14");
    assertThat(office.database().count()).isZero();

    ActivityController<SettingsActivity> screen = phone.open(SettingsActivity.class, null);
    phone.awaitText(screen.get(), "Please enter it again. Your notes are all here.");
    phone.turn(screen);
    phone.awaitText(screen.get(), "Please enter it again. Your notes are all here.");
    assertThat(text(screen.get(), R.id.field_account)).isEqualTo("ada");
    assertThat(text(screen.get(), R.id.field_server)).isEqualTo(office.address());
    ((EditText) screen.get().findViewById(R.id.field_password)).setText("another");
    screen.get().findViewById(R.id.save).performClick();

    phone.awaitSent();
    phone.awaitText(sites, "Everything is shared");
    assertThat(office.database().count()).isEqualTo(5);
    assertThat(settings(phone()).password()).isEqualTo("another");
  }

  private static String text(Activity screen, int field) {
    return ((EditText) screen.findViewById(field)).getText().toString();
  }

  @Test
  public void keyGone_settingsSavedWithoutThePassword_askForItStill() throws Exception {
    phoneWithPassword().close();
    keystore.forgetKeys();
    Phone phone = phone();
    Activity screen = phone.open(SettingsActivity.class, null).get();
    View save = screen.findViewById(R.id.save);
    phone.await("the settings", save::isEnabled);
    ((EditText) screen.findViewById(R.id.field_name)).setText("Ada L.");
    save.performClick();

    SyncSettings now = settings(phone);

    assertThat(now.name()).isEqualTo("Ada L.");
    assertThat(now.isPasswordLost()).isTrue();
    Activity again = phone.open(SettingsActivity.class, null).get();
    phone.awaitText(again, "Please enter it again.");
    ((EditText) again.findViewById(R.id.field_account)).setText(""); // none is needed any more
    again.findViewById(R.id.save).performClick();
    assertThat(settings(phone).isPasswordLost()).isFalse();
  }

  @Test
  public void file_thatSomebodyChanged_isAsIfTheKeyWereGone() {
    phoneWithPassword();
    for (String broken : List.of("x", "AA==", "DAECAwQFBgcICQoLDA0ODw==", "/////w==")) {
      phone()
          .app()
          .getSharedPreferences("settings", 0)
          .edit()
          .putString("sealed password", broken)
          .commit();
      assertThat(settings(phone()).isPasswordLost()).as(broken).isTrue();
    }
  }

  @Test
  public void settings_whereNothingCanBeEncrypted_areNotSavedAndThatIsSaid() {
    Phone phone = phoneWithPassword();
    MemoryKeystore.remove();

    phone.app().change(new SyncSettings("Eve", office.address(), "eve", "other", ""));

    phone.await("it is said", () -> ShadowToast.getTextOfLatestToast() != null);
    assertThat(ShadowToast.getTextOfLatestToast()).startsWith("That did not work.");
    MemoryKeystore.install();
    assertThat(settings(phone).account()).isEqualTo("ada");
    assertThat(file()).doesNotContain("eve").doesNotContain("other");
  }
}
