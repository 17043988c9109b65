package dev.stave.server.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * A key as bytes that sort as CouchDB sorts keys: as {@link dev.stave.json.JsonOrder}, but that the
 * members of an object count in the order in which they stand. No key's bytes are the beginning of
 * another's.
 *
 * <pre>
 * null 01 | false 02 | true 03
 * number  04 00 complement(magnitude) ff     below zero
 *         04 01                              zero
 *         04 02 magnitude 00                 above zero
 * string  05 text 00                         UTF-8, of which 00 is written 01 01, and 01 as 01 02
 * array   06 key* 00
 * object  07 (string key)* 00                members as they stand
 * magnitude = u16(exponent + 8000 hex) pair* 0.d1d2d3… times 10 to the exponent, d1 not 0;
 *                                            pair: two digits as 1 to 100, the last zeros cut
 * </pre>
 */
final class ViewKey {

  private static final int EXPONENT_BIAS = 0x8000;

  private ViewKey() {}

  static byte[] of(JsonNode value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(value, out);
    return out.toByteArray();
  }

  /** Compares two keys. */
  static int compare(JsonNode left, JsonNode right) {
    return Arrays.compareUnsigned(of(left), of(right));
  }

  private static void write(JsonNode value, ByteArrayOutputStream out) {
    if (value.isTextual()) {
      text(value.textValue(), out);
    } else if (value.isNumber()) {
      number(value.decimalValue(), out);
    } else if (value.isArray()) {
      out.write(6);
      value.forEach(element -> write(element, out));
      out.write(0);
    } else if (value.isObject()) {
      out.write(7);
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        text(member.getKey(), out);
        write(member.getValue(), out);
      }
      out.write(0);
    } else {
      out.write(value.isNull() ? 1 : value.booleanValue() ? 3 : 2);
    }
  }

  private static void text(String text, ByteArrayOutputStream out) {
    out.write(5);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b == 0 || b == 1) {
        out.write(1);
        out.write(b + 1);
      } else {
        out.write(b);
      }
    }
    out.write(0);
  }

  private static void number(BigDecimal value, ByteArrayOutputStream out) {
    int sign = value.signum();
    out.write(4);
    out.write(sign + 1);
    if (sign == 0) {
      return;
    }
    String digits = value.unscaledValue().abs().toString();
    int biased = digits.length() - value.scale() + EXPONENT_BIAS;
    int flip = sign < 0 ? 0xff : 0;
    out.write(biased >>> 8 ^ flip);
    out.write(biased & 0xff ^ flip);
    int last = digits.length();
    while (last > 1 && digits.charAt(last - 1) == '0') {
      last--;
    }
    for (int i = 0; i < last; i += 2) {
      int low = i + 1 < last ? digits.charAt(i + 1) - '0' : 0;
      out.write((digits.charAt(i) - '0') * 10 + low + 1 ^ flip);
    }
    out.write(flip); // of two that agree so far the one with more digits is further from zero
  }

  /** The first key after all that begin with {@code prefix}, which is not all ff. */
  static byte[] after(byte[] prefix) {
    int last = prefix.length - 1;
    while (prefix[last] == (byte) 0xff) {
      last--;
    }
    byte[] next = Arrays.copyOf(prefix, last + 1);
    next[last]++;
    return next;
  }
}
