package dev.stave.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON into a tree and refuses what a document may not hold, naming the place.
 *
 * <p>The tree is built from tokens by hand, and not by the mapper, because duplicate keys, depth,
 * lone surrogates and the size of numbers are then checked where they stand, for free.
 */
final class JsonReader {

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNestingDepth(JsonLimits.MAX_DEPTH + 1) // ours speaks first, with the place
                  .build())
          .build();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** All digits, and room for sign, point, exponent and some zeros. */
  private static final int LONGEST_NUMBER = JsonLimits.MAX_NUMBER_DIGITS + 32;

  /** With a mantissa of 1,000 digits an exponent of five may still be in bounds; one of six not. */
  private static final int LONGEST_EXPONENT = 5;

  private final JsonParser parser;
  private final boolean isTrusted; // it was checked when it was written
  private boolean isRewritten;
  private int depth;

  private JsonReader(JsonParser parser, boolean isTrusted) {
    this.parser = parser;
    this.isTrusted = isTrusted;
  }

  /**
   * A value, and whether the JSON writes a number otherwise than we would: a zero with more than
   * one digit, an exponent.
   */
  record Read(JsonNode value, boolean isRewritten) {}

  /** Any JSON value; refuses malformed bytes and what is over {@link JsonLimits}. */
  static Read read(byte[] json) {
    int malformed = Utf8.firstMalformed(json);
    if (malformed >= 0) {
      throw new InvalidJsonException(
          json[malformed] == 0
              ? "not well-formed UTF-8 JSON, which has no NUL byte"
              : "not well-formed UTF-8",
          "",
          malformed);
    }
    try (JsonParser parser = FACTORY.createParser(json)) {
      JsonReader reader = new JsonReader(parser, false);
      JsonNode value = reader.document();
      return new Read(value, reader.isRewritten);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a byte array does not fail to be read
    }
  }

  /** What stands from {@code from} on, which was read and written before. */
  static JsonNode readTrusted(byte[] json, int from) {
    return readTrusted(json, from, json.length);
  }

  /** As {@link #readTrusted(byte[], int)}, before {@code to}. */
  static JsonNode readTrusted(byte[] json, int from, int to) {
    try (JsonParser parser = FACTORY.createParser(json, from, to - from)) {
      return new JsonReader(parser, true).document();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first value at {@code path} in an object that was read and written before, or null. */
  static @Nullable JsonNode valueAt(byte[] json, int from, JsonPath path) {
    try (JsonParser parser = FACTORY.createParser(json, from, json.length - from)) {
      return new JsonReader(parser, true).valueAt(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable JsonNode valueAt(JsonPath path) throws IOException {
    JsonToken token = parser.nextToken();
    for (int step = 0; step < path.steps().size(); step++) {
      if (token != JsonToken.START_OBJECT) {
        return path.from(step).first(value(token)); // of an array, few are large
      }
      String sought = path.memberAt(step);
      String name = parser.nextFieldName();
      while (name != null && !name.equals(sought)) {
        parser.nextToken();
        parser.skipChildren();
        name = parser.nextFieldName();
      }
      if (name == null) {
        return null;
      }
      token = parser.nextToken();
    }
    return value(token);
  }

  private JsonNode document() throws IOException {
    try {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw invalid("empty: expected a JSON value");
      }
      JsonNode value = value(token);
      if (parser.nextToken() != null) {
        throw invalid("something follows the end of the JSON value");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new InvalidJsonException(
          "malformed JSON: " + plain(e.getOriginalMessage()), pointer(), offset(e));
    }
  }

  private JsonNode value(JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> TextNode.valueOf(text(parser.getText()));
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> decimal();
      case VALUE_TRUE -> BooleanNode.TRUE;
      case VALUE_FALSE -> BooleanNode.FALSE;
      case VALUE_NULL -> NullNode.getInstance();
      default -> throw invalid("malformed JSON: unexpected " + token);
    };
  }

  private ObjectNode object() throws IOException {
    descend();
    ObjectNode object = NODES.objectNode();
    String name;
    while ((name = parser.nextFieldName()) != null) {
      text(name);
      JsonToken token = parser.nextToken();
      if (!isTrusted && object.has(name)) {
        throw invalid("duplicate key");
      }
      object.set(name, value(token));
    }
    depth--;
    return object;
  }

  private ArrayNode array() throws IOException {
    descend();
    ArrayNode array = NODES.arrayNode();
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      array.add(value(token));
    }
    depth--;
    return array;
  }

  private void descend() {
    if (++depth > JsonLimits.MAX_DEPTH) {
      throw invalid("nested deeper than " + JsonLimits.MAX_DEPTH);
    }
  }

  private JsonNode integer() throws IOException {
    if (parser.getTextLength() < 18) {
      long value = parser.getLongValue();
      isRewritten |= value == 0 && parser.getTextLength() > 1;
      return (int) value == value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }
    BigDecimal exact = checked(parser.getText());
    BigInteger value = exact.toBigIntegerExact();
    return value.bitLength() < Long.SIZE
        ? LongNode.valueOf(value.longValue())
        : BigIntegerNode.valueOf(value);
  }

  private JsonNode decimal() throws IOException {
    return DecimalNode.valueOf(checked(parser.getText()));
  }

  /**
   * Digits are counted in the value and not in the text, since what is written of it may have some
   * more zeros, and must be read again.
   */
  private BigDecimal checked(String number) {
    if (number.length() > LONGEST_NUMBER) {
      throw invalid("number of more than " + JsonLimits.MAX_NUMBER_DIGITS + " digits");
    }
    int exponentAt = Math.max(number.indexOf('e'), number.indexOf('E'));
    if (exponentAt >= 0 && exponentLength(number, exponentAt) > LONGEST_EXPONENT) {
      throw invalid("number with an exponent beyond " + JsonLimits.MAX_EXPONENT);
    }
    BigDecimal value = new BigDecimal(number);
    if (value.precision() > JsonLimits.MAX_NUMBER_DIGITS) {
      throw invalid("number of more than " + JsonLimits.MAX_NUMBER_DIGITS + " digits");
    }
    long magnitude = (long) value.precision() - value.scale() - 1;
    if (value.signum() != 0 && Math.abs(magnitude) > JsonLimits.MAX_EXPONENT) {
      throw invalid("number with an exponent beyond " + JsonLimits.MAX_EXPONENT);
    }
    isRewritten |= value.signum() == 0 || exponentAt >= 0;
    return value.signum() == 0 ? BigDecimal.ZERO : value;
  }

  /** The digits of the exponent, without its sign and leading zeros. */
  private static int exponentLength(String number, int exponentAt) {
    int from = exponentAt + 1;
    while (from < number.length() && "+-0".indexOf(number.charAt(from)) >= 0) {
      from++;
    }
    return number.length() - from;
  }

  private String text(String text) {
    for (int i = isTrusted ? text.length() : 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      throw invalid("lone surrogate in a string");
    }
    return text;
  }

  private InvalidJsonException invalid(String what) {
    long at = Math.max(0, parser.currentTokenLocation().getByteOffset()); // -1 before the first
    return new InvalidJsonException(what, pointer(), at);
  }

  private String pointer() {
    return parser.getParsingContext().pathAsPointer().toString();
  }

  private static long offset(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
  }

  /** Jackson's words in one line, without its advice on its own settings. */
  private static String plain(String message) {
    int end = message.indexOf('\n');
    return (end < 0 ? message : message.substring(0, end))
        .replaceAll("\\[Source: [^;]*; ([^]]*)]", "$1")
        .replaceAll(": enable `.*", "");
  }
}
