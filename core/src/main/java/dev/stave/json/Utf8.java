package dev.stave.json;

import java.nio.ByteBuffer;

/** Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF. */
final class Utf8 {

  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /**
   * The offset of the first byte that is not part of well-formed UTF-8, or is NUL, or -1. NUL is
   * never legal in JSON, and refusing it here keeps parsers from guessing at UTF-16 and UTF-32.
   */
  static int firstMalformed(byte[] bytes) {
    ByteBuffer words = ByteBuffer.wrap(bytes);
    int i = 0;
    while (i < bytes.length) {
      if (i + Long.BYTES <= bytes.length && isAsciiWithoutNul(words.getLong(i))) {
        i += Long.BYTES;
        continue;
      }
      byte lead = bytes[i];
      if (lead > 0) {
        i++;
        continue;
      }
      int length = sequenceLength(bytes, i);
      if (length == 0) {
        return i;
      }
      i += length;
    }
    return -1;
  }

  /** Of eight bytes at once. */
  private static boolean isAsciiWithoutNul(long word) {
    return (word & HIGH_BITS) == 0 && (word - LOW_BITS & HIGH_BITS) == 0;
  }

  /** The length of the multi-byte sequence at {@code i}, or 0 if it is not well formed. */
  private static int sequenceLength(byte[] bytes, int i) {
    int lead = bytes[i] & 0xff;
    if (lead >= 0xc2 && lead <= 0xdf) {
      return continues(bytes, i + 1, 1) ? 2 : 0;
    }
    if (lead >= 0xe0 && lead <= 0xef && i + 1 < bytes.length) {
      int second = bytes[i + 1] & 0xff;
      boolean overlong = lead == 0xe0 && second < 0xa0;
      boolean surrogate = lead == 0xed && second > 0x9f;
      return !overlong && !surrogate && continues(bytes, i + 1, 2) ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4 && i + 1 < bytes.length) {
      int second = bytes[i + 1] & 0xff;
      boolean overlong = lead == 0xf0 && second < 0x90;
      boolean beyond = lead == 0xf4 && second > 0x8f;
      return !overlong && !beyond && continues(bytes, i + 1, 3) ? 4 : 0;
    }
    return 0;
  }

  private static boolean continues(byte[] bytes, int from, int count) {
    if (from + count > bytes.length) {
      return false;
    }
    for (int i = from; i < from + count; i++) {
      if ((bytes[i] & 0xc0) != 0x80) {
        return false;
      }
    }
    return true;
  }
}
