package dev.stave.index;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import java.util.PrimitiveIterator;
import java.util.function.LongPredicate;

/**
 * The sequences that a table has for one value at one path, ascending.
 *
 * <pre>
 * list = 0, varint(the one sequence)
 *      | 1, varint(how many) varint(the first) varint(distance to the next)*
 *      | 2, a VersionSet                                         many that lie close
 * </pre>
 *
 * The one and the first are less the sequence that the table begins after.
 */
final class PostingList {

  private static final int ONE = 0;
  private static final int DISTANCES = 1;
  private static final int BITMAP = 2;

  /** A bitmap is read faster and is smaller, if there are so many, */
  private static final int MANY = 512;

  /** and on average so close. */
  private static final int CLOSE = 8;

  private final byte[] bytes;
  private final int from;
  private final long base;

  /** The list that {@code bytes} are, in a table that begins after {@code base}. */
  PostingList(byte[] bytes, long base) {
    this(bytes, 0, base);
  }

  /** The list that begins at {@code from}. */
  PostingList(byte[] bytes, int from, long base) {
    this.bytes = bytes;
    this.from = from;
    this.base = base;
  }

  /** Writes the list of the first {@code count} of {@code sequences}, which ascend. */
  static void encode(long[] sequences, int count, long base, ByteWriter out) {
    long first = sequences[0] - base;
    if (count == 1) {
      out.u8(ONE).varint(first);
      return;
    }
    if (count >= MANY && (sequences[count - 1] - sequences[0]) / count < CLOSE) {
      VersionSet set = new VersionSet();
      for (int i = 0; i < count; i++) {
        set.add(sequences[i]);
      }
      out.u8(BITMAP).raw(set.toBytes());
      return;
    }
    out.u8(DISTANCES).varint(count).varint(first);
    for (int i = 1; i < count; i++) {
      out.varint(sequences[i] - sequences[i - 1]);
    }
  }

  /** How many there are. */
  long size() {
    ByteReader in = new ByteReader(bytes, from);
    int kind = in.u8();
    return kind == ONE ? 1 : kind == DISTANCES ? in.varint() : bitmap().size();
  }

  private VersionSet bitmap() {
    return VersionSet.of(bytes, from + 1);
  }

  /** Adds all to {@code found}. Returns how many. */
  long addTo(FoundVersions found) {
    ByteReader in = new ByteReader(bytes, from);
    int kind = in.u8();
    if (kind == BITMAP) {
      VersionSet all = bitmap();
      found.addAll(all);
      return all.size();
    }
    long count = kind == ONE ? 1 : in.varint();
    long sequence = base;
    for (long left = count; left > 0; left--) {
      sequence += in.varint();
      found.add(sequence);
    }
    return count;
  }

  /** Hands them over, ascending, until {@code visit} says false; returns whether it never did. */
  boolean forEach(LongPredicate visit) {
    ByteReader in = new ByteReader(bytes, from);
    int kind = in.u8();
    if (kind == BITMAP) {
      PrimitiveIterator.OfLong all = bitmap().iterator();
      while (all.hasNext()) {
        if (!visit.test(all.nextLong())) {
          return false;
        }
      }
      return true;
    }
    long left = kind == ONE ? 1 : in.varint();
    long sequence = base;
    for (; left > 0; left--) {
      sequence += in.varint();
      if (!visit.test(sequence)) {
        return false;
      }
    }
    return true;
  }

  /** As {@link #forEach}, descending. */
  boolean forEachBackward(LongPredicate visit) {
    if (bytes[from] == BITMAP) {
      return bitmap().forEachBackward(visit);
    }
    long[] all = new long[(int) size()];
    int[] count = new int[1];
    forEach(
        sequence -> {
          all[count[0]++] = sequence;
          return true;
        });
    for (int i = all.length - 1; i >= 0; i--) {
      if (!visit.test(all[i])) {
        return false;
      }
    }
    return true;
  }
}
