package dev.stave.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.bytes.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * What stands where: all postings of all paths. One thread writes; snapshots read at the same time.
 *
 * <p>A <i>row</i> is a document version's place in here. Rows are in sequence order, so a row
 * number stands for a sequence, in 32 bits. A <i>posting</i> says that at some path a row has some
 * value. Postings are numbered as they come, and those of one path form a chain through {@code
 * previous} from the newest to the oldest: a path that occurs once costs a few bytes, not an
 * object, and appending touches no sorted structure. A path is sorted when a query first asks for
 * it.
 *
 * <p>A version that is replaced is not looked for in here: its row is told which row ended it. A
 * snapshot of the first n rows therefore sees a row if it is one of them and ended by none of them.
 */
final class Postings {

  private static final int NONE = -1;
  private static final int NEVER = Integer.MAX_VALUE;

  private static final int HEADS_BITS = 12;
  private static final int HEADS_SIZE = 1 << HEADS_BITS;

  /** A path with values whose keys do not order them: long strings, arrays, objects. */
  private static final int COARSE = 1;

  final PathDictionary dictionary = new PathDictionary();
  final KeyArena keys = new KeyArena();

  // by row
  private final LongColumn sequences = new LongColumn();
  private final IntColumn endedBy = new IntColumn();

  // by posting
  private final IntColumn rows = new IntColumn();
  private final IntColumn previous = new IntColumn();
  private final LongColumn addresses = new LongColumn();

  // by path
  private volatile AtomicIntegerArray[] newest = new AtomicIntegerArray[0];
  private final IntColumn counts = new IntColumn();
  private final IntColumn traits = new IntColumn();

  private final Map<Integer, SortedPostings> sorted = new ConcurrentHashMap<>();
  private final ByteWriter key = new ByteWriter(ValueKey.MAX_BYTES);
  private int live;

  /** Adds a version and says its row. */
  int add(long sequence, String id, JsonNode body) {
    int row = addRow(sequence, NEVER);
    live++;
    key.clear();
    key.u8(ValueKey.STRING);
    byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
    key.raw(utf8, 0, Math.min(utf8.length, ValueKey.MAX_STRING_BYTES));
    post(PathDictionary.ID, row, utf8.length >= ValueKey.MAX_STRING_BYTES);
    postBelow(PathDictionary.ROOT, row, body);
    return row;
  }

  /** Adds a row for a deletion: nothing stands in it, and nobody sees it. */
  int addTombstone(long sequence) {
    int row = rowCount();
    return addRow(sequence, row);
  }

  private int addRow(long sequence, int end) {
    sequences.add(sequence);
    endedBy.add(end);
    return endedBy.size() - 1;
  }

  /**
   * Ends the version of {@code sequence}, if it is here: snapshots that see {@code by} do not see
   * it.
   */
  void end(long sequence, int by) {
    int row = sequences.firstAbove(sequence - 1, rowCount());
    if (row < rowCount() && sequences.get(row) == sequence && endedBy.get(row) == NEVER) {
      endedBy.set(row, by);
      live--;
    }
  }

  private void postBelow(int path, int row, JsonNode value) {
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        postTree(dictionary.child(path, member.getKey()), row, member.getValue());
      }
    } else if (value.isArray()) {
      int element = dictionary.child(path, null);
      for (JsonNode child : value) {
        postTree(element, row, child);
      }
    }
  }

  private void postTree(int path, int row, JsonNode value) {
    key.clear();
    ValueKey.write(value, key);
    boolean longString = value.isTextual() && key.size() > ValueKey.MAX_STRING_BYTES;
    post(path, row, value.isContainerNode() || longString);
    postBelow(path, row, value);
  }

  private void post(int path, int row, boolean coarse) {
    append(path, row, keys.add(key.array(), key.size()), coarse);
  }

  private void append(int path, int row, long address, boolean coarse) {
    while (counts.size() <= path) {
      addPath();
    }
    int posting = rows.size();
    AtomicIntegerArray heads = newest[path >>> HEADS_BITS];
    rows.add(row);
    addresses.add(address);
    previous.add(heads.get(path & HEADS_SIZE - 1));
    counts.set(path, counts.get(path) + 1);
    if (coarse) {
      traits.set(path, COARSE);
    }
    heads.lazySet(path & HEADS_SIZE - 1, posting); // releases the columns to whoever gets it
  }

  private void addPath() {
    int path = counts.size();
    if (path >>> HEADS_BITS == newest.length) {
      int[] none = new int[HEADS_SIZE];
      Arrays.fill(none, NONE);
      AtomicIntegerArray[] more = Arrays.copyOf(newest, newest.length + 1);
      more[newest.length] = new AtomicIntegerArray(none);
      newest = more;
    }
    counts.add(0);
    traits.add(0);
  }

  /** The same without the versions that have ended, and without the paths only those had. */
  Postings withoutEnded() {
    Postings fresh = new Postings();
    int[] freshRows = new int[rowCount()];
    for (int row = 0; row < freshRows.length; row++) {
      freshRows[row] = endedBy.get(row) == NEVER ? fresh.addRow(sequences.get(row), NEVER) : NONE;
    }
    fresh.live = live;
    int[] freshPaths = new int[dictionary.size()];
    Arrays.fill(freshPaths, NONE);
    int[] pathOf = pathsByPosting();
    for (int posting = 0; posting < pathOf.length; posting++) {
      int row = freshRows[rows.get(posting)];
      if (row != NONE) {
        byte[] bytes = keys.get(addresses.get(posting));
        boolean coarse = traits.get(pathOf[posting]) == COARSE && ValueKey.isCoarse(bytes);
        int path = dictionary.copyTo(fresh.dictionary, pathOf[posting], freshPaths);
        fresh.append(path, row, fresh.keys.add(bytes, bytes.length), coarse);
      }
    }
    return fresh;
  }

  private int[] pathsByPosting() {
    int[] pathOf = new int[rows.size()];
    for (int path = 0; path < counts.size(); path++) {
      for (int posting = newest(path); posting != NONE; posting = previous.get(posting)) {
        pathOf[posting] = path;
      }
    }
    return pathOf;
  }

  int rowCount() {
    return endedBy.size();
  }

  /** Versions that have not ended. */
  int liveCount() {
    return live;
  }

  long sequence(int row) {
    return sequences.get(row);
  }

  /** Of {@code count} rows those with a sequence up to {@code last}. */
  int rowsUpTo(long last, int count) {
    return sequences.firstAbove(last, count);
  }

  boolean isAlive(int row, int rowCount) {
    return row < rowCount && endedBy.get(row) >= rowCount;
  }

  int row(int posting) {
    return rows.get(posting);
  }

  long address(int posting) {
    return addresses.get(posting);
  }

  /** The newest posting of {@code path}, or -1. */
  int newest(int path) {
    AtomicIntegerArray[] heads = newest;
    int chunk = path >>> HEADS_BITS;
    return chunk < heads.length ? heads[chunk].get(path & HEADS_SIZE - 1) : NONE;
  }

  int previous(int posting) {
    return previous.get(posting);
  }

  /** How many postings the path ever got: a bound for those that count. */
  int count(int path) {
    return newest(path) == NONE ? 0 : counts.get(path);
  }

  /** Whether the order of this path's keys is the order of its values. */
  boolean isOrdered(int path) {
    return newest(path) == NONE || traits.get(path) != COARSE;
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
