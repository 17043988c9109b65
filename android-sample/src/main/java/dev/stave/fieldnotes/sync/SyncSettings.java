package dev.stave.fieldnotes.sync;

import android.content.SharedPreferences;
import android.util.Log;
import java.util.Optional;
import java.util.UUID;

/**
 * With whom notes are shared, and which. Kept in the app's private preferences, the password by
 * {@link Secrets}; {@code res/xml/backup.xml} leaves all of it out of backups.
 *
 * @param name of the person, who shows in the history of what they write
 * @param server address of the database at the server; empty for none
 * @param account empty for none
 * @param password empty if there is none, or it is lost
 * @param region whose notes are shared; empty for all
 * @param isPasswordLost whether there was a password that cannot be read any more: it has to be
 *     asked for again, and nothing is sent before
 */
public record SyncSettings(
    String name,
    String server,
    String account,
    String password,
    String region,
    boolean isPasswordLost) {

  private static final int SHORT = 4;
  private static final String SEALED = "sealed password";

  /** Where the first version of this app had it in the clear. */
  private static final String CLEAR = "password";

  /** As somebody sets them. */
  public SyncSettings(String name, String server, String account, String password, String region) {
    this(name, server, account, password, region, false);
  }

  /** Those of the preferences. May wait for the device's keystore: not for the main thread. */
  public static SyncSettings read(SharedPreferences from) {
    String name = from.getString("name", "");
    if (name.isEmpty()) {
      name = "Inspector " + UUID.randomUUID().toString().substring(0, SHORT);
      from.edit().putString("name", name).apply();
    }
    Optional<String> password =
        from.contains(CLEAR) ? Optional.of(sealed(from)) : Secrets.open(from.getString(SEALED, ""));
    String account = from.getString("account", "");
    return new SyncSettings(
        name,
        from.getString("server", ""),
        account,
        password.orElse(""),
        from.getString("region", ""),
        !password.isPresent() && !account.isEmpty());
  }

  /** Reads the password that is in the clear, for the last time. */
  private static String sealed(SharedPreferences from) {
    String password = from.getString(CLEAR, "");
    try {
      from.edit().putString(SEALED, Secrets.seal(password)).remove(CLEAR).apply();
    } catch (IllegalStateException e) {
      Log.w("FieldNotes", "the password stays in the clear until the next time", e);
    }
    return password;
  }

  /**
   * Writes them. A password that is lost stays so. May wait for the device's keystore: not for the
   * main thread.
   *
   * @throws IllegalStateException if the device cannot encrypt the password; then nothing is
   *     written
   */
  public void write(SharedPreferences to) {
    SharedPreferences.Editor all =
        to.edit()
            .putString("name", name)
            .putString("server", server)
            .putString("account", account)
            .putString("region", region)
            .remove(CLEAR);
    if (!isPasswordLost) {
      all.putString(SEALED, Secrets.seal(password));
    }
    all.apply();
  }

  public boolean hasServer() {
    return !server.isEmpty();
  }

  /** Never with the password. */
  @Override
  public String toString() {
    return "SyncSettings[name=" + name + ", server=" + server + ", region=" + region + "]";
  }
}
