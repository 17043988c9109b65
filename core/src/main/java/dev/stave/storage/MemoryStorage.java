package dev.stave.storage;

import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;

/** A storage that is gone when the process is. Durable means nothing here. */
public final class MemoryStorage implements Storage {

  /** A key that the commit {@code version} wrote or deleted. */
  private record Write(long version, byte[] key) {}

  private final Memtable memtable = new Memtable();
  private final TreeMap<Long, Integer> openSnapshots = new TreeMap<>(); // version to their number
  private final ArrayDeque<Write> writes = new ArrayDeque<>(); // a snapshot may see what was before
  private long version;
  private boolean closed;

  @Override
  public synchronized void commit(StorageBatch batch) {
    requireOpen();
    memtable.put(batch.entries(), version + 1);
    version++;
    for (Entry entry : batch.entries()) {
      writes.add(new Write(version, entry.key()));
    }
    forgetWhatNobodySees();
  }

  private void forgetWhatNobodySees() {
    long oldest = openSnapshots.isEmpty() ? version : openSnapshots.firstKey();
    while (!writes.isEmpty() && writes.getFirst().version() <= oldest) {
      memtable.forget(writes.removeFirst().key(), oldest);
    }
  }

  @Override
  public synchronized StorageSnapshot snapshot() {
    requireOpen();
    long visible = version;
    openSnapshots.merge(visible, 1, Integer::sum);
    return new Layers(List.of(memtable), visible, List.of(), () -> closeSnapshot(visible));
  }

  private synchronized void closeSnapshot(long visible) {
    openSnapshots.computeIfPresent(visible, (v, count) -> count == 1 ? null : count - 1);
    forgetWhatNobodySees();
  }

  /** How many versions of rows it holds, those included that only open snapshots see. */
  int rowsHeld() {
    return memtable.size();
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
