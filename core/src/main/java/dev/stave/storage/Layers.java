package dev.stave.storage;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot over a memtable and the segments below it, newest first, as of one version. The
 * segments are held until it is closed; a memtable needs no holding.
 */
final class Layers implements StorageSnapshot {

  private final Memtable memtable;
  private final long version;
  private final List<Segment> segments;
  private final Runnable onClose;
  private boolean closed;

  /** {@code segments} are retained already. */
  Layers(Memtable memtable, long version, List<Segment> segments, Runnable onClose) {
    this.memtable = memtable;
    this.version = version;
    this.segments = segments;
    this.onClose = onClose;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    Entry entry = memtable.get(key, version);
    for (int i = 0; entry == null && i < segments.size(); i++) {
      entry = segments.get(i).get(key);
    }
    return entry == null ? null : entry.value();
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
    List<Iterator<Entry>> layers = new ArrayList<>();
    layers.add(memtable.scan(from, to, version, backward));
    for (Segment segment : segments) {
      layers.add(segment.scan(from, to, backward));
    }
    MergedScan merged = new MergedScan(layers, backward, false);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return merged.hasNext();
      }

      @Override
      public Row next() {
        Entry entry = merged.next();
        byte[] value = entry.value();
        if (value == null) {
          throw new IllegalStateException("a merged scan keeps no deletions");
        }
        return new Row(entry.key(), value);
      }
    };
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      segments.forEach(Segment::release);
      onClose.run();
    }
  }
}
