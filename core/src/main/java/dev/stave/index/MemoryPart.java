package dev.stave.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.bytes.ByteWriter;
import dev.stave.policy.IndexPolicy;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * The newest versions, in memory. One thread writes; snapshots read at the same time.
 *
 * <p>A <i>row</i> is a document version's place in here; rows are in sequence order. A
 * <i>posting</i> says that at some path a row has some value. Postings are numbered as they come,
 * and those of one path form a chain through {@code previous} from the newest to the oldest: a path
 * that occurs once costs a few bytes, not an object, and appending touches no sorted structure. A
 * path is sorted when a query first asks for it, and all of them when the part becomes a table.
 */
final class MemoryPart {

  static final int NONE = -1;

  /** Paths that are written of together, one array of each kind for them. */
  private static final class PathGroup {
    static final int BITS = 8;
    static final int SIZE = 1 << BITS;

    final AtomicIntegerArray newest;
    final int[] counts = new int[SIZE << ValueKey.TYPE_BITS]; // by path and type
    final boolean[] coarse = new boolean[SIZE];

    PathGroup() {
      int[] none = new int[SIZE];
      Arrays.fill(none, NONE);
      newest = new AtomicIntegerArray(none);
    }

    PathGroup copy() {
      PathGroup copy = new PathGroup();
      for (int i = 0; i < SIZE; i++) {
        copy.newest.lazySet(i, newest.get(i));
      }
      System.arraycopy(counts, 0, copy.counts, 0, counts.length);
      System.arraycopy(coarse, 0, copy.coarse, 0, coarse.length);
      return copy;
    }
  }

  private static final int BYTES_OF_ROW = 8;
  private static final int BYTES_OF_POSTING = 16;
  private static final int BYTES_OF_GROUP = PathGroup.SIZE * 37;

  final KeyArena keys;

  // by row
  private final LongColumn sequences;

  // by posting
  private final IntColumn rows;
  private final IntColumn previous;
  private final LongColumn addresses;

  // by path
  private volatile @Nullable PathGroup[] groups = new @Nullable PathGroup[0];
  private int groupsUsed;

  // rows of which not all is here, ascending
  private final IntColumn partial;
  private volatile int partialCount;

  private IndexPolicy policy; // of what comes
  private volatile IndexPolicy leftOut; // no more than this is left out

  private final Map<Integer, SortedPostings> sorted = new ConcurrentHashMap<>();
  private final DocumentValues values;

  MemoryPart(PathDictionary dictionary, IndexPolicy policy) {
    this.policy = policy;
    this.leftOut = policy;
    this.keys = new KeyArena();
    this.sequences = new LongColumn();
    this.rows = new IntColumn();
    this.previous = new IntColumn();
    this.addresses = new LongColumn();
    this.partial = new IntColumn();
    this.values = valuesOf(dictionary);
  }

  /** All that is in {@code other}, for another index. By the thread that writes to that. */
  MemoryPart(MemoryPart other, PathDictionary dictionary) {
    this.policy = other.policy;
    this.leftOut = other.leftOut;
    this.keys = other.keys.copy();
    this.sequences = other.sequences.copy();
    this.rows = other.rows.copy();
    this.previous = other.previous.copy();
    this.addresses = other.addresses.copy();
    this.partial = other.partial.copy();
    this.partialCount = other.partialCount;
    this.groups = other.groups.clone();
    for (int i = 0; i < groups.length; i++) {
      PathGroup group = groups[i];
      groups[i] = group == null ? null : group.copy();
    }
    this.groupsUsed = other.groupsUsed;
    this.sorted.putAll(other.sorted);
    this.values = valuesOf(dictionary);
  }

  private DocumentValues valuesOf(PathDictionary dictionary) {
    PathDictionary.Guess guess = dictionary.new Guess();
    return new DocumentValues() {
      @Override
      int child(int parent, @Nullable String name) {
        int path = guess.child(parent, name, pathsEndOfPolicy());
        if (path < 0) {
          stop();
        }
        return path;
      }

      @Override
      void value(int path, ByteWriter key, boolean isCoarse) {
        post(path, key, isCoarse);
      }
    };
  }

  /** Adds a version. Sequences ascend. */
  void add(long sequence, String id, JsonNode body) {
    sequences.add(sequence);
    if (!values.walk(id, body, policy)) {
      partial.add(sequences.size() - 1);
      partialCount = partial.size();
    }
  }

  /** For what comes from now on. By the thread that writes. */
  void setPolicy(IndexPolicy next) {
    policy = next;
    leftOut = rowCount() == 0 ? next : leftOut.and(next);
  }

  /** The number of the first path that is not indexed: the root and the id are beside them. */
  private int pathsEndOfPolicy() {
    return (int) Math.min(Integer.MAX_VALUE, (long) policy.maxPaths() + PathDictionary.ID + 1);
  }

