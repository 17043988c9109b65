package dev.stave.spec.bench.storage;

import dev.stave.storage.FileStorage;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** Stave's storage, through its port. */
public final class StaveEngine implements Engine {

  private static final long SETTLE_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final int QUIET_POLLS = 10;

  private final Storage storage;

  StaveEngine(Path folder) {
    this.storage = open(folder);
  }

  /** The one place that says which implementation runs. */
  private static Storage open(Path folder) {
    return FileStorage.open(folder);
  }

  @Override
  public Batch batch() {
    return new StaveBatch();
  }

  @Override
  public Reader reader() {
    return new StaveReader(storage.snapshot());
  }

  @Override
  public void get(byte[] key, Visitor visitor) {
    try (Reader reader = reader()) {
      reader.get(key, visitor);
    }
  }

  /*
   * The port does not tell whether a merge is running, and closing stops one half done, which would
   * hide the debt. So this asks the threads: a storage's own threads, all named "stave-…", have
   * nothing to do while they wait without a time limit. (A merge that slows itself down waits with
   * one.) To be replaced as soon as the storage itself can tell.
   */
  @Override
  public void settle() {
    long deadline = System.nanoTime() + SETTLE_LIMIT_NANOS;
    for (int quiet = 0; quiet < QUIET_POLLS; ) {
      quiet = isIdle() ? quiet + 1 : 0;
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("Stave does not settle");
      }
      Sleep.millis(10);
    }
  }

  /** All of Stave's threads in this process, whosever they are. */
  public static boolean isIdle() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("stave-"))
        .allMatch(thread -> thread.getState() == Thread.State.WAITING);
  }

  @Override
  public void close() {
    storage.close();
  }

  private final class StaveBatch implements Batch {
    private StorageBatch rows = new StorageBatch();

    @Override
    public void put(byte[] key, byte[] value) {
      rows.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
      rows.delete(key);
    }

    @Override
    public void commit() {
      storage.commit(rows);
      rows = new StorageBatch();
    }

    @Override
    public void close() {}
  }

  private record StaveReader(StorageSnapshot snapshot) implements Reader {

    @Override
    public void get(byte[] key, Visitor visitor) {
      byte[] value = snapshot.get(key);
      if (value == null) {
        throw new IllegalStateException("a row is missing");
      }
      visitor.row(key, value, value.length);
    }

    @Override
    public void scan(byte[] from, byte[] to, Visitor visitor) {
      Iterator<StorageSnapshot.Row> rows = snapshot.scan(from, to);
      while (rows.hasNext()) {
        StorageSnapshot.Row row = rows.next();
        visitor.row(row.key(), row.value(), row.value().length);
      }
    }

    @Override
    public void close() {
      snapshot.close();
    }
  }
}
