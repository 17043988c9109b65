package dev.stave.index;

import java.util.Arrays;

/** Keys one after another in large chunks, each behind its length. Written as columns are. */
final class KeyArena {

  private static final int CHUNK_BITS = 16;
  private static final int CHUNK_SIZE = 1 << CHUNK_BITS;
  private static final int LENGTH_BYTES = 2;
  private static final int PREFIX_BYTES = 8;

  private volatile byte[][] chunks = new byte[0][];
  private int used = CHUNK_SIZE; // of the last chunk; there is none yet

  /** Stores a copy of the first {@code length} bytes of {@code key} and says where. */
  long add(byte[] key, int length) {
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
    return address;
  }

  /** What it takes. */
  long bytes() {
    return (long) chunks.length * CHUNK_SIZE;
  }

  byte[] get(long address) {
    byte[] chunk = chunks[(int) (address >>> CHUNK_BITS)];
    int at = (int) (address & CHUNK_SIZE - 1);
    int from = at + LENGTH_BYTES;
    return Arrays.copyOfRange(chunk, from, from + length(chunk, at));
  }

  /** The first eight bytes, zeros behind a shorter key, as a number that compares unsigned. */
  long prefix(long address) {
    byte[] chunk = chunks[(int) (address >>> CHUNK_BITS)];
    int at = (int) (address & CHUNK_SIZE - 1);
    int length = length(chunk, at);
    long prefix = 0;
    for (int i = 0; i < PREFIX_BYTES; i++) {
      prefix = prefix << 8 | (i < length ? chunk[at + LENGTH_BYTES + i] & 0xff : 0);
    }
    return prefix;
  }

  int compare(long left, long right) {
    byte[] l = chunks[(int) (left >>> CHUNK_BITS)];
    byte[] r = chunks[(int) (right >>> CHUNK_BITS)];
    int leftAt = (int) (left & CHUNK_SIZE - 1);
    int rightAt = (int) (right & CHUNK_SIZE - 1);
    return compare(
        l, leftAt + LENGTH_BYTES, length(l, leftAt), r, rightAt + LENGTH_BYTES, length(r, rightAt));
  }

  int compare(long address, byte[] key) {
    byte[] chunk = chunks[(int) (address >>> CHUNK_BITS)];
    int at = (int) (address & CHUNK_SIZE - 1);
    return compare(chunk, at + LENGTH_BYTES, length(chunk, at), key, 0, key.length);
  }

  private static int compare(
      byte[] left, int leftFrom, int leftLength, byte[] right, int rightFrom, int rightLength) {
    int shared = Math.min(leftLength, rightLength);
    for (int i = 0; i < shared; i++) {
      byte l = left[leftFrom + i];
      byte r = right[rightFrom + i];
      if (l != r) {
        return (l & 0xff) - (r & 0xff);
      }
    }
    return leftLength - rightLength;
  }

  private static int length(byte[] chunk, int at) {
    return ((chunk[at] & 0xff) << 8) | (chunk[at + 1] & 0xff);
  }
}
