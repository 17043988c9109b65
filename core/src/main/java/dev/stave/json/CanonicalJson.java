package dev.stave.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.bytes.ByteWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * One spelling for each JSON value: RFC 8785 (keys sorted by UTF-16 code units, least escaping, no
 * white space), but that numbers keep every digit.
 *
 * <p>RFC 8785 writes the double nearest to a number. Here the same layout rules are applied to the
 * exact decimal value, so that 9007199254740993 stays itself. For a number that is the shortest
 * writing of a double, as JavaScript prints it, the two agree. See {@code
 * spec/format/canonical-json.md}.
 */
public final class CanonicalJson {

  /** ECMAScript writes a number of more integer digits than this with an exponent. */
  private static final int MOST_INTEGER_DIGITS = 21;

  /** ECMAScript writes a number with more zeros than this after the point with an exponent. */
  private static final int MOST_LEADING_ZEROS = 6;

  private final ByteWriter out = new ByteWriter(1_024);

  private CanonicalJson() {}

  /** The canonical bytes of {@code value}, in UTF-8. */
  public static byte[] bytes(JsonNode value) {
    CanonicalJson writer = new CanonicalJson();
    writer.value(value);
    return writer.out.toBytes();
  }

  /** Adds what {@link #bytes} are to {@code digest}. */
  public static void update(MessageDigest digest, JsonNode value) {
    CanonicalJson writer = new CanonicalJson();
    writer.value(value);
    digest.update(writer.out.array(), 0, writer.out.size());
  }

  private void value(JsonNode value) {
    if (value.isObject()) {
      object(value);
    } else if (value.isArray()) {
      array(value);
    } else if (value.isTextual()) {
      string(value.textValue());
    } else if (value.isNumber()) {
      ascii(number(value));
    } else {
      ascii(value.isNull() ? "null" : value.booleanValue() ? "true" : "false");
    }
  }

  private void object(JsonNode object) {
    List<Map.Entry<String, JsonNode>> members = new ArrayList<>(object.properties());
    members.sort(Map.Entry.comparingByKey());
    out.u8('{');
    for (int i = 0; i < members.size(); i++) {
      if (i > 0) {
        out.u8(',');
      }
      string(members.get(i).getKey());
      out.u8(':');
      value(members.get(i).getValue());
    }
    out.u8('}');
  }

  private void array(JsonNode array) {
    out.u8('[');
    for (Iterator<JsonNode> elements = array.elements(); elements.hasNext(); ) {
      value(elements.next());
      if (elements.hasNext()) {
        out.u8(',');
      }
    }
    out.u8(']');
  }

  private void string(String text) {
    out.u8('"');
    int plain = plainAscii(text);
    int plainFrom = plain;
    for (int i = plain; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\') {
        continue;
      }
      utf8(text.substring(plainFrom, i));
      ascii(escape(c));
      plainFrom = i + 1;
    }
    if (plainFrom < text.length()) {
      utf8(text.substring(plainFrom));
    }
    out.u8('"');
  }

  /** Most text: writes the characters that are one byte each, up to another, and counts them. */
  private int plainAscii(String text) {
    int length = text.length();
    int from = out.skip(length);
    byte[] bytes = out.array();
    int i = 0;
    while (i < length) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        break;
      }
      bytes[from + i++] = (byte) c;
    }
    out.back(length - i);
    return i;
  }

  private static String escape(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format("\\u%04x", (int) c);
    };
  }

  private static String number(JsonNode number) {
    if (number.isInt() || number.isLong()) {
      return Long.toString(number.longValue()); // at most 19 digits: never an exponent
    }
    return number(number.decimalValue());
  }

  /** ECMAScript's Number::toString, on the decimal digits of the exact value. */
  static String number(BigDecimal value) {
    if (value.signum() == 0) {
      return "0";
    }
    BigDecimal shortest = value.abs().stripTrailingZeros();
    String digits = digits(shortest.unscaledValue());
    int integerDigits = digits.length() - shortest.scale(); // where the point stands
    String text;
    if (integerDigits > MOST_INTEGER_DIGITS || integerDigits <= -MOST_LEADING_ZEROS) {
      text = scientific(digits, integerDigits - 1);
    } else if (integerDigits <= 0) {
      text = "0." + zeros(-integerDigits) + digits;
    } else if (integerDigits >= digits.length()) {
      text = digits + zeros(integerDigits - digits.length());
    } else {
      text = digits.substring(0, integerDigits) + '.' + digits.substring(integerDigits);
    }
    return value.signum() < 0 ? '-' + text : text;
  }

  /** {@link BigInteger#toString} takes many times as long, however small the number is. */
  private static String digits(BigInteger number) {
    return number.bitLength() < Long.SIZE ? Long.toString(number.longValue()) : number.toString();
  }

  private static String scientific(String digits, int exponent) {
    String fraction = digits.length() == 1 ? "" : '.' + digits.substring(1);
    return digits.charAt(0) + fraction + 'e' + (exponent < 0 ? "" : "+") + exponent;
  }

  private static String zeros(int count) {
    char[] zeros = new char[count];
    Arrays.fill(zeros, '0');
    return new String(zeros);
  }

  private void ascii(String text) {
    out.raw(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void utf8(String text) {
    out.raw(text.getBytes(StandardCharsets.UTF_8));
  }
}
