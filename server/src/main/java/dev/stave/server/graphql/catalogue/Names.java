package dev.stave.server.graphql.catalogue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Names that GraphQL takes for names that it may not. One that is legal stays; of another one the
 * legal characters are kept, and a few digits of its SHA-256 tell it from others that look alike.
 */
public final class Names {

  /** A legal name that is longer is treated as one that is not. */
  static final int MAX_LENGTH = 100;

  private static final int MAX_KEPT = 40;
  private static final int HASH_DIGITS = 8;

  /** What every object type, or its conditions, have of their own. */
  private static final Set<String> RESERVED =
      Set.of("_json", "_get", "_entries", "_and", "_or", "_not", "_exists", "_id", "_revision");

  /** What the name of a type is followed by in names of types that belong to it. */
  private static final List<String> SUFFIXES =
      List.of(
          "Where", "Where_list", "Connection", "Edge", "WatchEvent", "Input", "Patch", "Payload");

  private Names() {}

  /**
   * Whether a type of the data may not have the name, since it would be one that belongs to
   * another.
   */
  static boolean isReservedType(String name) {
    return SUFFIXES.stream().anyMatch(name::endsWith);
  }

  /**
   * The name of the field for the member {@code name} of an object; {@code isTaken} ones are not.
   */
  static String ofField(String name, Predicate<String> isTaken) {
    return isLegal(name) && !RESERVED.contains(name) && !isTaken.test(name)
        ? name
        : hashed(name, isTaken);
  }

  /**
   * The name of the type of documents whose type is {@code value}: FogSignal for fog-signal, and
   * DocumentType for document, since {@code isReserved} is so by another meaning.
   */
  static String ofType(String value, Predicate<String> isTaken, Predicate<String> isReserved) {
    StringBuilder words = new StringBuilder();
    boolean isStart = true;
    for (int i = 0; i < value.length() && words.length() <= MAX_LENGTH; i++) {
      char c = value.charAt(i);
      boolean isLetter = isPlain(c) && c != '_';
      if (isLetter) {
        words.append(isStart ? Character.toUpperCase(c) : c);
      }
      isStart = !isLetter;
    }
    String name = isReserved.test(words.toString()) ? words + "Type" : words.toString();
    boolean isGood =
        isLegal(name) && !isDigit(name.charAt(0)) && !isTaken.test(name) && !isReserved.test(name);
    return isGood ? name : hashed("Type_" + value, isTaken);
  }

  /** The type of what is in the field {@code field} of the type {@code parent}. */
  static String below(String parent, String field, Predicate<String> isTaken) {
    String name = parent + "_" + field;
    return isLegal(name) && !isTaken.test(name) ? name : hashed(name, isTaken);
  }

  /** The field for all documents of a type: lighthouses for Lighthouse. */
  static String plural(String type, Predicate<String> isTaken) {
    String name = type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
    String plural;
    if (name.matches(".*(s|x|z|ch|sh)")) {
      plural = name + "es";
    } else if (name.matches(".*[bcdfghjklmnpqrstvwxz]y")) {
      plural = name.substring(0, name.length() - 1) + "ies";
    } else {
      plural = name + "s";
    }
    return isTaken.test(plural) ? hashed(plural, isTaken) : plural;
  }

  public static boolean isLegal(String name) {
    if (name.isEmpty()
        || name.length() > MAX_LENGTH
        || name.startsWith("__")
        || isDigit(name.charAt(0))) {
      return false;
    }
    return name.chars().allMatch(c -> isPlain((char) c));
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** As many digits more as it takes. */
  static String hashed(String name, Predicate<String> isTaken) {
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < name.length() && kept.length() < MAX_KEPT; i++) {
      char c = name.charAt(i);
      boolean isFirstDigit = kept.length() == 0 && (isDigit(c) || c == '_');
      if (isPlain(c) && !isFirstDigit) {
        kept.append(c);
      } else if (kept.length() > 0 || isDigit(c)) {
        kept.append(isDigit(c) ? "n" + c : "_");
      }
    }
    if (kept.length() == 0) {
      kept.append("field");
    }
    String hash = sha256(name);
    int digits = HASH_DIGITS;
    while (digits < hash.length() && isTaken.test(kept + "_" + hash.substring(0, digits))) {
      digits += HASH_DIGITS;
    }
    return kept + "_" + hash.substring(0, digits);
  }

  static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_16BE));
      StringBuilder hex = new StringBuilder();
      for (byte b : digest) {
        hex.append(Character.forDigit((b >> 4) & 15, 16)).append(Character.forDigit(b & 15, 16));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
