package dev.stave.storage;

import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sorted run of entries in a few kilobytes, keys without what they share with the one before.
 *
 * <pre>
 * block = entry* u32(where a group begins)* u32(groups)
 * entry = varint(bytes shared with the key before) varint(other bytes) varint(length of the value)
 *         the other bytes, the value
 * </pre>
 *
 * The first key of each group of {@value #GROUP} is written whole, so that a search jumps to a
 * group and reads on from there.
 */
final class Block {

  static final int GROUP = 16;

  private static final byte[] NO_KEY = {};

  private final byte[] bytes;
  private final int from;
  private final int groups;
  private final int groupsAt;

  /** The block that {@code length} bytes at {@code from} are. They were checked already. */
  Block(byte[] bytes, int from, int length) {
    this.bytes = bytes;
    this.from = from;
    this.groups = u32(bytes, from + length - 4);
    this.groupsAt = from + length - 4 - 4 * groups;
  }

  int groups() {
    return groups;
  }

  private int beginOf(int group) {
    return group == groups ? groupsAt : from + u32(bytes, groupsAt + 4 * group);
  }

  private static int u32(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }

  /** The last group that begins with {@code key} or a smaller one; if none does, the first. */
  int groupOf(byte[] key) {
    int low = 0;
    int high = groups - 1;
    Cursor cursor = new Cursor();
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (cursor.compareFirst(middle, key) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The value of the first key that is {@code key} or larger, or null if there is none. */
  byte @Nullable [] ceiling(byte[] key) {
    return find(key, false);
  }

  /** The value of {@code key}, or null if it is not here. */
  byte @Nullable [] get(byte[] key) {
    return find(key, true);
  }

  private byte @Nullable [] find(byte[] key, boolean exact) {
    Cursor cursor = new Cursor();
    int order = cursor.seek(key);
    return order == 0 || (order > 0 && !exact) ? cursor.value() : null;
  }

  /** At the first entry that is {@code key} or larger; null if there is none. */
  @Nullable Cursor from(byte[] key) {
    if (groups == 0) {
      return null; // the root of an empty file
    }
    Cursor cursor = new Cursor();
    cursor.begin(groupOf(key));
    while (cursor.compareTo(key) < 0) {
      if (!cursor.next()) {
        return null;
      }
    }
    return cursor;
  }

  /** The entries of a group, in order. */
  List<Entry> entries(int group) {
    List<Entry> entries = new ArrayList<>(GROUP);
    if (groups == 0) {
      return entries; // the root of an empty file
    }
    Cursor cursor = new Cursor();
    cursor.begin(group);
    int end = beginOf(group + 1);
    do {
      entries.add(new Entry(cursor.key(), cursor.value()));
    } while (cursor.at < end && cursor.next());
    return entries;
  }

  /** Before the first entry. */
  Cursor cursor() {
    Cursor cursor = new Cursor();
    cursor.at = from;
    return cursor;
  }

  /**
   * A place in the block. Keys are put together in one array, and values stay where they are, since
   * few of them are kept.
   */
  final class Cursor {
    private byte[] key = NO_KEY;
    private int keyLength;
    private int valueAt;
    private int valueLength;
    private int at;

    /**
     * Goes to the value of the first entry that is {@code sought} or larger, in the group that may
     * have it; the key is not put together. No byte is looked at twice: an entry shares with the
     * one before either more than that one with {@code sought}, and is smaller as it was, or less,
     * and is larger, or as much, and then what follows decides.
     *
     * @return 0 if it is {@code sought}, above 0 if larger, below 0 if there is none
     */
    int seek(byte[] sought) {
      at = beginOf(groupOf(sought));
      int matched = 0; // bytes that the entry has in common with what is sought
      while (at < groupsAt) {
        int shared = varint();
        int other = varint();
        valueLength = varint();
        valueAt = at + other;
        if (shared < matched) {
          return 1;
        }
        if (shared == matched) {
          int common = Math.min(other, sought.length - shared);
          int i = 0;
          while (i < common && bytes[at + i] == sought[shared + i]) {
            i++;
          }
          matched = shared + i;
          if (i == common && i == other) {
            if (matched == sought.length) {
              return 0;
            }
          } else if (i == common || (bytes[at + i] & 0xff) > (sought[matched] & 0xff)) {
            return 1;
          }
        }
        at = valueAt + valueLength;
      }
      return -1;
    }

    void begin(int group) {
      at = beginOf(group);
      keyLength = 0;
      next();
    }

    /** Compares the first key of a group, which is whole, where it stands. */
    int compareFirst(int group, byte[] other) {
      at = beginOf(group);
      varint();
      int length = varint();
      varint();
      return Bytes.compare(bytes, at, length, other);
    }

    /** Steps on, or says that there is no more. */
    boolean next() {
      if (at >= groupsAt) {
        return false;
      }
      int shared = varint();
      int other = varint();
      valueLength = varint();
      keyLength = shared + other;
      if (keyLength > key.length) {
        key = Arrays.copyOf(key, Math.max(64, 2 * keyLength));
      }
      System.arraycopy(bytes, at, key, shared, other);
      valueAt = at + other;
      at = valueAt + valueLength;
      return true;
    }

    private int varint() {
      int value = 0;
      for (int shift = 0; ; shift += 7) {
        int b = bytes[at++];
        value |= (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
    }

    int compareTo(byte[] other) {
      return Bytes.compare(key, 0, keyLength, other);
    }

    int compareTo(Cursor other) {
      return Bytes.compare(key, 0, keyLength, other.key, other.keyLength);
    }

    byte[] key() {
      return Arrays.copyOf(key, keyLength);
    }

    /** The key is the first {@link #keyLength} bytes of this, until the cursor moves. */
    byte[] keyBytes() {
      return key;
    }

    int keyLength() {
      return keyLength;
    }

    /** The value is {@link #valueLength} bytes of this, from {@link #valueAt} on. */
    byte[] valueBytes() {
      return bytes;
    }

    int valueAt() {
      return valueAt;
    }

    int valueLength() {
      return valueLength;
    }

    byte[] value() {
      return Arrays.copyOfRange(bytes, valueAt, valueAt + valueLength);
    }
  }

  /** Puts a block together, key after key upwards. */
  static final class Builder {
    private final ByteWriter out = new ByteWriter(6 << 10);
    private final ByteWriter begins = new ByteWriter(256);
    private byte[] last = new byte[64];
    private int lastLength;
    private int count;

    /** Of {@code key} the first bytes, of {@code value} some; both may change afterwards. */
    void add(byte[] key, int keyLength, byte[] value, int from, int length) {
      int shared = 0;
      if (count % GROUP == 0) {
        begins.u32(out.size());
      } else {
        shared = Bytes.sharedPrefix(last, lastLength, key, keyLength);
      }
      out.varint(shared).varint(keyLength - shared).varint(length);
      out.raw(key, shared, keyLength - shared).raw(value, from, length);
      if (keyLength > last.length) {
        last = new byte[2 * keyLength];
        shared = 0;
      }
      System.arraycopy(key, shared, last, shared, keyLength - shared);
      lastLength = keyLength;
      count++;
    }

    boolean isEmpty() {
      return count == 0;
    }

    /** About how large the block is by now. */
    int size() {
      return out.size() + begins.size();
    }

    byte[] lastKey() {
      return Arrays.copyOf(last, lastLength);
    }

    /** The block; the builder begins another. */
    byte[] finish() {
      out.raw(begins.array(), 0, begins.size()).u32(begins.size() / 4);
      byte[] block = out.toBytes();
      out.clear();
      begins.clear();
      count = 0;
      return block;
    }
  }
}
