package dev.stave.index;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import java.util.Arrays;

/**
 * What stands where in a table of the index.
 *
 * <pre>
 * u32(path) value key           → PostingList
 * ffffffff 00                   → u8(version) varint(after) varint(to)   sequences, after excluded
 * ffffffff 01                   → Roaring bitmap of the versions in it
 * ffffffff 02                   → Roaring bitmap of older versions that ended up to it
 * ffffffff 03 u32(path)         → a path that occurs, or leads to one that does, see PathFacts
 * ffffffff 04                   → Roaring bitmap of the versions that are partly indexed
 * ffffffff 05                   → the policy: no more than that is left out
 * </pre>
 */
final class TableKeys {

  static final int PATH_BYTES = 4;

  /** Comes after all paths, since a key is compared byte by byte. */
  static final int FACTS_PATH = -1;

  static final byte[] RANGE = fact(0);
  static final byte[] VERSIONS = fact(1);
  static final byte[] ENDED = fact(2);
  static final byte[] PATHS = fact(3);
  static final byte[] PARTIAL = fact(4);
  static final byte[] POLICY = fact(5);

  private TableKeys() {}

  private static byte[] fact(int kind) {
    return new ByteWriter(PATH_BYTES + 1).u32(FACTS_PATH).u8(kind).toBytes();
  }

  static byte[] path(int path) {
    return new ByteWriter(PATHS.length + PATH_BYTES).raw(PATHS).u32(path).toBytes();
  }

  static int pathOfFact(byte[] key) {
    return new ByteReader(key, PATHS.length).u32();
  }

  static byte[] posting(int path, byte[] value) {
    return new ByteWriter(PATH_BYTES + value.length).u32(path).raw(value).toBytes();
  }

  /** The first key of a path. */
  static byte[] beginOf(int path) {
    return new ByteWriter(PATH_BYTES).u32(path).toBytes();
  }

  static int pathOf(byte[] key) {
    return new ByteReader(key).u32();
  }

  static byte[] valueOf(byte[] key) {
    return Arrays.copyOfRange(key, PATH_BYTES, key.length);
  }
}
