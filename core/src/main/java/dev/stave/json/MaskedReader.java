package dev.stave.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;

/**
 * Reads what a mask wants of an object that {@link JsonObject} wrote, and makes nothing of the
 * rest: it goes over that byte by byte, and not at all behind the last member that is wanted.
 *
 * <p>It relies on what the bytes were checked for: they are well-formed and without white space,
 * and no member is there twice. What is rare (escapes, long numbers, objects that are wanted whole)
 * is left to {@link JsonReader}.
 */
final class MaskedReader {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** So many digits are a number that fits a {@code long}. */
  private static final int DIGITS_OF_LONG = 17;

  private final byte[] json;
  private int at;

  // of the string or value that was gone over last
  private int hash;
  private boolean isEscaped;
  private boolean hasObjects;

  private MaskedReader(byte[] json, int from) {
    this.json = json;
    this.at = from;
  }

  /** What {@code mask} wants of the object that begins at {@code from}. */
  static ObjectNode read(byte[] json, int from, JsonMask mask) {
    return new MaskedReader(json, from).object(mask, true);
  }

  /**
   * The object that begins here.
   *
   * @param isLast whether nothing behind it is wanted, so that its end need not be found
   */
  private ObjectNode object(JsonMask mask, boolean isLast) {
    ObjectNode object = NODES.objectNode();
    int left = mask.size();
    at++;
    while (left > 0 && json[at] != '}') {
      at += json[at] == ',' ? 1 : 0;
      int name = at + 1;
      skipString();
      JsonMask.Member member =
          isEscaped
              ? mask.member(JsonReader.readTrusted(json, name - 1, at).textValue())
              : mask.member(json, name, at - 1, hash);
      at++; // the colon
      if (member == null) {
        skip();
      } else {
        left--;
        object.set(member.name(), value(member.below(), isLast && left == 0));
      }
    }
    if (!isLast) {
      skipRest();
    }
    return object;
  }

  /** Goes over what is left of an object, and its end. */
  private void skipRest() {
    while (json[at] != '}') {
      at += json[at] == ',' ? 1 : 0;
      skipString();
      at++; // the colon
      skip();
    }
    at++;
  }

  /** The value that begins here; of an object what {@code mask} wants. */
  private JsonNode value(JsonMask mask, boolean isLast) {
    return json[at] == '{' && !mask.isWhole() ? object(mask, isLast) : value();
  }

  private JsonNode value() {
    int begin = at;
    skip();
    return switch (json[begin]) {
      case '"' -> isEscaped ? read(begin) : text(begin);
      case '{' -> read(begin);
      case '[' -> hasObjects ? read(begin) : array(begin);
      case 't' -> BooleanNode.TRUE;
      case 'f' -> BooleanNode.FALSE;
      case 'n' -> NullNode.getInstance();
      default -> number(begin);
    };
  }

  /** What was gone over, read as all JSON is. */
  private JsonNode read(int begin) {
    return JsonReader.readTrusted(json, begin, at);
  }

  private TextNode text(int begin) {
    return TextNode.valueOf(new String(json, begin + 1, at - begin - 2, StandardCharsets.UTF_8));
  }

  /** An array without objects, once more from its beginning. */
  private ArrayNode array(int begin) {
    ArrayNode array = NODES.arrayNode();
    at = begin + 1;
    while (json[at] != ']') {
      at += json[at] == ',' ? 1 : 0;
      array.add(value());
    }
    at++;
    return array;
  }

  private JsonNode number(int begin) {
    boolean isNegative = json[begin] == '-';
    int first = isNegative ? begin + 1 : begin;
    long value = 0;
    for (int i = first; i < at; i++) {
      int digit = json[i] - '0';
      if (digit < 0 || digit > 9 || i - first == DIGITS_OF_LONG - 1) {
        return read(begin);
      }
      value = 10 * value + digit;
    }
    long number = isNegative ? -value : value;
    return (int) number == number ? IntNode.valueOf((int) number) : LongNode.valueOf(number);
  }

  /** Goes over the value that begins here. */
  private void skip() {
    hasObjects = false;
    byte first = json[at];
    if (first == '"') {
      skipString();
    } else if (first == '{' || first == '[') {
      skipNested();
    } else {
      skipScalar();
    }
  }

  /** A number or a word, which ends where something else begins. */
  private void skipScalar() {
    byte next = json[at];
    while (next != ',' && next != '}' && next != ']') {
      next = json[++at];
    }
  }

  private void skipNested() {
    int depth = 0;
    do {
      byte next = json[at];
      if (next == '"') {
        skipString();
        continue;
      }
      at++;
      if (next == '{' || next == '[') {
        depth++;
        hasObjects |= next == '{';
      } else if (next == '}' || next == ']') {
        depth--;
      }
    } while (depth > 0);
  }

  private void skipString() {
    int own = 0;
    isEscaped = false;
    byte next = json[++at];
    while (next != '"') {
      if (next == '\\') {
        isEscaped = true;
        at++;
      }
      own = JsonMask.hash(own, next);
      next = json[++at];
    }
    at++;
    hash = own;
  }
}
