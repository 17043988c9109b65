package dev.stave.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The body of a document: a JSON object that never changes. Numbers keep every digit, keys their
 * order. It is made from raw bytes, from a Jackson tree or from an object of the user's, and read
 * as any of them. Safe for use by many threads.
 *
 * <p>What it may hold is in {@link JsonLimits}; two of them are equal if they hold the same values,
 * whatever the order of their keys and the writing of their numbers.
 */
public final class JsonObject {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(JsonReader.FACTORY)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  // at least one of bytes and tree; the other is made when it is asked for
  private volatile byte @Nullable [] bytes;
  private final int from; // of what was read from a row the rest is the object
  private volatile @Nullable ObjectNode tree;

  private JsonObject(byte @Nullable [] json, int from, @Nullable ObjectNode tree) {
    this.bytes = json;
    this.from = from;
    this.tree = tree;
  }

  private byte[] json() {
    byte[] known = bytes;
    if (known == null) {
      known = write(sharedTree());
      bytes = known;
    }
    return known;
  }

  /**
   * Reads the UTF-8 bytes of one JSON object.
   *
   * @throws InvalidJsonException if they are anything else, or over a limit
   */
  public static JsonObject parse(byte[] json) {
    return parseOwned(json.clone());
  }

  /** As {@link #parse(byte[])}; nobody changes the array. */
  private static JsonObject parseOwned(byte[] json) {
    JsonReader.Read read = JsonReader.read(json);
    JsonNode value = read.value();
    if (!value.isObject()) {
      throw new InvalidJsonException(
          "a document is a JSON object, not " + JsonOrder.typeName(value), "", 0);
    }
    byte[] own = !read.isRewritten() && isShort(json) ? json : write(value);
    return new JsonObject(own, 0, (ObjectNode) value);
  }

  /**
   * Whether well-formed JSON has no white space and no escapes for what needs none. Most bytes are
   * of strings, which are gone through in a loop of their own.
   */
  private static boolean isShort(byte[] json) {
    int at = 0;
    while (at < json.length) {
      byte b = json[at++];
      if (b <= ' ' && b >= 0) {
        return false;
      }
      if (b == '"') {
        for (byte c = json[at++]; c != '"'; c = json[at++]) {
          if (c == '\\') {
            byte escaped = json[at++];
            if (escaped == 'u' || escaped == '/') {
              return false;
            }
          }
        }
      }
    }
    return true;
  }

  /** As {@link #parse(byte[])}, from text. */
  public static JsonObject parse(String json) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(json)) {
      throw new InvalidJsonException("lone surrogate in the text"); // UTF-8 would make it a '?'
    }
    return parseOwned(json.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads any JSON value as strictly as a document is read. */
  public static JsonNode parseValue(byte[] json) {
    return JsonReader.read(json).value();
  }

  /** Copies {@code tree}. Raw bytes are the faster way in, since a tree is written and checked. */
  public static JsonObject of(ObjectNode tree) {
    return parseOwned(write(tree));
  }

  /**
   * What Jackson makes of an object of the user's own class, a record, or a {@code Map}. On Android
   * the components of a record must be named by {@code @JsonProperty}, here and in {@link #as}.
   *
   * @throws InvalidJsonException if Jackson cannot write it, or does not write an object
   */
  public static JsonObject from(Object value) {
    return parseOwned(write(value));
  }

  /** Copies any value as strictly as {@link #of} copies a document. */
  public static JsonNode copyOf(JsonNode value) {
    return parseValue(write(value));
  }

  /**
   * Wraps a tree whose parts are those of documents, which stay as they are, as the tree does:
   * nothing is copied, and the depth alone is looked at. It is written when its bytes are asked
   * for.
   *
   * @throws InvalidJsonException if it is nested too deep
   */
  public static JsonObject ofParts(ObjectNode tree) {
    JsonDepth.check(tree);
    return new JsonObject(null, 0, tree);
  }

  /**
   * Wraps bytes that this class wrote before, those from {@code from} on, without a copy and
   * without checking them again.
   */
  public static JsonObject trusted(byte[] json, int from) {
    return new JsonObject(json, from, null);
  }

  /** This object as a Jackson tree that is the caller's to change. */
  public ObjectNode tree() {
    return sharedTree().deepCopy();
  }

  /**
   * The tree itself, without a copy, for code that only reads. Whoever changes it breaks this
   * object for everyone.
   */
  public ObjectNode sharedTree() {
    ObjectNode known = tree;
    if (known == null) {
      known = (ObjectNode) JsonReader.readTrusted(json(), from);
      tree = known;
    }
    return known;
  }

  /**
   * What {@code mask} wants of this, as an object of its own. Nothing is made of what it does not
   * want, unless the whole tree is there already: then that is all that the other has, too.
   */
  public JsonObject masked(JsonMask mask) {
    byte[] known = bytes;
    return mask.isWhole() || tree != null || known == null
        ? this
        : new JsonObject(null, 0, MaskedReader.read(known, from, mask));
  }

  /**
   * The first value at {@code path}, or null if there is none. It reads no further than that value.
   *
   * @throws IllegalArgumentException if the path has wildcards
   */
  public @Nullable JsonNode valueAt(JsonPath path) {
    ObjectNode known = tree;
    return known == null ? JsonReader.valueAt(json(), from, path) : path.first(known);
  }

  /**
   * This object as the user's own class, by Jackson's rules. Members that the class does not have
   * are left out.
   *
   * @throws InvalidJsonException if it does not fit the class
   */
  public <T> T as(Class<T> type) {
    try {
      return MAPPER.readValue(json(), from, size(), type);
    } catch (InvalidDefinitionException e) {
      throw unknownMembers(type, e);
    } catch (JsonProcessingException e) {
      throw new InvalidJsonException(
          "does not fit " + type.getName() + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a byte array does not fail to be read
    }
  }

  /** The UTF-8 bytes, without white space. A copy. */
  public byte[] bytes() {
    byte[] own = json();
    return Arrays.copyOfRange(own, from, own.length);
  }

  /** The number of {@link #bytes()}. */
  public int size() {
    return json().length - from;
  }

  /** Copies {@link #bytes()} into {@code target}, beginning at {@code offset}. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(json(), from, target, offset, size());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonObject that
        && (Arrays.equals(bytes(), that.bytes())
            || Arrays.equals(
                CanonicalJson.bytes(sharedTree()), CanonicalJson.bytes(that.sharedTree())));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(CanonicalJson.bytes(sharedTree()));
  }

  /** The JSON text, without white space. */
  @Override
  public String toString() {
    return new String(json(), from, size(), StandardCharsets.UTF_8);
  }

  private static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (InvalidDefinitionException e) {
      throw unknownMembers(value.getClass(), e);
    } catch (JsonProcessingException e) {
      throw new InvalidJsonException("cannot be written as JSON: " + e.getOriginalMessage());
    }
  }

  /** On Android a record is an ordinary class, whose components nobody can name but its author. */
  private static InvalidJsonException unknownMembers(
      Class<?> type, InvalidDefinitionException why) {
    return new InvalidJsonException(
        "Jackson does not know the members of "
            + type.getName()
            + ": name them by @JsonProperty, which the components of a record need on Android ("
            + why.getOriginalMessage()
            + ")");
  }
}
