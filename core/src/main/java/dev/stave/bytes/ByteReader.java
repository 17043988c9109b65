package dev.stave.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link ByteWriter} wrote. Running over the end is an {@link IllegalStateException}.
 */
public final class ByteReader {

  private final byte[] bytes;
  private int at;

  public ByteReader(byte[] bytes) {
    this(bytes, 0);
  }

  /** Reads from {@code from} on. */
  public ByteReader(byte[] bytes, int from) {
    this.bytes = bytes;
    this.at = from;
  }

  public int u8() {
    return bytes[need(1)] & 0xff;
  }

  public int u32() {
    int from = need(4);
    return (bytes[from] << 24)
        | (bytes[from + 1] & 0xff) << 16
        | (bytes[from + 2] & 0xff) << 8
        | (bytes[from + 3] & 0xff);
  }

  public long u64() {
    return ((long) u32() << 32) | (u32() & 0xffff_ffffL);
  }

  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int b = u8();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new IllegalStateException("varint of more than ten bytes at " + at);
  }

  /** A varint that must be a size of something in this array. */
  public int length() {
    long length = varint();
    if (length < 0 || length > bytes.length) {
      throw new IllegalStateException("impossible length " + length + " at " + at);
    }
    return (int) length;
  }

  public byte[] raw(int length) {
    int from = need(length);
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  public byte[] sized() {
    return raw(length());
  }

  public String text() {
    int length = length();
    return new String(bytes, need(length), length, StandardCharsets.UTF_8);
  }

  public byte[] rest() {
    return raw(bytes.length - at);
  }

  /** Where the next byte is that will be read. */
  public int at() {
    return at;
  }

  public boolean atEnd() {
    return at == bytes.length;
  }

  private int need(int length) {
    if (length < 0 || length > bytes.length - at) {
      throw new IllegalStateException(
          "needs " + length + " bytes at " + at + " of " + bytes.length);
    }
    at += length;
    return at - length;
  }
}
