package dev.stave.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One place in a document: a JSON Pointer, whole by RFC 6901. {@code /address/city}, {@code
 * /tags/0}; the empty one is the document itself. In a name {@code ~} is written {@code ~0} and a
 * slash {@code ~1}.
 *
 * <p>Jackson has a class of this name. It takes {@code /~2} for a pointer, which RFC 6901 does not,
 * and it only reads.
 */
public record JsonPointer(List<String> tokens) {

  /** The pointer to the whole. */
  public static final JsonPointer ROOT = new JsonPointer(List.of());

  private static final int SHOWN_AT_EACH_END = 80;

  public JsonPointer {
    tokens = List.copyOf(tokens);
    for (String token : tokens) {
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(token)) {
        throw new InvalidPointerException(
            "lone surrogate in a pointer", token.replaceAll("\\p{Cs}", "?"));
      }
    }
  }

  /**
   * Reads the text form.
   *
   * @throws InvalidPointerException if it does not begin with a slash, or has a {@code ~} that is
   *     not {@code ~0} or {@code ~1}
   */
  public static JsonPointer parse(String text) {
    if (text.isEmpty()) {
      return ROOT;
    }
    if (text.charAt(0) != '/') {
      throw new InvalidPointerException("a pointer is empty or begins with a slash", text);
    }
    List<String> tokens = new ArrayList<>();
    for (String token : text.substring(1).split("/", -1)) {
      tokens.add(unescaped(token, text));
    }
    return new JsonPointer(tokens);
  }

  private static String unescaped(String token, String text) {
    int tilde = token.indexOf('~');
    while (tilde >= 0) {
      char next = tilde + 1 < token.length() ? token.charAt(tilde + 1) : ' ';
      if (next != '0' && next != '1') {
        throw new InvalidPointerException("in a pointer ~ is followed by 0 or 1", text);
      }
      tilde = token.indexOf('~', tilde + 1);
    }
    return token.replace("~1", "/").replace("~0", "~"); // in this order: ~01 is ~1
  }

  /** The value at this place, a copy of the caller's own; empty if there is none. */
  public Optional<JsonNode> get(JsonObject document) {
    return Optional.ofNullable(find(document.sharedTree())).map(JsonNode::deepCopy);
  }

  /** The value itself, without a copy, for code that only reads. */
  public @Nullable JsonNode find(JsonNode root) {
    JsonNode at = root;
    for (int i = 0; at != null && i < tokens.size(); i++) {
      at = at.isArray() ? at.get(index(tokens.get(i))) : at.get(tokens.get(i));
    }
    return at;
  }

  /** The array index that {@code token} is, or -1: digits, and no leading zero. */
  static int index(String token) {
    boolean fits = !token.isEmpty() && token.length() <= 9;
    for (int i = 0; fits && i < token.length(); i++) {
      fits = token.charAt(i) >= '0' && token.charAt(i) <= '9';
    }
    return fits && (token.length() == 1 || token.charAt(0) != '0') ? Integer.parseInt(token) : -1;
  }

  /**
   * The document with {@code value} at this place. A member is added or replaced, an element
   * replaced; {@code -}, or the index after the last, adds an element. What is above the place must
   * be there.
   *
   * @throws PatchFailedException if it is not
   * @throws InvalidJsonException if the value may not be in a document, or lies too deep
   */
  public JsonObject set(JsonObject document, JsonNode value) {
    PatchedTree tree = new PatchedTree(document.sharedTree());
    tree.set(this, JsonObject.copyOf(value));
    return tree.toObject();
  }

  /**
   * The document without the value at this place; elements behind it move up.
   *
   * @throws PatchFailedException if there is none, or this is the root
   */
  public JsonObject remove(JsonObject document) {
    PatchedTree tree = new PatchedTree(document.sharedTree());
    tree.remove(this);
    return tree.toObject();
  }

  /** The place above; of the root there is none. */
  JsonPointer parent() {
    return new JsonPointer(tokens.subList(0, tokens.size() - 1));
  }

  String last() {
    return tokens.get(tokens.size() - 1);
  }

  boolean isRoot() {
    return tokens.isEmpty();
  }

  /** Whether {@code other} is below this place. */
  boolean isAbove(JsonPointer other) {
    return tokens.size() < other.tokens.size()
        && Collections.indexOfSubList(other.tokens.subList(0, tokens.size()), tokens) == 0;
  }

  /** For a message, which is a line: of a long one the beginning and the end. */
  String shown() {
    return shown(toString());
  }

  static String shown(String pointer) {
    return pointer.isEmpty()
        ? "(root)"
        : pointer.length() <= 2 * SHOWN_AT_EACH_END
            ? pointer
            : pointer.substring(0, SHOWN_AT_EACH_END)
                + "…"
                + pointer.substring(pointer.length() - SHOWN_AT_EACH_END);
  }

  /** The text form, which {@link #parse} reads back. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String token : tokens) {
      text.append('/').append(token.replace("~", "~0").replace("/", "~1"));
    }
    return text.toString();
  }
}
