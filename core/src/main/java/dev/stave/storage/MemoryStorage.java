package dev.stave.storage;

import java.util.List;

/** A storage that is gone when the process is. Durable means nothing here. */
public final class MemoryStorage implements Storage {

  private Memtable memtable;
  private final HeapTables tables;
  private boolean closed;

  /** An empty one. */
  public MemoryStorage() {
    this(Memtable.alone(), new HeapTables());
  }

  private MemoryStorage(Memtable memtable, HeapTables tables) {
    this.memtable = memtable;
    this.tables = tables;
  }

  /** Another one with the same rows, which it shares until either changes: open, if this is not. */
  public synchronized MemoryStorage copy() {
    return new MemoryStorage(memtable, tables.copy());
  }

  public synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void commit(StorageBatch batch) {
    requireOpen();
    memtable = memtable.with(batch.entries());
  }

  @Override
  public synchronized StorageSnapshot snapshot() {
    requireOpen();
    return new Layers(List.of(memtable), List.of(), () -> {});
  }

  @Override
  public Tables tables() {
    return tables;
  }

  /** How many rows it holds, those included that newer ones cover. */
  synchronized int rowsHeld() {
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
