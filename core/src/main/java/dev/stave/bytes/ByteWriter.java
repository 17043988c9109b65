package dev.stave.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Appends numbers and texts to a growing array. Big-endian; varints are LEB128. */
public final class ByteWriter {

  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private byte[] bytes;
  private int size;

  public ByteWriter() {
    this(64);
  }

  public ByteWriter(int expectedSize) {
    bytes = new byte[expectedSize];
  }

  public ByteWriter u8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
    return this;
  }

  public ByteWriter u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  public ByteWriter u32(int value) {
    return u16(value >>> 16).u16(value);
  }

  public ByteWriter u64(long value) {
    return u32((int) (value >>> 32)).u32((int) value);
  }

  /** An unsigned number of up to 64 bits in one to ten bytes. */
  public ByteWriter varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      u8((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return u8((int) rest);
  }

  /** How many bytes {@link #varint} writes. */
  public static int varintSize(long value) {
    return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
  }

  public ByteWriter raw(byte[] source) {
    return raw(source, 0, source.length);
  }

  public ByteWriter raw(byte[] source, int offset, int length) {
    reserve(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
    return this;
  }

  /** A varint length, then that many bytes. */
  public ByteWriter sized(byte[] source) {
    return varint(source.length).raw(source);
  }

  /** As {@link #sized}, the UTF-8 of {@code text}. */
  public ByteWriter text(String text) {
    return sized(text.getBytes(StandardCharsets.UTF_8));
  }

  public int size() {
    return size;
  }

  /** Forgets all that was written, and keeps the room. */
  public void clear() {
    size = 0;
  }

  /** The array behind this writer, valid up to {@link #size} until the next write. */
  public byte[] array() {
    return bytes;
  }

  /** Makes room for {@code length} bytes, counts them as written, and says where they begin. */
  public int skip(int length) {
    reserve(length);
    size += length;
    return size - length;
  }

  /** Takes the last {@code length} bytes back. */
  public void back(int length) {
    size -= length;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      long doubled = Math.min(2L * bytes.length, LARGEST_ARRAY);
      bytes = Arrays.copyOf(bytes, Math.max(needed, (int) doubled));
    }
  }
}
