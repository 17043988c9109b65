package dev.stave.server.accounts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import java.util.HashSet;
import java.util.Set;

/**
 * Who may read and write one database, and who may tend it: CouchDB's security object. It is kept
 * beside the documents, in a local document of this name, and does not replicate.
 */
public record Security(JsonObject json) {

  /** The local document. No other may begin as this does. */
  public static final String LOCAL_ID = "stave.security";

  /** What is in force where nothing was set: administrators only. */
  private static final JsonObject DEFAULT =
      JsonObject.parse(
          "{\"members\":{\"roles\":[\"_admin\"]},\"admins\":{\"roles\":[\"_admin\"]}}");

  public static Security of(Database database) {
    return new Security(database.getLocal(LOCAL_ID).orElse(DEFAULT));
  }

  /**
   * Reads what a client sets.
   *
   * @throws InvalidSecurityException if it is not of CouchDB's form
   */
  public static Security parse(JsonObject json) {
    for (String group : new String[] {"admins", "members"}) {
      JsonNode members = json.sharedTree().path(group);
      if (!members.isMissingNode() && !members.isObject()) {
        throw new InvalidSecurityException(group + " must be an object");
      }
      for (String list : new String[] {"names", "roles"}) {
        requireTexts(group, list, members.path(list));
      }
    }
    return new Security(json);
  }

  private static void requireTexts(String group, String list, JsonNode values) {
    boolean ok = values.isMissingNode() || values.isArray();
    for (JsonNode value : values) {
      ok &= value.isTextual();
    }
    if (!ok) {
      throw new InvalidSecurityException(group + "." + list + " must be an array of strings");
    }
  }

  public void save(Database database) {
    database.putLocal(LOCAL_ID, json);
  }

  /** Whether {@code who} may tend the database: its design documents, its security, its files. */
  public boolean isAdmin(Identity who) {
    return who.isAdmin() || isIn("admins", who);
  }

  /** Whether {@code who} may read and write documents. Where no members are named all may. */
  public boolean isMember(Identity who) {
    return isAdmin(who) || isIn("members", who) || isOpen();
  }

  private boolean isOpen() {
    return names("members").isEmpty() && roles("members").isEmpty();
  }

  private boolean isIn(String group, Identity who) {
    String name = who.name();
    if (name != null && names(group).contains(name)) {
      return true;
    }
    Set<String> roles = roles(group);
    return who.roles().stream().anyMatch(roles::contains);
  }

  private Set<String> names(String group) {
    return texts(group, "names");
  }

  private Set<String> roles(String group) {
    return texts(group, "roles");
  }

  private Set<String> texts(String group, String list) {
    Set<String> texts = new HashSet<>();
    json.sharedTree().path(group).path(list).forEach(value -> texts.add(value.asText()));
    return texts;
  }

  /** A security object that is none. */
  public static final class InvalidSecurityException extends dev.stave.StaveException {
    private static final long serialVersionUID = 1L;

    InvalidSecurityException(String message) {
      super(message);
    }
  }
}
