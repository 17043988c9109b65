package dev.stave.fieldnotes.sync;

import android.content.SharedPreferences;
import java.util.UUID;

/**
 * With whom notes are shared, and which. Kept in the app's private preferences, the password too:
 * other apps cannot read it, and {@code res/xml/backup.xml} leaves it out of backups.
 *
 * @param name of the person, who shows in the history of what they write
 * @param server address of the database at the server; empty for none
 * @param account empty for none
 * @param region whose notes are shared; empty for all
 */
public record SyncSettings(
    String name, String server, String account, String password, String region) {

  private static final int SHORT = 4;

  public static SyncSettings read(SharedPreferences from) {
    String name = from.getString("name", "");
    if (name.isEmpty()) {
      name = "Inspector " + UUID.randomUUID().toString().substring(0, SHORT);
      from.edit().putString("name", name).apply();
    }
    return new SyncSettings(
        name,
        from.getString("server", ""),
        from.getString("account", ""),
        from.getString("password", ""),
        from.getString("region", ""));
  }

  public void write(SharedPreferences to) {
    to.edit()
        .putString("name", name)
        .putString("server", server)
        .putString("account", account)
        .putString("password", password)
        .putString("region", region)
        .apply();
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
