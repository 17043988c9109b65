package dev.stave.storage;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot: memtables and the segments below them, newest first. The segments are held until it
 * is closed; a memtable never changes.
 *
 * <p>A segment that nobody holds is unmapped, and reading it then would end the process. So each
 * step of a reader holds the snapshot itself while it runs: closing it beside a reader lets the
 * step end, and refuses the next.
 */
final class Layers implements StorageSnapshot {

  private final List<Memtable> memtables;
  private final List<Segment> segments;
  private final Runnable onClose;

  /** One for the snapshot being open, and one for each step under way. */
  private final AtomicInteger holders = new AtomicInteger(1);

  private final AtomicInteger closed = new AtomicInteger();

  /** {@code segments} are retained already. */
  Layers(List<Memtable> memtables, List<Segment> segments, Runnable onClose) {
    this.memtables = memtables;
    this.segments = segments;
    this.onClose = onClose;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    enter();
    try {
      long hash = Filter.hash(key);
      Entry entry = null;
      for (int i = 0; entry == null && i < memtables.size(); i++) {
        entry = memtables.get(i).get(key, hash);
      }
      for (int i = 0; entry == null && i < segments.size(); i++) {
        entry = segments.get(i).get(key, hash);
      }
      return entry == null ? null : entry.value();
    } finally {
      leave();
    }
  }

  @Override
  public Iterator<Row> scan(byte[] from, byte[] to) {
    return rows(from, to, false);
  }

  @Override
  public Iterator<Row> scanBackward(byte[] from, byte[] to) {
    return rows(from, to, true);
  }

  private Iterator<Row> rows(byte[] from, byte[] to, boolean backward) {
    enter();
    try {
      List<Iterator<Entry>> layers = new ArrayList<>();
      memtables.forEach(memtable -> layers.addAll(memtable.scans(from, to, backward)));
      segments.forEach(segment -> layers.add(segment.scan(from, to, backward)));
      return new Rows(new MergedScan(layers, backward, false));
    } finally {
      leave();
    }
  }

  private final class Rows implements Iterator<Row> {
    private final MergedScan merged;

    Rows(MergedScan merged) {
      this.merged = merged;
    }

    @Override
    public boolean hasNext() {
      return merged.hasNext();
    }

    @Override
    public Row next() {
      enter();
      try {
        Entry entry = merged.next();
        byte[] value = entry.value();
        if (value == null) {
          throw new IllegalStateException("a merged scan keeps no deletions");
        }
        return new Row(entry.key(), value);
      } finally {
        leave();
      }
    }
  }

  private void enter() {
    int now = holders.get();
    while (now > 0) {
      if (holders.compareAndSet(now, now + 1)) {
        if (closed.get() == 0) {
          return;
        }
        leave();
        break;
      }
      now = holders.get();
    }
    throw new IllegalStateException("the snapshot is closed");
  }

  private void leave() {
    if (holders.decrementAndGet() == 0) {
      segments.forEach(Segment::release);
      onClose.run();
    }
  }

  @Override
  public void close() {
    if (closed.getAndSet(1) == 0) {
      leave();
    }
  }
}
