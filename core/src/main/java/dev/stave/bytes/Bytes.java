package dev.stave.bytes;

import java.util.Arrays;

/** The order of byte strings, and ranges in it. */
public final class Bytes {

  private Bytes() {}

  /** Unsigned, byte by byte; of two that agree so far the shorter comes first. */
  public static int compare(byte[] left, byte[] right) {
    return compare(left, 0, left.length, right);
  }

  /**
   * As {@link #compare(byte[], byte[])}, of {@code length} bytes at {@code from} in {@code left}.
   */
  public static int compare(byte[] left, int from, int length, byte[] right) {
    return compare(left, from, length, right, right.length);
  }

  /** As above, with the first {@code rightLength} bytes of {@code right}. */
  public static int compare(byte[] left, int from, int length, byte[] right, int rightLength) {
    int shared = Math.min(length, rightLength);
    for (int i = 0; i < shared; i++) {
      if (left[from + i] != right[i]) {
        return (left[from + i] & 0xff) - (right[i] & 0xff);
      }
    }
    return length - rightLength;
  }

  /** How many bytes both begin with. */
  public static int sharedPrefix(byte[] left, byte[] right) {
    return sharedPrefix(left, left.length, right, right.length);
  }

  /** How many bytes the first {@code leftLength} and {@code rightLength} of both begin with. */
  public static int sharedPrefix(byte[] left, int leftLength, byte[] right, int rightLength) {
    int shared = Math.min(leftLength, rightLength);
    int i = 0;
    while (i < shared && left[i] == right[i]) {
      i++;
    }
    return i;
  }

  /** The first byte string after all that begin with {@code prefix}. */
  public static byte[] afterPrefix(byte[] prefix) {
    for (int i = prefix.length - 1; i >= 0; i--) {
      if (prefix[i] != (byte) 0xff) {
        byte[] after = Arrays.copyOf(prefix, i + 1);
        after[i]++;
        return after;
      }
    }
    throw new IllegalArgumentException("nothing comes after a prefix of 0xff only");
  }
}
