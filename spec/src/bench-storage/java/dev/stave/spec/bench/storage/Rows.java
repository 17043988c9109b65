package dev.stave.spec.bench.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The rows of documents, as Stave lays them out. A document has a number, which never changes, and
 * a sequence, which is new at each update. The same numbers give the same bytes.
 *
 * <pre>
 * body     'b' u64(sequence) → JSON of 700 to 800 bytes, from the corpus
 * change   'c' u64(sequence) → 30 bytes
 * header   'h' id            → u64(sequence), 52 bytes more          id: 16 to 24 characters
 * small    16 random bytes   → 40 random bytes                       of no document
 * </pre>
 */
final class Rows {

  private static final int CHANGE_BYTES = 30;
  private static final int HEADER_BYTES = 60;
  private static final int SMALL_KEY_BYTES = 16;
  private static final int SMALL_VALUE_BYTES = 40;
  private static final int SHORTEST_ID = 16;
  private static final int ID_LENGTHS = 9;
  private static final String ID_CHARACTERS = "0123456789abcdefghijklmnopqrstuv";

  private Rows() {}

  static byte[] bodyKey(long sequence) {
    return ByteBuffer.allocate(9).put((byte) 'b').putLong(sequence).array();
  }

  static byte[] changeKey(long sequence) {
    return ByteBuffer.allocate(9).put((byte) 'c').putLong(sequence).array();
  }

  static byte[] headerKey(long number) {
    return ("h" + id(number)).getBytes(StandardCharsets.ISO_8859_1);
  }

  static String id(long number) {
    long bits = mix(number);
    int length = SHORTEST_ID + (int) Long.remainderUnsigned(bits, ID_LENGTHS);
    char[] id = new char[length];
    for (int i = 0; i < length; i++) {
      if (i % 12 == 0) {
        bits = mix(bits);
      }
      id[i] = ID_CHARACTERS.charAt((int) (bits & 31));
      bits >>>= 5;
    }
    return new String(id);
  }

  static byte[] change(long sequence) {
    return random(CHANGE_BYTES, sequence ^ 'c');
  }

  static byte[] header(long number, long sequence) {
    byte[] header = random(HEADER_BYTES, number ^ ((long) 'h' << 48));
    ByteBuffer.wrap(header).putLong(sequence);
    return header;
  }

  static long sequenceIn(byte[] header) {
    return ByteBuffer.wrap(header).getLong();
  }

  static byte[] smallKey(long number) {
    return random(SMALL_KEY_BYTES, number ^ ((long) 'k' << 48));
  }

  static byte[] smallValue(long number) {
    return random(SMALL_VALUE_BYTES, number ^ ((long) 'v' << 48));
  }

  /** A document of about 150 bytes. */
  static String smallJson(long number) {
    long bits = mix(number);
    return "{\"number\":"
        + number
        + ",\"status\":\""
        + ((bits & 7) == 0 ? "open" : "closed")
        + "\",\"total\":"
        + (bits >>> 8) % 100_000 / 100.0
        + ",\"customer\":\"customer-"
        + (bits >>> 30) % 20_000
        + "\",\"token\":\""
        + Long.toHexString(bits)
        + "\",\"note\":\"Leave it at the door, and ring twice.\"}";
  }

  private static byte[] random(int length, long seed) {
    ByteBuffer bytes = ByteBuffer.allocate(length + 7);
    for (long bits = mix(seed); bytes.position() < length; bits = mix(bits)) {
      bytes.putLong(bits);
    }
    return Arrays.copyOf(bytes.array(), length);
  }

  /** The finaliser of SplitMix64: every bit of the argument changes half of the result's. */
  static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
