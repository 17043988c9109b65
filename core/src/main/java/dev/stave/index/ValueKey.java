package dev.stave.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.bytes.ByteWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * A JSON value as bytes that sort as {@link dev.stave.json.JsonOrder} sorts values.
 *
 * <pre>
 * null 01 | false 02 | true 03
 * number  04 00 complement(magnitude) ff     below zero
 *         04 01                              zero
 *         04 02 magnitude                    above zero
 * string  05 UTF-8, of which only the first 256 bytes
 * array   06 u32(elements)                   of arrays and objects only the type and the size
 * object  07 u32(members)
 * magnitude = u16(exponent + 8000 hex) pair*     0.d1d2d3… times 10 to the exponent, d1 not 0;
 *                                                pair: two digits as 1 to 100, the last zeros cut
 * </pre>
 *
 * All numbers are one line, whatever they were written as: 9.5 lies between 9 and 10, and
 * 9007199254740993 is not 9007199254740992.
 */
final class ValueKey {

  /** Of longer strings the key has a beginning only: whoever meets one looks at the document. */
  static final int MAX_STRING_BYTES = 256;

  static final int MAX_BYTES = 1 + 3 + 1 + 512; // the longest is a number of 1,000 digits

  /** A key's first byte, its type, takes so many bits. */
  static final int TYPE_BITS = 3;

  static final int NULL = 1;
  static final int FALSE = 2;
  static final int TRUE = 3;
  static final int NUMBER = 4;
  static final int STRING = 5;
  static final int ARRAY = 6;
  static final int OBJECT = 7;

  /** A whole number of more digits is written with an exponent. */
  private static final int MAX_PLAIN_DIGITS = 21;

  private static final int EXPONENT_BIAS = 0x8000;

  private ValueKey() {}

  /** The key of {@code value}. */
  static byte[] of(JsonNode value) {
    ByteWriter out = new ByteWriter(16);
    write(value, out);
    return out.toBytes();
  }

  static void write(JsonNode value, ByteWriter out) {
    if (value.isTextual()) {
      byte[] utf8 = value.textValue().getBytes(StandardCharsets.UTF_8);
      out.u8(STRING).raw(utf8, 0, Math.min(utf8.length, MAX_STRING_BYTES));
    } else if (value.isNumber()) {
      number(value, out);
    } else if (value.isObject()) {
      out.u8(OBJECT).u32(value.size());
    } else if (value.isArray()) {
      out.u8(ARRAY).u32(value.size());
    } else {
      out.u8(value.isNull() ? NULL : value.booleanValue() ? TRUE : FALSE);
    }
  }

  /** The key of a document's id: whole, so that a document can be found by it. */
  static void writeId(String id, ByteWriter out) {
    out.u8(STRING).raw(id.getBytes(StandardCharsets.UTF_8));
  }

  private static void number(JsonNode number, ByteWriter out) {
    out.u8(NUMBER);
    String digits;
    int exponent;
    int sign;
    if (number.isIntegralNumber() && number.canConvertToLong()) {
      long value = number.longValue();
      sign = Long.signum(value);
      digits = Long.toString(value).substring(sign < 0 ? 1 : 0);
      exponent = digits.length();
    } else {
      BigDecimal value = number.decimalValue();
      sign = value.signum();
      BigInteger unscaled = value.unscaledValue().abs();
      digits =
          unscaled.bitLength() < Long.SIZE
              ? Long.toString(unscaled.longValue()) // BigInteger's own takes many times as long
              : unscaled.toString();
      exponent = digits.length() - value.scale();
    }
    out.u8(sign + 1);
    if (sign == 0) {
      return;
    }
    int flip = sign < 0 ? 0xff : 0;
    int biased = exponent + EXPONENT_BIAS;
    out.u8((biased >>> 8) ^ flip).u8((biased & 0xff) ^ flip);
    int last = digits.length();
    while (last > 1 && digits.charAt(last - 1) == '0') {
      last--;
    }
    for (int i = 0; i < last; i += 2) {
      int low = i + 1 < last ? digits.charAt(i + 1) - '0' : 0;
      out.u8(((digits.charAt(i) - '0') * 10 + low + 1) ^ flip);
    }
    if (sign < 0) {
      out.u8(0xff); // of two that agree so far the one with more digits is the smaller
    }
  }

  /** The value of a key that is not coarse. A number's digits are those that count. */
  static JsonNode value(byte[] key) {
    return switch (key[0]) {
      case NULL -> NullNode.getInstance();
      case FALSE -> BooleanNode.FALSE;
      case TRUE -> BooleanNode.TRUE;
      case NUMBER -> number(key);
      case STRING -> TextNode.valueOf(text(key));
      default -> throw new IllegalArgumentException("the key does not hold its value");
    };
  }

  private static JsonNode number(byte[] key) {
    int sign = key[1] - 1;
    if (sign == 0) {
      return IntNode.valueOf(0);
    }
    int flip = sign < 0 ? 0xff : 0;
    int biased = ((key[2] & 0xff) ^ flip) << 8 | (key[3] & 0xff) ^ flip;
    int end = sign < 0 ? key.length - 1 : key.length;
    StringBuilder digits = new StringBuilder();
    for (int i = 4; i < end; i++) {
      int pair = ((key[i] & 0xff) ^ flip) - 1;
      digits.append((char) ('0' + pair / 10)).append((char) ('0' + pair % 10));
    }
    BigDecimal value =
        new BigDecimal(
                new BigInteger(digits.toString()), digits.length() - (biased - EXPONENT_BIAS))
            .stripTrailingZeros();
    BigDecimal signed = sign < 0 ? value.negate() : value;
    if (signed.scale() > 0 || signed.precision() - signed.scale() > MAX_PLAIN_DIGITS) {
      return DecimalNode.valueOf(signed);
    }
    return signed.precision() - signed.scale() <= 18
        ? LongNode.valueOf(signed.longValueExact())
        : BigIntegerNode.valueOf(signed.toBigIntegerExact());
  }

  /** The string that this is the key of, as far as the key has it. */
  static String text(byte[] key) {
    return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
  }

  /** Whether the key may be that of more than one value, which only the document can tell apart. */
  static boolean isCoarse(byte[] key) {
    return key[0] >= ARRAY || isLongString(key);
  }

  /** Whether the key is the beginning of a string that is longer, or may be. */
  static boolean isLongString(byte[] key) {
    return key[0] == STRING && key.length > MAX_STRING_BYTES;
  }
}
