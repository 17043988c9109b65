package dev.stave.index;

import dev.stave.bytes.Bytes;
import dev.stave.json.JsonPath;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * The index as of one commit. Needs no closing. Any thread may read it.
 *
 * <p>Documents are known by rows here; {@link #sequence} tells which version a row is.
 */
public final class IndexSnapshot {

  private static final int NONE = -1;

  /** A path with fewer postings is searched as it stands: sorting it would cost more. */
  private static final int SORT_FROM = 16;

  private final Postings postings;
  private final int rowCount;
  private volatile @Nullable RoaringBitmap all; // once it was asked for

  IndexSnapshot(Postings postings, int rowCount) {
    this.postings = postings;
    this.rowCount = rowCount;
  }

  /** The known paths that {@code path} may mean, as numbers. */
  public int[] paths(JsonPath path) {
    return paths(PathDictionary.ROOT, path);
  }

  /** As {@link #paths(JsonPath)}, for a path that begins at the path {@code base}. */
  public int[] paths(int base, JsonPath path) {
    return postings.dictionary.match(base, path);
  }

  /** Whether {@link #paths} means no more than {@code path} does: it knows no places in arrays. */
  public boolean isExact(JsonPath path) {
    return path.steps().stream()
        .noneMatch(step -> step instanceof JsonPath.Step.Member m && m.elementIndex() >= 0);
  }

  /** Whether a document has at most one value at {@code path}: it does not lead into an array. */
  public boolean isSingle(int path) {
    return postings.dictionary.isSingle(path);
  }

  /**
   * The number of the path of the elements of the arrays at {@code path}, or -1 if none is known.
   */
  public int elementsOf(int path) {
    return postings.dictionary.known(path, null);
  }

  /** The sequence of the document version in {@code row}. */
  public long sequence(int row) {
    return postings.sequence(row);
  }

  /** The row of every live document, in a bitmap that is the caller's to change. */
  public RoaringBitmap all() {
    RoaringBitmap known = all;
    if (known == null) {
      known = new RoaringBitmap();
      for (int row = 0; row < rowCount; row++) {
        if (postings.isAlive(row, rowCount)) {
          known.add(row);
        }
      }
      known.runOptimize();
      all = known;
    }
    return known.clone();
  }

  /** How many postings a look at {@code path} may have to read: a bound, not a count. */
  public long size(int path) {
    return path == PathDictionary.ROOT ? rowCount : postings.count(path);
  }

  /** How many postings in {@code range} there are at {@code path}, ended versions counted too. */
  public long count(int path, KeyRange range) {
    if (path == PathDictionary.ROOT || postings.count(path) < SORT_FROM) {
      return size(path);
    }
    long count = 0;
    byte[] end = range.to();
    for (int[] run : postings.sorted(path).runs()) {
      int to = end == null ? run.length : firstAtOrAbove(run, end);
      count += Math.max(0, to - firstAtOrAbove(run, range.from()));
    }
    return count;
  }

  /** Whether {@link #walk} goes through {@code path} in the exact order of the values. */
  public boolean isOrdered(int path) {
    return postings.isOrdered(path);
  }

  /** Adds the rows that have a value in {@code range} at {@code path}. Returns postings read. */
  public long collect(int path, KeyRange range, RoaringBitmap rows) {
    return collect(path, List.of(range), rows);
  }

  /** As {@link #collect(int, KeyRange, RoaringBitmap)}, for ranges that begin one after another. */
  public long collect(int path, List<KeyRange> ascending, RoaringBitmap rows) {
    if (path != PathDictionary.ROOT && postings.count(path) < SORT_FROM) {
      return collectUnsorted(path, ascending, rows);
    }
    long read = 0;
    for (KeyRange range : ascending) {
      read +=
          path == PathDictionary.ROOT ? collectRoot(range, rows) : collectSorted(path, range, rows);
    }
    return read;
  }

  private long collectSorted(int path, KeyRange range, RoaringBitmap rows) {
    long read = 0;
    for (int[] run : postings.sorted(path).runs()) {
      int from = firstAtOrAbove(run, range.from());
      byte[] end = range.to();
      int to = end == null ? run.length : firstAtOrAbove(run, end);
      for (int i = from; i < to; i++) {
        addAlive(run[i], rows);
      }
      read += Math.max(0, to - from);
    }
    return read;
  }

  /** Every document is an object, and the index does not say so once more for each. */
  private long collectRoot(KeyRange range, RoaringBitmap rows) {
    byte[] object = {ValueKey.OBJECT};
    byte[] to = range.to();
    if (to == null || Bytes.compare(to, object) > 0) {
      rows.or(all());
    }
    return rowCount;
  }

  /** Each posting is looked at once, and for it a range among many is found by halving. */
  private long collectUnsorted(int path, List<KeyRange> ascending, RoaringBitmap rows) {
    long read = 0;
    for (int p = postings.newest(path); p != NONE; p = postings.previous(p)) {
      if (isInOne(ascending, postings.address(p))) {
        addAlive(p, rows);
      }
      read++;
    }
    return read;
  }

  private boolean isInOne(List<KeyRange> ascending, long address) {
    int low = 0;
    int high = ascending.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (postings.keys.compare(address, ascending.get(middle).from()) >= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    byte[] to = low == 0 ? null : ascending.get(low - 1).to();
    return low > 0 && (to == null || postings.keys.compare(address, to) < 0);
  }

  private void addAlive(int posting, RoaringBitmap rows) {
    int row = postings.row(posting);
    if (postings.isAlive(row, rowCount)) {
      rows.add(row);
    }
  }

  /**
   * Adds the rows with a string at {@code path} that passes {@code test}. Returns postings read.
   */
  public long collectText(int path, Predicate<String> test, RoaringBitmap rows) {
    long read = 0;
    for (int p = postings.newest(path); p != NONE; p = postings.previous(p)) {
      read++;
      byte[] key = postings.keys.get(postings.address(p));
      String text = ValueKey.text(key);
      if (text != null && test.test(text)) {
        addAlive(p, rows);
      }
    }
    return read;
  }

  private int firstAtOrAbove(int[] run, byte[] key) {
    int low = 0;
    int high = run.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (postings.keys.compare(postings.address(run[middle]), key) >= 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** A stretch of a sorted run, read from one end. */
  private static final class Walker {
    private final int[] run;
    private final int step;
    private final int end;
    private int at;

    Walker(int[] run, int from, int to, boolean descending) {
      this.run = run;
      this.step = descending ? -1 : 1;
      this.at = descending ? to - 1 : from;
      this.end = descending ? from - 1 : to;
    }

    boolean isAtEnd() {
      return at == end;
    }

    int posting() {
      return run[at];
    }

    void advance() {
      at += step;
    }
  }

  /**
   * Goes through the rows that have a value in {@code range} at {@code path}, in value order, equal
   * values in sequence order (both turned round if {@code descending}), until {@code visit} says
   * false. Returns postings read.
   */
  public long walk(int path, KeyRange range, boolean descending, RowVisitor visit) {
    List<int[]> runs = postings.sorted(path).runs();
    Comparator<Walker> byKey =
        (a, b) -> {
          int order =
              postings.keys.compare(postings.address(a.posting()), postings.address(b.posting()));
          return order != 0 ? order : Integer.compare(a.posting(), b.posting());
        };
    PriorityQueue<Walker> walkers =
        new PriorityQueue<>(runs.size() + 1, descending ? byKey.reversed() : byKey);
    byte[] end = range.to();
    for (int[] run : runs) {
      int from = firstAtOrAbove(run, range.from());
      int to = end == null ? run.length : firstAtOrAbove(run, end);
      if (from < to) {
        walkers.add(new Walker(run, from, to, descending));
      }
    }
    long read = 0;
    while (!walkers.isEmpty()) {
      Walker first = walkers.remove();
      int row = postings.row(first.posting());
      read++;
      if (postings.isAlive(row, rowCount) && !visit.visit(row)) {
        break;
      }
      first.advance();
      if (!first.isAtEnd()) {
        walkers.add(first);
      }
    }
    return read;
  }

  /** Takes a row and says whether to go on. */
  @FunctionalInterface
  public interface RowVisitor {
    boolean visit(int row);
  }
}
