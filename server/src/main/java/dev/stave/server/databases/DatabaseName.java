package dev.stave.server.databases;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a database, by CouchDB's rule: a lower case letter, then lower case letters, digits
 * and {@code _ $ ( ) + - /}; or one of those that a server has for itself.
 *
 * <p>A name is also a folder's name. What is not a letter, a digit, {@code _} or {@code -} is
 * percent-encoded there, so that no name leads out of the folder, on any file system.
 */
public record DatabaseName(String value) implements Comparable<DatabaseName> {

  /** The longest name, in characters; CouchDB's. */
  public static final int MAX_LENGTH = 238;

  private static final Pattern LEGAL = Pattern.compile("[a-z][a-z0-9_$()+/-]*|_users|_replicator");
  private static final Pattern ENCODED = Pattern.compile("%([0-9A-F]{2})");

  /** Refuses a name that breaks the rule. */
  public DatabaseName {
    if (!isLegal(value)) {
      throw new IllegalDatabaseNameException(value);
    }
  }

  /** Whether {@code name} keeps to the rule. */
  public static boolean isLegal(String name) {
    return LEGAL.matcher(name).matches() && encode(name).length() <= MAX_LENGTH;
  }

  /** Whether {@code name} is that of a database which the server has for itself. */
  public static boolean isSystem(String name) {
    return name.equals("_users") || name.equals("_replicator");
  }

  /** The name whose folder is called {@code folder}; empty if no name's is. */
  static Optional<DatabaseName> ofFolder(String folder) {
    String decoded =
        ENCODED
            .matcher(folder)
            .replaceAll(
                match -> {
                  String character =
                      Character.toString((char) Integer.parseInt(match.group(1), 16));
                  return "$".equals(character) ? "\\$" : character;
                });
    boolean legal = LEGAL.matcher(decoded).matches() && encode(decoded).equals(folder);
    return legal && folder.length() <= MAX_LENGTH
        ? Optional.of(new DatabaseName(decoded))
        : Optional.empty();
  }

  String folder() {
    return encode(value);
  }

  private static String encode(String name) {
    StringBuilder encoded = new StringBuilder();
    for (char c : name.toCharArray()) {
      boolean plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-';
      encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return encoded.toString();
  }

  @Override
  public int compareTo(DatabaseName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
