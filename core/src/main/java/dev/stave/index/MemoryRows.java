package dev.stave.index;

import dev.stave.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a snapshot sees of a part in memory: its first {@code count} rows, less what ended up to the
 * sequence {@code at}. The part may have more by now.
 */
record MemoryRows(MemoryPart part, int count, Deaths deaths, long at) {

  /** A path with fewer postings is searched as it stands: sorting it would cost more. */
  private static final int SORT_FROM = 16;

  private boolean isAlive(int row) {
    return row < count && deaths.by(part.sequence(row)) > at;
  }

  /** Adds the sequences of all rows. */
  void addAll(VersionSet into) {
    for (int row = 0; row < count; row++) {
      if (isAlive(row)) {
        into.add(part.sequence(row));
      }
    }
  }

  /** Adds the sequences of rows that are partly indexed. */
  void addPartial(VersionSet into) {
    int known = part.partialCount();
    for (int i = 0; i < known; i++) {
      if (isAlive(part.partialRow(i))) {
        into.add(part.sequence(part.partialRow(i)));
      }
    }
  }

  /** How many postings in {@code range} there are at {@code path}, ended versions counted too. */
  long count(int path, KeyRange range) {
    long all = part.count(path);
    if (all < SORT_FROM || range == KeyRange.ALL) {
      return all;
    }
    long count = 0;
    for (int[] run : part.sorted(path).runs()) {
      count += Math.max(0, end(run, range) - begin(run, range));
    }
    return count;
  }

  private int begin(int[] run, KeyRange range) {
    return firstAtOrAbove(run, range.from());
  }

  private int end(int[] run, KeyRange range) {
    byte[] to = range.to();
    return to == null ? run.length : firstAtOrAbove(run, to);
  }

  private int firstAtOrAbove(int[] run, byte[] key) {
    int low = 0;
    int high = run.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (part.keys.compare(part.address(run[middle]), key) >= 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Adds the rows that have a value in one of the ranges, which ascend. Returns postings read. */
  long collect(int path, List<KeyRange> ascending, FoundVersions into) {
    if (part.count(path) < SORT_FROM) {
      return collectUnsorted(path, ascending, into);
    }
    long read = 0;
    for (int[] run : part.sorted(path).runs()) {
      for (KeyRange range : ascending) {
        int to = end(run, range);
        for (int i = begin(run, range); i < to; i++) {
          addAlive(run[i], into);
          read++;
        }
      }
    }
    return read;
  }

  /** Each posting is looked at once, and for it a range among many is found by halving. */
  private long collectUnsorted(int path, List<KeyRange> ascending, FoundVersions into) {
    long read = 0;
    for (int p = part.newest(path); p != MemoryPart.NONE; p = part.previous(p)) {
      if (isInOne(ascending, part.address(p))) {
        addAlive(p, into);
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
      if (part.keys.compare(address, ascending.get(middle).from()) >= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    byte[] to = low == 0 ? null : ascending.get(low - 1).to();
    return low > 0 && (to == null || part.keys.compare(address, to) < 0);
  }

  /** Adds the rows with a string that passes {@code test}. Returns postings read. */
  long collectText(int path, KeyRange strings, Predicate<String> test, FoundVersions into) {
    long read = 0;
    for (int p = part.newest(path); p != MemoryPart.NONE; p = part.previous(p)) {
      read++;
      byte[] key = part.keys.get(part.address(p));
      if (strings.contains(key) && test.test(ValueKey.text(key))) {
        addAlive(p, into);
      }
    }
    return read;
  }

  private void addAlive(int posting, FoundVersions into) {
    int row = part.row(posting);
    if (isAlive(row)) {
      into.add(part.sequence(row));
    }
  }

  /** Takes a value's key and a version that has it. */
  interface Visitor {
    void visit(byte[] key, long version);
  }

  /** Hands over all at {@code path}; what a version has twice, once. */
  void forEachOnce(int path, Visitor visitor) {
    int[] oldestFirst = part.postings(path);
    PostingOrder order = new PostingOrder(part, oldestFirst);
    int last = -1;
    for (int i = 0; i < oldestFirst.length; i++) {
      int row = part.row(oldestFirst[order.at(i)]);
      boolean isTwice = row == last && order.isSameKey(i);
      if (!isTwice && isAlive(row)) {
        visitor.visit(part.keys.get(order.address(i)), part.sequence(row));
      }
      last = row;
    }
  }

  /** The postings of {@code path} in {@code range}, each run for itself, older ones first. */
  List<IndexWalk.Source> walks(int path, KeyRange range, boolean descending) {
    List<IndexWalk.Source> walks = new ArrayList<>();
    for (int[] run : part.sorted(path).runs()) {
      int from = begin(run, range);
      int to = end(run, range);
      if (from < to) {
        walks.add(new RunWalk(run, from, to, descending));
      }
    }
    return walks;
  }

  /** A stretch of a sorted run, key by key from one end. */
  private final class RunWalk implements IndexWalk.Source {
    private final int[] run;
    private final int step;
    private final int end;
    private int at;
    private byte[] key;

    RunWalk(int[] run, int from, int to, boolean descending) {
      this.run = run;
      this.step = descending ? -1 : 1;
      this.at = descending ? to - 1 : from;
      this.end = descending ? from - 1 : to;
      this.key = part.keys.get(part.address(run[at]));
    }

    @Override
    public byte[] key() {
      return key;
    }

    @Override
    public long visit(IndexWalk walk) {
      long read = 0;
      boolean more = true;
      while (more && at != end && part.keys.compare(part.address(run[at]), key) == 0) {
        int row = part.row(run[at]);
        more = !isAlive(row) || walk.take(part.sequence(row));
        at += step;
        read++;
      }
      return read;
    }

    @Override
    public boolean advance() {
      if (at == end) {
        return false;
      }
      byte[] next = part.keys.get(part.address(run[at]));
      boolean isNew = Bytes.compare(next, key) != 0;
      key = next;
      return isNew;
    }
  }
}