  /** What may be left out of it. */
  IndexPolicy leftOut() {
    return leftOut;
  }

  /** How many rows lack values that are not excluded. */
  int partialCount() {
    return partialCount;
  }

  /** The row of one of them; they ascend. */
  int partialRow(int i) {
    return partial.get(i);
  }

  private void post(int path, ByteWriter key, boolean isCoarse) {
    PathGroup group = group(path);
    int place = path & PathGroup.SIZE - 1;
    int posting = rows.size();
    rows.add(sequences.size() - 1);
    addresses.add(keys.add(key.array(), key.size()));
    previous.add(group.newest.get(place));
    group.counts[place << ValueKey.TYPE_BITS | key.array()[0]]++;
    group.coarse[place] |= isCoarse;
    group.newest.lazySet(place, posting); // releases the columns to whoever gets it
  }

  private PathGroup group(int path) {
    int at = path >>> PathGroup.BITS;
    if (at >= groups.length) {
      groups = Arrays.copyOf(groups, Math.max(at + 1, groups.length * 2));
    }
    PathGroup group = groups[at];
    if (group == null) {
      group = new PathGroup();
      @Nullable PathGroup[] more = groups.clone();
      more[at] = group;
      groups = more; // whoever reads it finds the group whole
      groupsUsed++;
    }
    return group;
  }

  private @Nullable PathGroup known(int path) {
    @Nullable PathGroup[] now = groups;
    int at = path >>> PathGroup.BITS;
    return at < now.length ? now[at] : null;
  }

  /** About what it takes on the heap. For the thread that writes. */
  long bytes() {
    return keys.bytes()
        + (long) sequences.size() * BYTES_OF_ROW
        + (long) rows.size() * BYTES_OF_POSTING
        + (long) groupsUsed * BYTES_OF_GROUP;
  }

  int rowCount() {
    return sequences.size();
  }

  long sequence(int row) {
    return sequences.get(row);
  }

  /** Of {@code count} rows those with a sequence up to {@code last}. */
  int rowsUpTo(long last, int count) {
    return sequences.firstAbove(last, count);
  }

  /** One more than the highest path that may occur. */
  int pathsEnd() {
    return groups.length << PathGroup.BITS;
  }

  /** How many postings there were in all. */
  int postingCount() {
    return rows.size();
  }

  int row(int posting) {
    return rows.get(posting);
  }

  long address(int posting) {
    return addresses.get(posting);
  }

  /** The newest posting of {@code path}, or -1. */
  int newest(int path) {
    PathGroup group = known(path);
    return group == null ? NONE : group.newest.get(path & PathGroup.SIZE - 1);
  }

  int previous(int posting) {
    return previous.get(posting);
  }

  /** How many postings the path ever got: a bound for those that count. */
  long count(int path) {
    long count = 0;
    for (int type = 1; type < 1 << ValueKey.TYPE_BITS; type++) {
      count += count(path, type);
    }
    return count;
  }

  /** As {@link #count(int)}, of values of one type, which is the first byte of their keys. */
  long count(int path, int type) {
    PathGroup group = newest(path) == NONE ? null : known(path);
    return group == null
        ? 0
        : group.counts[(path & PathGroup.SIZE - 1) << ValueKey.TYPE_BITS | type];
  }

  /** Whether the order of this path's keys is not the order of its values. */
  boolean isCoarse(int path) {
    PathGroup group = newest(path) == NONE ? null : known(path);
    return group != null && group.coarse[path & PathGroup.SIZE - 1];
  }

  /** The postings of {@code path} in value order, all that there are now. */
  SortedPostings sorted(int path) {
    SortedPostings known = sorted.get(path);
    int head = newest(path);
    if (known != null && known.newest() >= head) {
      return known;
    }
    SortedPostings grown =
        (known == null ? SortedPostings.NONE : known).plus(this, unsorted(known, head));
    sorted.merge(path, grown, (a, b) -> a.newest() >= b.newest() ? a : b);
    return grown;
  }

  /** All postings of {@code path}, oldest first. */
  int[] postings(int path) {
    return unsorted(null, newest(path));
  }

  /** The postings from {@code head} back to what is sorted, oldest first. */
  private int[] unsorted(@Nullable SortedPostings known, int head) {
    int stop = known == null ? NONE : known.newest();
    int[] found = new int[16];
    int size = 0;
    for (int posting = head; posting > stop; posting = previous.get(posting)) {
      if (size == found.length) {
        found = Arrays.copyOf(found, size * 2);
      }
      found[size++] = posting;
    }
    int[] oldestFirst = new int[size];
    for (int i = 0; i < size; i++) {
      oldestFirst[i] = found[size - 1 - i];
    }
    return oldestFirst;
  }
}
