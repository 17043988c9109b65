package dev.stave.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonPath;
import dev.stave.policy.IndexPolicy;
import dev.stave.storage.StorageSnapshot.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The index as of one commit. Any thread may read it, until it is closed.
 *
 * <p>A document is known by the sequence of its version here.
 */
public final class IndexSnapshot implements AutoCloseable {

  private final PathDictionary dictionary;
  private final Generation generation;
  private final List<MemoryRows> memory; // oldest first, all newer than the generation
  private final Deaths deaths;
  private final long sequence;

  /** One for the snapshot being open, and one for each use under way. */
  private final AtomicInteger holders = new AtomicInteger(1);

  private final AtomicInteger closed = new AtomicInteger();
  private volatile @Nullable VersionSet all; // once it was asked for
  private volatile @Nullable VersionSet partial; // once it was asked for
  private final IndexPolicy leftOut;

  /** {@code generation} is retained already. */
  IndexSnapshot(
      PathDictionary dictionary,
      Generation generation,
      List<MemoryRows> memory,
      Deaths deaths,
      long sequence) {
    this.dictionary = dictionary;
    this.generation = generation;
    this.memory = memory;
    this.deaths = deaths;
    this.sequence = sequence;
    IndexPolicy every = generation.leftOut();
    for (MemoryRows rows : memory) {
      every = every.and(rows.part().leftOut());
    }
    this.leftOut = every;
  }

  PathDictionary dictionary() {
    return dictionary;
  }

  Generation generation() {
    return generation;
  }

  List<MemoryRows> memory() {
    return memory;
  }

  /** Every path that occurs, or did, but for the documents themselves, and for excluded ones. */
  public int[] allPaths() {
    return IntStream.range(PathDictionary.ID, dictionary.size())
        .filter(path -> dictionary.isKnown(path) && !isExcluded(path))
        .toArray();
  }

  boolean isExcluded(int path) {
    return !leftOut.excluded().isEmpty() && dictionary.isExcluded(path, leftOut);
  }

  /** The path of a number, as selectors write it. */
  public String name(int path) {
    return dictionary.name(path);
  }

  /** The known paths that {@code path} may mean, as numbers. */
  public int[] paths(JsonPath path) {
    return paths(PathDictionary.ROOT, path);
  }

  /** As {@link #paths(JsonPath)}, for a path that begins at the path {@code base}. */
  public int[] paths(int base, JsonPath path) {
    return dictionary.match(base, path);
  }

  /** Whether {@link #paths} means no more than {@code path} does: it knows no places in arrays. */
  public boolean isExact(JsonPath path) {
    return path.steps().stream()
        .noneMatch(step -> step instanceof JsonPath.Step.Member m && m.elementIndex() >= 0);
  }

  /** Whether a document has at most one value at {@code path}: it does not lead into an array. */
  public boolean isSingle(int path) {
    return dictionary.isSingle(path);
  }

  /**
   * The number of the path of the elements of the arrays at {@code path}, or -1 if none is known.
   */
  public int elementsOf(int path) {
    return dictionary.known(path, null);
  }

  /** Every live document, in a set that is the caller's to change. */
  public VersionSet all() {
    VersionSet known = all;
    if (known == null) {
      known = generation.live().copy();
      retainAlive(known);
      for (MemoryRows rows : memory) {
        rows.addAll(known);
      }
      all = known;
    }
    return known.copy();
  }

  /** What may be left out of it; an excluded path may yet have some of its values. */
  public IndexPolicy leftOut() {
    return leftOut;
  }

  /**
   * Live documents of which values that are not excluded are left out too, all but the id. What it
   * says of them tells nothing. Not to be changed.
   */
  public VersionSet partial() {
    VersionSet known = partial;
    if (known == null) {
      known = generation.partial().copy();
      retainAlive(known);
      for (MemoryRows rows : memory) {
        rows.addPartial(known);
      }
      partial = known;
    }
    return known;
  }

  /** Whether a version that is in a table is alive. */
  boolean isAliveInTables(long version) {
    return generation.live().contains(version) && deaths.by(version) > sequence;
  }

  /** Takes of what was found in tables those that are alive. */
  private VersionSet alive(FoundVersions found) {
    VersionSet versions = found.take();
    retainAlive(versions);
    return versions;
  }

  /** Leaves of versions in tables those that are alive. */
  private void retainAlive(VersionSet versions) {
    versions.and(generation.live());
    if (versions.size() > deaths.size()) {
      deaths.forEach(
          (dead, by) -> {
            if (by <= sequence) {
              versions.remove(dead);
            }
          });
      return;
    }
    List<Long> dead = new ArrayList<>();
    for (PrimitiveIterator.OfLong each = versions.iterator(); each.hasNext(); ) {
      long version = each.nextLong();
      if (deaths.by(version) <= sequence) {
        dead.add(version);
      }
    }
    dead.forEach(versions::remove);
  }

  /** About how many documents there are: some that ended may be counted too. */
  public long documents() {
    return count(PathDictionary.ROOT, KeyRange.ALL);
  }

  /** How many postings a look at {@code path} may have to read: a bound, not a count. */
  public long size(int path) {
    return count(path, KeyRange.ALL);
  }

  /** About how many postings in {@code range} there are at {@code path}, those of the dead too. */
  public long count(int path, KeyRange range) {
    if (path == PathDictionary.ROOT) {
      return generation.live().size() + memory.stream().mapToLong(MemoryRows::count).sum();
    }
    long count = 0;
    for (TablePart part : generation.parts()) {
      count += part.count(path, range);
    }
    for (MemoryRows rows : memory) {
      count += rows.count(path, range);
    }
    return count;
  }

