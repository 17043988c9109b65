package dev.stave.storage;

import java.util.List;
import java.util.TreeMap;

/** A storage that is gone when the process is. Durable means nothing here. */
public final class MemoryStorage implements Storage {

  private final Memtable memtable = new Memtable();
  private final TreeMap<Long, Integer> openSnapshots = new TreeMap<>(); // version to their number
  private long version;
  private boolean closed;

  @Override
  public synchronized void commit(StorageBatch batch) {
    requireOpen();
    memtable.put(batch.entries(), version + 1);
    version++;
    long oldest = openSnapshots.isEmpty() ? version : openSnapshots.firstKey();
    batch.entries().forEach(entry -> memtable.forget(entry.key(), oldest));
  }

  @Override
  public synchronized StorageSnapshot snapshot() {
    requireOpen();
    long visible = version;
    openSnapshots.merge(visible, 1, Integer::sum);
    return new Layers(memtable, visible, List.of(), () -> closeSnapshot(visible));
  }

  private synchronized void closeSnapshot(long visible) {
    openSnapshots.computeIfPresent(visible, (v, count) -> count == 1 ? null : count - 1);
  }

  private void requireOpen() {
    if (closed) {
      throw new StorageClosedException("the storage is closed");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
