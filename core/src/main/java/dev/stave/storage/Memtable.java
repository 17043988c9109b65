package dev.stave.storage;

import dev.stave.bytes.Bytes;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Recent commits in memory, every version of them: one thread writes while any number read.
 *
 * <p>A version is the number of a commit. A reader names the newest version it may see, so that it
 * never sees half of a commit, nor one that came after its snapshot.
 */
final class Memtable {

  private static final int ROW_OVERHEAD = 96; // skip list node, key object, two array headers

  /** Keys upwards and, of one key, versions downwards: the newest visible one is found first. */
  private record Key(byte[] key, long version) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byKey = Bytes.compare(key, other.key);
      return byKey != 0 ? byKey : Long.compare(other.version, version);
    }
  }

  private final ConcurrentNavigableMap<Key, Entry> entries = new ConcurrentSkipListMap<>();
  private volatile long bytes;

  @SuppressWarnings("NonAtomicVolatileUpdate") // there is one writer
  void put(Iterable<Entry> batch, long version) {
    long added = 0;
    for (Entry entry : batch) {
      entries.put(new Key(entry.key(), version), entry);
      byte[] value = entry.value();
      added += ROW_OVERHEAD + entry.key().length + (value == null ? 0 : value.length);
    }
    bytes += added;
  }

  /** About how much heap this holds. */
  long bytes() {
    return bytes;
  }

  /** How many versions of rows it holds, counted one by one. */
  int size() {
    return entries.size();
  }

  /** What {@code version} sees of {@code key}, or null if this table says nothing of it. */
  @Nullable Entry get(byte[] key, long version) {
    Map.Entry<Key, Entry> found = entries.ceilingEntry(new Key(key, version));
    return found != null && Bytes.compare(found.getKey().key(), key) == 0 ? found.getValue() : null;
  }

  /** Drops the versions of {@code key} that no snapshot of {@code oldest} or later can see. */
  void forget(byte[] key, long oldest) {
    Map.Entry<Key, Entry> visible = entries.ceilingEntry(new Key(key, oldest));
    if (visible == null || Bytes.compare(visible.getKey().key(), key) != 0) {
      return;
    }
    boolean deleted = visible.getValue().isDeletion(); // with nothing older left, it says nothing
    ConcurrentNavigableMap<Key, Entry> old =
        entries.subMap(visible.getKey(), deleted, new Key(key, -1), true);
    while (old.pollLastEntry() != null) {
      // the oldest first: a reader that no longer finds the deletion must not find what it deleted
    }
  }

  Iterator<Entry> scan(byte[] from, byte[] to, long version, boolean backward) {
    return new Scan(from, to, version, backward);
  }

  private final class Scan implements Iterator<Entry> {
    private final byte[] from;
    private final byte[] to;
    private final long version;
    private final boolean backward;
    private @Nullable Entry next;

    Scan(byte[] from, byte[] to, long version, boolean backward) {
      this.from = from;
      this.to = to;
      this.version = version;
      this.backward = backward;
      next = visible(backward ? below(to) : entries.ceilingKey(new Key(from, Long.MAX_VALUE)));
    }

    private @Nullable Key below(byte[] key) {
      return entries.lowerKey(new Key(key, Long.MAX_VALUE));
    }

    private @Nullable Key above(byte[] key) {
      return entries.higherKey(new Key(key, -1));
    }

    /** The first entry, from {@code at} on, whose key has a version that is visible. */
    private @Nullable Entry visible(@Nullable Key at) {
      Key candidate = at;
      while (candidate != null && inRange(candidate.key())) {
        Entry entry = get(candidate.key(), version);
        if (entry != null) {
          return entry;
        }
        candidate = backward ? below(candidate.key()) : above(candidate.key());
      }
      return null;
    }

    private boolean inRange(byte[] key) {
      return backward ? Bytes.compare(key, from) >= 0 : Bytes.compare(key, to) < 0;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Entry next() {
      Entry entry = next;
      if (entry == null) {
        throw new NoSuchElementException();
      }
      next = visible(backward ? below(entry.key()) : above(entry.key()));
      return entry;
    }
  }
}
