package dev.stave.index;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.json.JsonObject;
import dev.stave.policy.IndexPolicy;
import dev.stave.storage.StorageSnapshot.Row;
import dev.stave.storage.Table;
import dev.stave.storage.TableWriter;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A part of the index in a table: the versions of a range of sequences that were alive when it was
 * written, with all their postings, and the older versions that ended in that range. Immutable; any
 * thread may read it while its table is retained.
 */
final class TablePart {

  /** Of what stands in a table; another one is not read, and the index built anew. */
  private static final int VERSION = 2;

  /** A stretch of so few bytes is read to count it; of a longer one the count is guessed. */
  private static final long READ_TO_COUNT = 8 << 10;

  private final Table table;
  private final long after;
  private final long to;
  private final VersionSet versions;
  private final VersionSet ended;
  private final VersionSet partial;
  private final IndexPolicy leftOut;
  private final Map<Integer, PathFacts> paths;

  private TablePart(
      Table table,
      long after,
      long to,
      VersionSet versions,
      VersionSet ended,
      VersionSet partial,
      IndexPolicy leftOut,
      Map<Integer, PathFacts> paths) {
    this.table = table;
    this.after = after;
    this.to = to;
    this.versions = versions;
    this.ended = ended;
    this.partial = partial;
    this.leftOut = leftOut;
    this.paths = paths;
  }

  /** The part in {@code table}, or null if it is of another version. */
  static @Nullable TablePart open(Table table) {
    byte[] range = table.get(TableKeys.RANGE);
    if (range == null || range[0] != VERSION) {
      return null;
    }
    ByteReader in = new ByteReader(range, 1);
    Map<Integer, PathFacts> paths = new HashMap<>();
    Iterator<Row> facts = table.scan(TableKeys.PATHS, TableKeys.PARTIAL, false);
    while (facts.hasNext()) {
      Row row = facts.next();
      paths.put(TableKeys.pathOfFact(row.key()), PathFacts.of(row.value()));
    }
    return new TablePart(
        table,
        in.varint(),
        in.varint(),
        set(table, TableKeys.VERSIONS),
        set(table, TableKeys.ENDED),
        set(table, TableKeys.PARTIAL),
        IndexPolicy.of(JsonObject.trusted(fact(table, TableKeys.POLICY), 0)),
        paths);
  }

  private static VersionSet set(Table table, byte[] key) {
    return VersionSet.of(fact(table, key), 0);
  }

  private static byte[] fact(Table table, byte[] key) {
    byte[] bytes = table.get(key);
    if (bytes == null) {
      throw new IllegalStateException("a table of the index lacks a part of itself");
    }
    return bytes;
  }

  /**
   * Writes what a table has beside its postings.
   *
   * @param partial of the versions those that are partly indexed
   * @param leftOut no more than this
   * @param paths those that occur; those that lead to them are added from {@code dictionary}
   */
  static void writeFacts(
      TableWriter out,
      long after,
      long to,
      VersionSet versions,
      VersionSet ended,
      VersionSet partial,
      IndexPolicy leftOut,
      Map<Integer, PathFacts> paths,
      PathDictionary dictionary) {
    out.add(TableKeys.RANGE, new ByteWriter(20).u8(VERSION).varint(after).varint(to).toBytes());
    out.add(TableKeys.VERSIONS, versions.toBytes());
    out.add(TableKeys.ENDED, ended.toBytes());
    TreeMap<Integer, PathFacts> all = new TreeMap<>(paths);
    for (int path : new TreeSet<>(paths.keySet())) {
      for (int at = dictionary.parent(path);
          at > PathDictionary.ROOT && !all.containsKey(at);
          at = dictionary.parent(at)) {
        all.put(at, facts(dictionary, at, false, new long[1 << ValueKey.TYPE_BITS]));
      }
    }
    all.forEach((path, facts) -> out.add(TableKeys.path(path), facts.toBytes()));
    out.add(TableKeys.PARTIAL, partial.toBytes());
    out.add(TableKeys.POLICY, leftOut.toJson().bytes());
  }

  static PathFacts facts(PathDictionary dictionary, int path, boolean coarse, long[] counts) {
    return new PathFacts(dictionary.parent(path), dictionary.lastName(path), coarse, counts);
  }

  Table table() {
    return table;
  }

  /** The sequence that it begins after, and the one that it goes to. */
  long after() {
    return after;
  }

  long to() {
    return to;
  }

  /** The versions in it; not to be changed. */
  VersionSet versions() {
    return versions;
  }

  /** Versions in older parts that ended up to {@link #to}; not to be changed. */
  VersionSet ended() {
    return ended;
  }

  /** Of {@link #versions} those that are partly indexed; not to be changed. */
  VersionSet partial() {
    return partial;
  }

  /** What may be left out of it. */
  IndexPolicy leftOut() {
    return leftOut;
  }

  Map<Integer, PathFacts> paths() {
    return paths;
  }

  long size(int path) {
    PathFacts facts = paths.get(path);
    return facts == null ? 0 : facts.count();
  }

  boolean isCoarse(int path) {
    PathFacts facts = paths.get(path);
    return facts != null && facts.coarse();
  }

  private static byte[] from(int path, KeyRange range) {
    return TableKeys.posting(path, range.from());
  }

  private static byte[] to(int path, KeyRange range) {
    byte[] to = range.to();
    return to == null ? TableKeys.beginOf(path + 1) : TableKeys.posting(path, to);
  }

  /** About how many postings there are. */
  long count(int path, KeyRange range) {
    long all = size(path);
    if (all == 0 || range == KeyRange.ALL) {
      return all;
    }
    byte[] from = from(path, range);
    if (range.isOneKey()) {
      byte[] list = table.get(from);
      return list == null ? 0 : new PostingList(list, after).size();
    }
    byte[] to = to(path, range);
    long bytes = table.position(to) - table.position(from);
    if (bytes <= READ_TO_COUNT) {
      long[] count = new long[1];
      table.forEachValue(
          from, to, (list, at, length) -> count[0] += new PostingList(list, at, after).size());
      return count[0];
    }
    long bytesOfPath =
        table.position(TableKeys.beginOf(path + 1)) - table.position(TableKeys.beginOf(path));
    return Math.min(all, (long) ((double) all * bytes / Math.max(bytes, bytesOfPath)));
  }

  /** Adds all sequences with a value in one of the ranges, dead ones too. Returns how many. */
  long collect(int path, List<KeyRange> ranges, FoundVersions into) {
    if (!paths.containsKey(path)) {
      return 0;
    }
    long[] read = new long[1];
    for (KeyRange range : ranges) {
      if (range.isOneKey()) {
        byte[] list = table.get(from(path, range));
        read[0] += list == null ? 0 : new PostingList(list, after).addTo(into);
      } else {
        table.forEachValue(
            from(path, range),
            to(path, range),
            (list, at, length) -> read[0] += new PostingList(list, at, after).addTo(into));
      }
    }
    return read[0];
  }

  /** The keys of {@code path} in the range, and their lists, in order or backward. */
  Iterator<Row> rows(int path, KeyRange range, boolean backward) {
    return table.scan(from(path, range), to(path, range), backward);
  }

  PostingList list(Row row) {
    return new PostingList(row.value(), after);
  }
}
