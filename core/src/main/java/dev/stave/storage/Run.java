package dev.stave.storage;

import dev.stave.bytes.Bytes;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A sorted run of entries in memory, each key once. Immutable. */
final class Run {

  private static final Entry[] NO_ROWS = {};

  /** What a row takes beside its bytes: the entry, two array headers, its places in this class. */
  private static final int ROW_OVERHEAD = 80;

  /** In a shorter run a search is as quick as a look into a filter. */
  private static final int MIN_FILTERED = 8;

  private final Entry[] entries;
  private final int[] hashes;
  private final long bytes;

  /** Bits of which a key has two: of eight absent keys seven miss one of theirs. */
  private final long[] filter;

  private Run(Entry[] entries, int[] hashes, long bytes) {
    this.entries = entries;
    this.hashes = hashes;
    this.bytes = bytes;
    this.filter = entries.length < MIN_FILTERED ? new long[0] : filter(hashes);
  }

  private static long[] filter(int[] hashes) {
    long[] filter = new long[Integer.highestOneBit(hashes.length) / 4]; // 8 to 16 bits for each
    for (int hash : hashes) {
      filter[wordOf(filter, hash)] |= bits(hash);
    }
    return filter;
  }

  private static int wordOf(long[] filter, int hash) {
    return (hash >>> 12) & filter.length - 1;
  }

  private static long bits(int hash) {
    return 1L << (hash & 63) | 1L << (hash >>> 6 & 63);
  }

  private static int shortened(long hash) {
    return (int) hash;
  }

  /** A run of a batch, which is sorted and names a key once. */
  static Run of(Collection<Entry> batch) {
    Entry[] entries = batch.toArray(NO_ROWS);
    int[] hashes = new int[entries.length];
    long bytes = 0;
    for (int i = 0; i < entries.length; i++) {
      hashes[i] = shortened(Filter.hash(entries[i].key()));
      bytes += bytesOf(entries[i]);
    }
    return new Run(entries, hashes, bytes);
  }

  private static long bytesOf(Entry entry) {
    byte[] value = entry.value();
    return ROW_OVERHEAD + entry.key().length + (value == null ? 0 : value.length);
  }

  /** This and what it does not cover of {@code older}. */
  Run above(Run older, boolean keepDeletions) {
    Merge out = new Merge(size() + older.size(), bytes + older.bytes, keepDeletions);
    int n = 0;
    int o = 0;
    while (n < size() && o < older.size()) {
      byte[] key = entries[n].key();
      int olderEnd = older.ceiling(key, o);
      out.take(older, o, olderEnd);
      o = olderEnd;
      if (o < older.size() && Bytes.compare(older.entries[o].key(), key) == 0) {
        out.bytes -= bytesOf(older.entries[o++]);
      }
      int end = o < older.size() ? ceiling(older.entries[o].key(), n) : size();
      out.take(this, n, end);
      n = end;
    }
    out.take(this, n, size());
    out.take(older, o, older.size());
    return out.finish();
  }

  /** What two runs become, stretch by stretch. */
  private static final class Merge {
    private final Entry[] entries;
    private final int[] hashes;
    private final boolean keepDeletions;
    private long bytes;
    private int size;

    Merge(int atMost, long bytes, boolean keepDeletions) {
      this.entries = new Entry[atMost];
      this.hashes = new int[atMost];
      this.bytes = bytes;
      this.keepDeletions = keepDeletions;
    }

    void take(Run run, int from, int to) {
      if (keepDeletions) {
        System.arraycopy(run.entries, from, entries, size, to - from);
        System.arraycopy(run.hashes, from, hashes, size, to - from);
        size += to - from;
        return;
      }
      for (int i = from; i < to; i++) {
        if (run.entries[i].isDeletion()) {
          bytes -= bytesOf(run.entries[i]);
        } else {
          entries[size] = run.entries[i];
          hashes[size++] = run.hashes[i];
        }
      }
    }

    Run finish() {
      return size == entries.length
          ? new Run(entries, hashes, bytes)
          : new Run(Arrays.copyOf(entries, size), Arrays.copyOf(hashes, size), bytes);
    }
  }

  int size() {
    return entries.length;
  }

  /** About how much heap it takes. */
  long bytes() {
    return bytes;
  }

  /** What it says of {@code key}, which has that {@link Filter#hash}, or null if nothing. */
  @Nullable Entry get(byte[] key, long hash) {
    if (filter.length > 0) {
      long bits = bits(shortened(hash));
      if ((filter[wordOf(filter, shortened(hash))] & bits) != bits) {
        return null;
      }
    }
    int at = ceiling(key);
    return at < entries.length && Bytes.compare(entries[at].key(), key) == 0 ? entries[at] : null;
  }

  /** The place of the first entry that is {@code key} or larger. */
  private int ceiling(byte[] key) {
    return ceiling(key, 0, size());
  }

  private int ceiling(byte[] key, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Bytes.compare(entries[middle].key(), key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * As {@link #ceiling(byte[])}, from {@code from} on, which is mostly near: of keys that grow, as
   * sequences do, one run's come all before the other's.
   */
  private int ceiling(byte[] key, int from) {
    int low = from;
    int step = 1;
    while (low + step <= size() && Bytes.compare(entries[low + step - 1].key(), key) < 0) {
      low += step;
      step *= 2;
    }
    return ceiling(key, low, Math.min(size(), low + step));
  }

  /** From {@code from} (included) to {@code to} (excluded), or the same backward. */
  Iterator<Entry> scan(byte[] from, byte[] to, boolean backward) {
    int first = ceiling(from);
    int end = Math.max(first, ceiling(to));
    return backward ? new Scan(end - 1, first - 1, -1) : new Scan(first, end, 1);
  }

  private final class Scan implements Iterator<Entry> {
    private final int end;
    private final int step;
    private int at;

    Scan(int at, int end, int step) {
      this.at = at;
      this.end = end;
      this.step = step;
    }

    @Override
    public boolean hasNext() {
      return at != end;
    }

    @Override
    public Entry next() {
      if (at == end) {
        throw new NoSuchElementException();
      }
      Entry entry = entries[at];
      at += step;
      return entry;
    }
  }
}
