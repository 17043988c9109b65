package dev.stave.index;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import org.jspecify.annotations.Nullable;

/**
 * What a table says of one path.
 *
 * <pre>
 * facts = varint(parent) u8(flags) text(name) varint(postings of a type)*    types 1 to 7
 * flags = bit 0: any element of an array, and no name | bit 1: coarse
 * </pre>
 *
 * @param name of the member, null of an array's element
 * @param coarse whether the order of its keys is not the order of its values
 * @param counts postings by type, which is the first byte of a value's key
 */
record PathFacts(int parent, @Nullable String name, boolean coarse, long[] counts) {

  private static final int ELEMENT = 1;
  private static final int COARSE = 2;

  byte[] toBytes() {
    ByteWriter out = new ByteWriter(40).varint(parent);
    out.u8((name == null ? ELEMENT : 0) | (coarse ? COARSE : 0)).text(name == null ? "" : name);
    for (int type = 1; type < counts.length; type++) {
      out.varint(counts[type]);
    }
    return out.toBytes();
  }

  static PathFacts of(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    int parent = (int) in.varint();
    int flags = in.u8();
    String name = in.text();
    long[] counts = new long[1 << ValueKey.TYPE_BITS];
    for (int type = 1; type < counts.length; type++) {
      counts[type] = in.varint();
    }
    return new PathFacts(
        parent, (flags & ELEMENT) != 0 ? null : name, (flags & COARSE) != 0, counts);
  }

  /** All postings. */
  long count() {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}
