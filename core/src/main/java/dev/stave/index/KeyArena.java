package dev.stave.index;

import dev.stave.bytes.ByteWriter;
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
  static final int PREFIX_BYTES = 7;
  private static final int LONG = PREFIX_BYTES + 1;

  private volatile byte[][] chunks = new byte[0][];
  private int used = CHUNK_SIZE; // of the last chunk; there is none yet

  /** Another one with the same keys by the same numbers, which shares the chunks that are full. */
  KeyArena copy() {
    KeyArena copy = new KeyArena();
    copy.chunks = chunks.clone();
    int last = copy.chunks.length - 1;
    if (last >= 0) {
      copy.chunks[last] = copy.chunks[last].clone();
    }
    copy.used = used;
    return copy;
  }

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

  /** Appends the key to {@code out}. */
  void write(long number, ByteWriter out) {
    if (isWhole(number)) {
      out.raw(get(number));
      return;
    }
    byte[] chunk = chunk(number);
    int at = place(number);
    out.raw(chunk, at + LENGTH_BYTES, length(chunk, at));
  }

  long prefix(long number) {
    if (isWhole(number)) {
      return number;
    }
    return prefix(chunk(number), place(number) + LENGTH_BYTES, LONG);
  }

  /** The prefix of what is left of a key, which is so long, behind {@code skip} bytes. */
  long prefixBehind(int skip, long number) {
    if (isWhole(number)) {
      long bytes = (number ^ Long.MIN_VALUE) & ~0xffL;
      return (bytes << 8 * skip | (number & 0xff) - skip) ^ Long.MIN_VALUE;
    }
    byte[] chunk = chunk(number);
    int at = place(number);
    int left = length(chunk, at) - skip;
    return prefix(chunk, at + LENGTH_BYTES + skip, Math.min(left, LONG));
  }

  /** How many bytes a key has in common with the first {@code length} of {@code other}. */
  int shared(long number, byte[] other, int length) {
    if (isWhole(number)) {
      long bytes = number ^ Long.MIN_VALUE;
      int atMost = Math.min(length, (int) (number & 0xff));
      int shared = 0;
      while (shared < atMost && (byte) (bytes >>> 56 - 8 * shared) == other[shared]) {
        shared++;
      }
      return shared;
    }
    byte[] chunk = chunk(number);
    int at = place(number);
    int atMost = Math.min(length, length(chunk, at));
    int shared = 0;
    while (shared < atMost && chunk[at + LENGTH_BYTES + shared] == other[shared]) {
      shared++;
    }
    return shared;
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
    return compareBehind(PREFIX_BYTES, left, right);
  }

  int compare(long number, byte[] key) {
    long keyPrefix = prefix(key, 0, key.length);
    long prefix = prefix(number);
    if (prefix != keyPrefix) {
      return Long.compare(prefix, keyPrefix);
    }
    return isWhole(number) ? 0 : compareBehind(PREFIX_BYTES, number, key, 0, key.length);
  }

  /** Compares two keys that are not whole in their numbers, and agree in {@code skip} bytes. */
  int compareBehind(int skip, long left, long right) {
    byte[] chunk = chunk(right);
    int at = place(right);
    return compareBehind(skip, left, chunk, at + LENGTH_BYTES, length(chunk, at));
  }

  private int compareBehind(int skip, long left, byte[] right, int rightFrom, int rightLength) {
    byte[] chunk = chunk(left);
    int from = place(left) + LENGTH_BYTES;
    int leftLength = length(chunk, place(left));
    int shared = Math.min(leftLength, rightLength);
    for (int i = skip; i < shared; i++) {
      byte l = chunk[from + i];
      byte r = right[rightFrom + i];
      if (l != r) {
        return (l & 0xff) - (r & 0xff);
      }
    }
    return leftLength - rightLength;
  }
}
