package dev.stave.index;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.function.LongPredicate;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * A set of document versions, which are known by their sequences. For one thread while it changes;
 * one that changes no more may be read by many.
 *
 * <p>A bitmap for each upper half of a sequence that occurs: until a database has seen four billion
 * edits that is one.
 *
 * <pre>
 * set = varint(bitmaps) (varint(upper half) varint(length) RoaringBitmap)*      upper halves ascend
 * </pre>
 */
public final class VersionSet {

  private int[] highs = new int[1];
  private RoaringBitmap[] lows = new RoaringBitmap[1];
  private int count;

  private static int high(long version) {
    return (int) (version >>> 32);
  }

  /** The place of the bitmap of {@code high}, or below zero if there is none. */
  private int find(int high) {
    for (int i = count - 1; i >= 0; i--) {
      if (highs[i] == high) {
        return i;
      }
    }
    return -1;
  }

  private RoaringBitmap low(int high) {
    int at = find(high);
    return at >= 0 ? lows[at] : insert(high, new RoaringBitmap());
  }

  private RoaringBitmap insert(int high, RoaringBitmap low) {
    if (count == highs.length) {
      highs = Arrays.copyOf(highs, count * 2);
      lows = Arrays.copyOf(lows, count * 2);
    }
    int at = count;
    while (at > 0 && highs[at - 1] > high) {
      highs[at] = highs[at - 1];
      lows[at] = lows[at - 1];
      at--;
    }
    highs[at] = high;
    lows[at] = low;
    count++;
    return low;
  }

  /** Adds one version. */
  public void add(long version) {
    low(high(version)).add((int) version);
  }

  /** Adds the versions from {@code from} (included) to {@code to} (excluded). */
  public void addRange(long from, long to) {
    for (long at = from; at < to; ) {
      long last = Math.min(to - 1, at | 0xffff_ffffL);
      low(high(at)).add(at & 0xffff_ffffL, (last & 0xffff_ffffL) + 1);
      at = last + 1;
    }
  }

  public void remove(long version) {
    int at = find(high(version));
    if (at >= 0) {
      lows[at].remove((int) version);
    }
  }

  public boolean contains(long version) {
    int at = find(high(version));
    return at >= 0 && lows[at].contains((int) version);
  }

  /** Leaves what is in {@code other} too. */
  public void and(VersionSet other) {
    for (int i = 0; i < count; i++) {
      int there = other.find(highs[i]);
      if (there < 0) {
        lows[i] = new RoaringBitmap();
      } else {
        lows[i].and(other.lows[there]);
      }
    }
  }

  /** Leaves what is not in {@code other}. */
  public void andNot(VersionSet other) {
    for (int i = 0; i < count; i++) {
      int there = other.find(highs[i]);
      if (there >= 0) {
        lows[i].andNot(other.lows[there]);
      }
    }
  }

  /** Adds what is in {@code other}. */
  public void or(VersionSet other) {
    for (int i = 0; i < other.count; i++) {
      or(other.highs[i], other.lows[i], false);
    }
  }

  /** As {@link #or}, of a set that nobody else uses, or ever will. */
  void absorb(VersionSet other) {
    for (int i = 0; i < other.count; i++) {
      or(other.highs[i], other.lows[i], true);
    }
  }

  /** Adds the first {@code length} of {@code versions}, which are in no order. */
  void addAll(long[] versions, int length) {
    long[] left = versions;
    int leftLength = length;
    while (leftLength > 0) { // once, until a database has seen four billion edits
      int high = high(left[0]);
      int[] same = new int[leftLength];
      long[] others = {};
      int sames = 0;
      int otherLength = 0;
      for (int i = 0; i < leftLength; i++) {
        if (high(left[i]) == high) {
          same[sames++] = (int) left[i];
        } else {
          others = otherLength == 0 ? new long[leftLength] : others;
          others[otherLength++] = left[i];
        }
      }
      or(high, RoaringBitmap.bitmapOfUnordered(Arrays.copyOf(same, sames)), true);
      left = others;
      leftLength = otherLength;
    }
  }

  private void or(int high, RoaringBitmap low, boolean isOurs) {
    int here = find(high);
    if (here < 0) {
      insert(high, isOurs ? low : low.clone());
    } else {
      lows[here].or(low);
    }
  }

  /** How many versions there are. */
  public long size() {
    long size = 0;
    for (int i = 0; i < count; i++) {
      size += lows[i].getLongCardinality();
    }
    return size;
  }

  public boolean isEmpty() {
    for (int i = 0; i < count; i++) {
      if (!lows[i].isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** One of its own. */
  public VersionSet copy() {
    VersionSet copy = new VersionSet();
    copy.or(this);
    return copy;
  }

  /** Makes it as small as it can be. */
  void optimize() {
    for (int i = 0; i < count; i++) {
      lows[i].runOptimize();
    }
  }

  /** The versions, ascending. */
  public PrimitiveIterator.OfLong iterator() {
    return iteratorFrom(0);
  }

  /** The versions from {@code first} on, ascending. */
  public PrimitiveIterator.OfLong iteratorFrom(long first) {
    return new Ascending(first);
  }

  private final class Ascending implements PrimitiveIterator.OfLong {
    private final long first;
    private int at = -1;
    private PeekableIntIterator low = new RoaringBitmap().getIntIterator();

    Ascending(long first) {
      this.first = first;
    }

    @Override
    public boolean hasNext() {
      while (!low.hasNext() && at + 1 < count) {
        at++;
        if (highs[at] >= high(first)) {
          low = lows[at].getIntIterator();
          if (highs[at] == high(first)) {
            low.advanceIfNeeded((int) first);
          }
        }
      }
      return low.hasNext();
    }

    @Override
    public long nextLong() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return (long) highs[at] << 32 | low.next() & 0xffff_ffffL;
    }
  }

  /** Hands the versions over, descending, until {@code visit} says false. */
  public boolean forEachBackward(LongPredicate visit) {
    for (int i = count - 1; i >= 0; i--) {
      long high = (long) highs[i] << 32;
      for (IntIterator low = lows[i].getReverseIntIterator(); low.hasNext(); ) {
        if (!visit.test(high | low.next() & 0xffff_ffffL)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Its bytes, as the class says. */
  byte[] toBytes() {
    optimize();
    ByteWriter out = new ByteWriter(64).varint(count);
    for (int i = 0; i < count; i++) {
      ByteBuffer low = ByteBuffer.allocate(lows[i].serializedSizeInBytes());
      lows[i].serialize(low);
      out.varint(highs[i]).sized(low.array());
    }
    return out.toBytes();
  }

  /** The set of the bytes from {@code from} on. */
  static VersionSet of(byte[] bytes, int from) {
    VersionSet set = new VersionSet();
    ByteReader in = new ByteReader(bytes, from);
    for (long left = in.varint(); left > 0; left--) {
      int high = (int) in.varint();
      RoaringBitmap low = new RoaringBitmap();
      try {
        low.deserialize(ByteBuffer.wrap(in.sized()));
      } catch (IOException e) {
        throw new IllegalStateException("not a set of versions", e);
      }
      set.or(high, low, true);
    }
    return set;
  }
}
