package dev.stave.index;

import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Bytes;
import dev.stave.policy.IndexPolicy;
import dev.stave.storage.Table;
import dev.stave.storage.TableWriter;
import dev.stave.storage.Tables;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
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

  // of the key that is being written, and its path before it
  private final ByteWriter key = new ByteWriter();
  private final ByteWriter list = new ByteWriter();
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
    int[] oldestFirst = part.postings(path);
    int[] rows = new int[oldestFirst.length]; // side by side
    for (int i = 0; i < rows.length; i++) {
      rows[i] = part.row(oldestFirst[i]);
    }
    PostingOrder order = new PostingOrder(part, oldestFirst);
    int last = -1;
    for (int i = 0; i < rows.length; i++) {
      int row = rows[order.at(i)];
      boolean isNewKey = i > 0 && !order.isSameKey(i);
      if (isNewKey) {
        endKey();
      }
      if (i == 0 || isNewKey) {
        part.keys.write(order.address(i), key.u32(path));
      }
      if ((row != last || isNewKey) && !dead.get(row)) { // an array may have a value twice
        add(part.sequence(row));
      }
      last = row;
    }
    endKey();
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

  private void addAll(List<TablePart> old, @Nullable VersionSet alive, BooleanSupplier isClosing) {
    MergedTables rows = new MergedTables(old);
    LongPredicate take =
        sequence -> {
          if (alive == null || alive.contains(sequence)) {
            add(sequence);
          }
          return true;
        };
    int path = -1;
    while (rows.next()) {
      if (isClosing.getAsBoolean()) {
        throw new CancellationException("the index is being closed");
      }
      if (Bytes.compare(rows.key(), 0, rows.keyLength(), key.array(), key.size()) != 0) {
        endKey();
        key.raw(rows.key(), 0, rows.keyLength());
      }
      if (rows.path() != path) {
        endPath(path);
        path = rows.path();
        int now = path;
        beginPath(old.stream().anyMatch(part -> part.isCoarse(now)));
      }
      rows.forEach(take);
    }
    endKey();
    endPath(path);
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

  private void endKey() {
    if (count > 0) {
      PostingList.encode(sequences, count, after, list);
      out.add(key.array(), key.size(), list.array(), list.size());
      counts[key.array()[TableKeys.PATH_BYTES]] += count;
      list.clear();
      count = 0;
    }
    key.clear();
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
