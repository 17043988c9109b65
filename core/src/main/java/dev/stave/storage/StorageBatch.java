package dev.stave.storage;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Bytes;
import java.util.Arrays;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts and deletes that are committed together. The last word on a key counts. */
public final class StorageBatch {

  /** The longest key: a block of a few kilobytes should hold several. */
  public static final int MAX_KEY_BYTES = 1_024;

  /** Every key lies from this one (included) to {@link #AFTER_LAST_KEY} (excluded). */
  static final byte[] FIRST_KEY = {};

  static final byte[] AFTER_LAST_KEY = new byte[MAX_KEY_BYTES + 1];

  static {
    Arrays.fill(AFTER_LAST_KEY, (byte) 0xff);
  }

  /** Of an entry that is written, beside its bytes, at most. */
  private static final int ENTRY_OVERHEAD = 8;

  private static final int PIECE = 32 << 10;

  private final NavigableMap<byte[], Entry> entries = new TreeMap<>(Bytes::compare);
  private long bytes;

  /** Sets the value of {@code key}. Neither array may be changed afterwards. */
  public void put(byte[] key, byte[] value) {
    entries.put(checked(key), new Entry(key, value));
    bytes += ENTRY_OVERHEAD + key.length + value.length;
  }

  /** Removes {@code key}, whether it is there or not. */
  public void delete(byte[] key) {
    entries.put(checked(key), new Entry(key, null));
    bytes += ENTRY_OVERHEAD + key.length;
  }

  private static byte[] checked(byte[] key) {
    if (key.length > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key has at most " + MAX_KEY_BYTES + " bytes, and this one " + key.length);
    }
    return key;
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The bytes of its keys and values, about: cheap to ask. */
  long bytes() {
    return bytes;
  }

  /** In key order, so that they go into sorted structures neighbour after neighbour. */
  Collection<Entry> entries() {
    return entries.values();
  }

  /** Takes what is written, piece by piece; it may not keep the array. */
  interface Sink<E extends Exception> {
    void take(byte[] bytes, int from, int length) throws E;
  }

  /**
   * {@code varint(entries) (sized key, varint(0: deleted | 1 + length), value)*}, in pieces, so
   * that a large batch is not held in memory once more.
   */
  <E extends Exception> void writeTo(Sink<E> sink) throws E {
    ByteWriter piece = new ByteWriter((int) Math.min(2L * PIECE, bytes + ENTRY_OVERHEAD));
    piece.varint(entries.size());
    for (Entry entry : entries.values()) {
      if (piece.size() >= PIECE) {
        sink.take(piece.array(), 0, piece.size());
        piece.clear();
      }
      byte[] value = entry.value();
      piece.sized(entry.key()).varint(tag(value));
      if (value != null && value.length < PIECE) {
        piece.raw(value);
      } else if (value != null) {
        sink.take(piece.array(), 0, piece.size());
        piece.clear();
        sink.take(value, 0, value.length);
      }
    }
    sink.take(piece.array(), 0, piece.size());
  }

  private static long tag(byte @Nullable [] value) {
    return value == null ? 0 : 1L + value.length;
  }

  /** How many bytes {@link #writeTo} writes. */
  long writtenBytes() {
    long size = ByteWriter.varintSize(entries.size());
    for (Entry entry : entries.values()) {
      byte[] value = entry.value();
      int key = entry.key().length;
      size += ByteWriter.varintSize(key) + key + ByteWriter.varintSize(tag(value));
      size += value == null ? 0 : value.length;
    }
    return size;
  }

  static StorageBatch readFrom(ByteReader in) {
    StorageBatch batch = new StorageBatch();
    int count = in.length();
    for (int i = 0; i < count; i++) {
      byte[] key = in.sized();
      int length = (int) in.varint();
      if (length == 0) {
        batch.delete(key);
      } else {
        batch.put(key, in.raw(length - 1));
      }
    }
    return batch;
  }
}
