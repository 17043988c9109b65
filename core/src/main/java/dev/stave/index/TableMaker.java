package dev.stave.index;

import dev.stave.bytes.Bytes;
import dev.stave.policy.IndexPolicy;
import dev.stave.storage.StorageSnapshot.Row;
import dev.stave.storage.Table;
import dev.stave.storage.TableWriter;
import dev.stave.storage.Tables;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Makes one table: out of a part in memory, or out of tables. For one thread. */
final class TableMaker {

  private final PathDictionary dictionary;
  private final TableWriter out;
  private final long after;
  private final long to;
  private final Map<Integer, PathFacts> paths = new HashMap<>();

  // of the path that is being written
  private long[] counts = {};
  private boolean coarse;

  // of the key that is being written
  private long[] sequences = new long[64];
  private int count;

  private TableMaker(PathDictionary dictionary, TableWriter out, long after, long to) {
    this.dictionary = dictionary;
    this.out = out;
    this.after = after;
    this.to = to;
  }

  /** The table of what {@code part} has of sequences above {@code after}, up to {@code to}. */
  static Table flush(
      Tables tables,
      PathDictionary dictionary,
      MemoryPart part,
      Deaths deaths,
      long after,
      long to) {
    VersionSet versions = new VersionSet();
    BitSet dead = new BitSet();
    for (int row = 0; row < part.rowCount(); row++) {
      if (deaths.by(part.sequence(row)) <= to) {
        dead.set(row);
      } else {
        versions.add(part.sequence(row));
      }
    }
    VersionSet partial = new VersionSet();
    for (int i = 0; i < part.partialCount(); i++) {
      partial.add(part.sequence(part.partialRow(i)));
    }
    partial.and(versions);
    VersionSet ended = new VersionSet();
    deaths.forEach(
        (sequence, by) -> {
          if (sequence <= after && by <= to) {
            ended.add(sequence);
          }
        });
    try (TableWriter out = tables.write(part.postingCount(), true)) {
      TableMaker maker = new TableMaker(dictionary, out, after, to);
      for (int path = 0; path < part.pathsEnd(); path++) {
        if (part.newest(path) != MemoryPart.NONE) {
          maker.addPath(path, part, dead);
        }
      }
      return maker.finish(versions, ended, partial, part.leftOut());
    }
  }

  private void addPath(int path, MemoryPart part, BitSet dead) {
    beginPath(part.isCoarse(path));
    SortedPostings.InOrder inOrder = part.inOrder(path);
    int[] postings = inOrder.postings;
    int last = -1;
    for (int i = 0; i < postings.length; i++) {
      int row = part.row(postings[i]);
      boolean isNewKey = i > 0 && !inOrder.isSameKey(i);
      if (isNewKey) {
        endKey(path, part.keys.get(part.address(postings[i - 1])));
      }
      if ((row != last || isNewKey) && !dead.get(row)) { // an array may have a value twice
        add(part.sequence(row));
      }
      last = row;
    }
    endKey(path, part.keys.get(part.address(postings[postings.length - 1])));
    endPath(path);
  }

  /**
   * One table of {@code old}, which are neighbours, oldest first.
   *
   * @param live all versions that are alive, or were lately
   * @throws CancellationException once {@code isClosing}
   */
  static Table merge(
      Tables tables,
      PathDictionary dictionary,
      List<TablePart> old,
      VersionSet live,
      BooleanSupplier isClosing) {
    long after = old.get(0).after();
    VersionSet versions = new VersionSet();
    VersionSet ended = new VersionSet();
    VersionSet partial = new VersionSet();
    IndexPolicy leftOut = old.get(0).leftOut();
    long keys = 0;
    for (TablePart part : old) {
      versions.or(part.versions());
      ended.or(part.ended());
      partial.or(part.partial());
      leftOut = leftOut.and(part.leftOut());
      keys += part.table().keys();
    }
    long before = versions.size();
    versions.and(live);
    partial.and(versions);
    VersionSet merged = new VersionSet();
    merged.addRange(after + 1, old.get(old.size() - 1).to() + 1);
    ended.andNot(merged);
    try (TableWriter out = tables.write(keys, false)) {
      TableMaker maker = new TableMaker(dictionary, out, after, old.get(old.size() - 1).to());
      boolean isAnyDead = versions.size() < before;
      maker.addAll(old, isAnyDead ? versions : null, isClosing);
      return maker.finish(versions, ended, partial, leftOut);
    }
  }

  /** The keys of one table, one after another. */
  private static final class Cursor {
    final int age;
    final TablePart part;
    private final Iterator<Row> rows;
    Row row;

    Cursor(int age, TablePart part, Iterator<Row> rows) {
      this.age = age;
      this.part = part;
      this.rows = rows;
      this.row = rows.next();
    }

    boolean advance() {
      if (!rows.hasNext()) {
        return false;
      }
      row = rows.next();
      return true;
    }
  }

  private void addAll(List<TablePart> old, @Nullable VersionSet alive, BooleanSupplier isClosing) {
    PriorityQueue<Cursor> cursors =
        new PriorityQueue<>(
            (a, b) -> {
              int order = Bytes.compare(a.row.key(), b.row.key());
              return order != 0 ? order : Integer.compare(a.age, b.age);
            });
    for (int age = 0; age < old.size(); age++) {
      TablePart part = old.get(age);
      Iterator<Row> rows = part.table().scan(TableKeys.beginOf(0), TableKeys.RANGE, false);
      if (rows.hasNext()) {
        cursors.add(new Cursor(age, part, rows));
      }
    }
    byte[] key = null;
    int path = -1;
    while (!cursors.isEmpty()) {
      if (isClosing.getAsBoolean()) {
        throw new CancellationException("the index is being closed");
      }
      Cursor first = cursors.remove();
      if (key != null && !Arrays.equals(key, first.row.key())) {
        endKey(path, TableKeys.valueOf(key));
      }
      key = first.row.key();
      int pathOfKey = TableKeys.pathOf(key);
      if (pathOfKey != path) {
        endPath(path);
        path = pathOfKey;
        int now = path;
        beginPath(old.stream().anyMatch(part -> part.isCoarse(now)));
      }
      first
          .part
          .list(first.row)
          .forEach(
              sequence -> {
                if (alive == null || alive.contains(sequence)) {
                  add(sequence);
                }
                return true;
              });
      if (first.advance()) {
        cursors.add(first);
      }
    }
    if (key != null) {
      endKey(path, TableKeys.valueOf(key));
      endPath(path);
    }
  }

  private void beginPath(boolean isCoarse) {
    counts = new long[1 << ValueKey.TYPE_BITS];
    coarse = isCoarse;
  }

  private void add(long sequence) {
    if (count == sequences.length) {
      sequences = Arrays.copyOf(sequences, count * 2);
    }
    sequences[count++] = sequence;
  }

  private void endKey(int path, byte[] value) {
    if (count > 0) {
      out.add(TableKeys.posting(path, value), PostingList.encode(sequences, count, after));
      counts[value[0]] += count;
      count = 0;
    }
  }

  private void endPath(int path) {
    long all = 0;
    for (long ofType : counts) {
      all += ofType;
    }
    if (all > 0) {
      paths.put(path, TablePart.facts(dictionary, path, coarse, counts));
    }
  }

  private Table finish(
      VersionSet versions, VersionSet ended, VersionSet partial, IndexPolicy leftOut) {
    TablePart.writeFacts(out, after, to, versions, ended, partial, leftOut, paths, dictionary);
    return out.finish();
  }
}