  /** Whether {@link #walk} goes through {@code path} in the exact order of the values. */
  public boolean isOrdered(int path) {
    return generation.parts().stream().noneMatch(part -> part.isCoarse(path))
        && memory.stream().noneMatch(rows -> rows.part().isCoarse(path));
  }

  /** Adds the rows that have a value in {@code range} at {@code path}. Returns postings read. */
  public long collect(int path, KeyRange range, VersionSet rows) {
    return collect(path, List.of(range), rows);
  }

  /** As {@link #collect(int, KeyRange, VersionSet)}, for ranges that ascend. */
  public long collect(int path, List<KeyRange> ascending, VersionSet rows) {
    if (path == PathDictionary.ROOT) {
      return collectRoot(ascending, rows);
    }
    long read = 0;
    FoundVersions found = new FoundVersions();
    for (TablePart part : generation.parts()) {
      read += part.collect(path, ascending, found);
    }
    rows.absorb(alive(found));
    for (MemoryRows part : memory) {
      read += part.collect(path, ascending, found);
    }
    rows.absorb(found.take());
    return read;
  }

  /** Every document is an object, and the index does not say so once more for each. */
  private long collectRoot(List<KeyRange> ranges, VersionSet rows) {
    VersionSet documents = all();
    if (ranges.stream().anyMatch(KeyRange::mayHoldObjects)) {
      rows.or(documents);
    }
    return documents.size();
  }

  /** Every known path of a member whose name passes {@code test}, by the path of its object. */
  public Map<Integer, List<Integer>> members(Predicate<String> test) {
    return dictionary.members(test);
  }

  /** Whether {@link #collectText} may have had no more of a string than its beginning. */
  public static boolean mayBeCut(String text) {
    return text.length() * 3 >= ValueKey.MAX_STRING_BYTES
        && text.getBytes(StandardCharsets.UTF_8).length >= ValueKey.MAX_STRING_BYTES;
  }

  /**
   * Adds the rows with a string in {@code strings} at {@code path} that passes {@code test}, which
   * sees the beginning only of a long one, see {@link #mayBeCut}. Returns postings read.
   */
  public long collectText(int path, KeyRange strings, Predicate<String> test, VersionSet rows) {
    long read = 0;
    FoundVersions found = new FoundVersions();
    for (TablePart part : generation.parts()) {
      for (Iterator<Row> keys = part.rows(path, strings, false); keys.hasNext(); ) {
        Row row = keys.next();
        if (test.test(ValueKey.text(TableKeys.valueOf(row.key())))) {
          read += part.list(row).addTo(found);
        } else {
          read++;
        }
      }
    }
    rows.absorb(alive(found));
    for (MemoryRows part : memory) {
      read += part.collectText(path, strings, test, found);
    }
    rows.absorb(found.take());
    return read;
  }

  /**
   * Goes through the rows that have a value in {@code range} at {@code path}, in value order, equal
   * values in sequence order (both turned round if {@code descending}), until {@code visit} says
   * false. Returns postings read.
   */
  public long walk(int path, KeyRange range, boolean descending, Visitor visit) {
    return IndexWalk.through(sources(path, range, descending), descending, visit);
  }

  /** The parts' own walks, oldest first. */
  private List<IndexWalk.Source> sources(int path, KeyRange range, boolean descending) {
    List<IndexWalk.Source> sources = new ArrayList<>();
    for (TablePart part : generation.parts()) {
      Iterator<Row> rows = part.rows(path, range, descending);
      if (rows.hasNext()) {
        sources.add(new IndexWalk.TableWalk(part, rows, descending, this));
      }
    }
    for (MemoryRows rows : memory) {
      sources.addAll(rows.walks(path, range, descending));
    }
    return sources;
  }

  /**
   * As {@link #walk}, but versions with equal values are handed over together, in a set that is the
   * visitor's to change.
   */
  public long walkGroups(
      int path, KeyRange range, boolean descending, Predicate<VersionSet> visit) {
    return walkKeys(path, range, descending, (key, versions) -> visit.test(versions));
  }

  long walkKeys(
      int path, KeyRange range, boolean descending, BiPredicate<byte[], VersionSet> visit) {
    return IndexWalk.throughGroups(sources(path, range, descending), descending, visit);
  }

  /**
   * Goes through the values in {@code range} at {@code path}, in order (turned round if {@code
   * descending}), until {@code visit} says false. It takes a value, of a long string the beginning,
   * and the versions that have it, in a set that is its own to change.
   */
  public void walkValues(
      int path, KeyRange range, boolean descending, BiPredicate<JsonNode, VersionSet> visit) {
    walkKeys(path, range, descending, (key, versions) -> visit.test(ValueKey.value(key), versions));
  }

  /** Takes the sequence of a version and says whether to go on. */
  @FunctionalInterface
  public interface Visitor {
    boolean visit(long version);
  }

  /**
   * Holds it open until {@link #leave}, whoever closes it meanwhile: a table that nobody holds is
   * unmapped, and reading it then would end the process.
   *
   * @throws IllegalStateException if it is closed
   */
  public void enter() {
    int now = holders.get();
    while (now > 0 && closed.get() == 0) {
      if (holders.compareAndSet(now, now + 1)) {
        return;
      }
      now = holders.get();
    }
    throw new IllegalStateException("the snapshot is closed");
  }

  /** Ends what {@link #enter} began. */
  public void leave() {
    if (holders.decrementAndGet() == 0) {
      generation.release();
    }
  }

  /** Lets go of the tables. A second call does nothing. */
  @Override
  public void close() {
    if (closed.getAndSet(1) == 0) {
      leave();
    }
  }
}
