package dev.stave.storage;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Bytes;
import java.util.Arrays;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;

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

  /** Of an entry that is written, beside its bytes. */
  private static final int MAX_OVERHEAD = 8;

  private final NavigableMap<byte[], Entry> entries = new TreeMap<>(Bytes::compare);
  private long bytes;

  /** Sets the value of {@code key}. Neither array may be changed afterwards. */
  public void put(byte[] key, byte[] value) {
    entries.put(checked(key), new Entry(key, value));
    bytes += MAX_OVERHEAD + key.length + value.length;
  }

  /** Removes {@code key}, whether it is there or not. */
  public void delete(byte[] key) {
    entries.put(checked(key), new Entry(key, null));
    bytes += MAX_OVERHEAD + key.length;
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

  /** What it takes when written, or a little more. */
  int bytes() {
    return (int) Math.min(Integer.MAX_VALUE / 2, bytes + MAX_OVERHEAD);
  }

  /** In key order, so that they go into sorted structures neighbour after neighbour. */
  Collection<Entry> entries() {
    return entries.values();
  }

  /** {@code varint(entries) (sized key, varint(0: deleted | 1 + length), value)*}. */
  void writeTo(ByteWriter out) {
    out.varint(entries.size());
    for (Entry entry : entries.values()) {
      out.sized(entry.key());
      byte[] value = entry.value();
      if (value == null) {
        out.varint(0);
      } else {
        out.varint(1L + value.length).raw(value);
      }
    }
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
