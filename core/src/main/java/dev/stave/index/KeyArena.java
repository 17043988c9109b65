package dev.stave.index;

import java.util.Arrays;

/**
 * Keys, each known by a number. A short key is in its number; longer ones stand one after another
 * in large chunks, each behind its length. Written as columns are.
 *
 * <p>A key's <i>prefix</i> is its first seven bytes, zeros behind a shorter one, and its length as
 * far as that is up to eight: a number that compares, signed, as the keys do as far as it tells
 * them apart. The number of a short key is its prefix.
 */
final class KeyArena {

  private static final int CHUNK_BITS = 16;
  private static final int CHUNK_SIZE = 1 << CHUNK_BITS;
  private static final int LENGTH_BYTES = 2;
  private static final int PREFIX_BYTES = 7;
  private static final int LONG = PREFIX_BYTES + 1;

  private volatile byte[][] chunks = new byte[0][];
  private int used = CHUNK_SIZE; // of the last chunk; there is none yet

  /** Stores a copy of the first {@code length} bytes of {@code key} and gives its number. */
  long add(byte[] key, int length) {
    if (length <= PREFIX_BYTES) {
      return prefix(key, 0, length);
    }
    if (used + LENGTH_BYTES + length > CHUNK_SIZE) {
      byte[][] more = Arrays.copyOf(chunks, chunks.length + 1);
      more[chunks.length] = new byte[CHUNK_SIZE];
      chunks = more;
      used = 0;
    }
    byte[] chunk = chunks[chunks.length - 1];
    long address = (long) (chunks.length - 1) << CHUNK_BITS | used;
    chunk[used] = (byte) (length >>> 8);
    chunk[used + 1] = (byte) length;
    System.arraycopy(key, 0, chunk, used + LENGTH_BYTES, length);
    used += LENGTH_BYTES + length;
    return address << 8 | LONG;
  }

  private static long prefix(byte[] bytes, int from, int length) {
    long prefix = 0;
    for (int i = 0; i < PREFIX_BYTES; i++) {
      prefix = prefix << 8 | (i < length ? bytes[from + i] & 0xff : 0);
    }
    return (prefix << 8 | Math.min(length, LONG)) ^ Long.MIN_VALUE;
  }

  /** Whether a number, or a prefix, holds its key whole. */
  static boolean isWhole(long number) {
    return (number & 0xff) <= PREFIX_BYTES;
  }

  /** What the chunks take. */
  long bytes() {
    return (long) chunks.length * CHUNK_SIZE;
  }

  private byte[] chunk(long number) {
    return chunks[(int) (number >>> 8 + CHUNK_BITS)];
  }

  private static int place(long number) {
    return (int) (number >>> 8) & CHUNK_SIZE - 1;
  }

  private static int length(byte[] chunk, int at) {
    return ((chunk[at] & 0xff) << 8) | (chunk[at + 1] & 0xff);
  }

  byte[] get(long number) {
    if (isWhole(number)) {
      byte[] key = new byte[(int) (number & 0xff)];
      long bytes = number ^ Long.MIN_VALUE;
      for (int i = 0; i < key.length; i++) {
        key[i] = (byte) (bytes >>> 56 - 8 * i);
      }
      return key;
    }
    byte[] chunk = chunk(number);
    int from = place(number) + LENGTH_BYTES;
    return Arrays.copyOfRange(chunk, from, from + length(chunk, place(number)));
  }

  long prefix(long number) {
    if (isWhole(number)) {
      return number;
    }
    return prefix(chunk(number), place(number) + LENGTH_BYTES, LONG);
  }

  int compare(long left, long right) {
    long leftPrefix = prefix(left);
    long rightPrefix = prefix(right);
    if (leftPrefix != rightPrefix) {
      return Long.compare(leftPrefix, rightPrefix);
    }
    if (isWhole(left)) {
      return 0;
    }
    byte[] r = chunk(right);
    int at = place(right);
    return compareLong(left, r, at + LENGTH_BYTES, length(r, at));
  }

  int compare(long number, byte[] key) {
    long keyPrefix = prefix(key, 0, key.length);
    long prefix = prefix(number);
    if (prefix != keyPrefix) {
      return Long.compare(prefix, keyPrefix);
    }
    return isWhole(number) ? 0 : compareLong(number, key, 0, key.length);
  }

  private int compareLong(long left, byte[] right, int rightFrom, int rightLength) {
    byte[] chunk = chunk(left);
    int from = place(left) + LENGTH_BYTES;
    int leftLength = length(chunk, place(left));
    int shared = Math.min(leftLength, rightLength);
    for (int i = PREFIX_BYTES; i < shared; i++) {
      byte l = chunk[from + i];
      byte r = right[rightFrom + i];
      if (l != r) {
        return (l & 0xff) - (r & 0xff);
      }
    }
    return leftLength - rightLength;
  }
}
