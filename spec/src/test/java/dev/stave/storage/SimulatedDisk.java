package dev.stave.storage;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A disk with the rows of one database. It keeps each commit that returned; of the one in which the
 * power fails it keeps all or nothing, which {@code PowerLossTest} in core shows of {@link
 * FileStorage}.
 */
public final class SimulatedDisk {

  private MemoryStorage rows = new MemoryStorage();
  private int commitsLeft = -1;
  private boolean keepsTheLast;
  private boolean isFull;
  private Runnable powerCut = () -> {};

  /** A storage over what is on the disk; who had one before has none any more. */
  public Storage open() {
    MemoryStorage before = rows;
    rows = before.copy();
    before.close();
    commitsLeft = -1;
    isFull = false;
    return new Mounted(rows);
  }

  /** The power is gone: nobody writes here any more, until it is opened again. */
  public void cut() {
    rows.close();
  }

  /** Whether it takes nothing more. Whoever opens it has made room. */
  public void fill(boolean full) {
    isFull = full;
  }

  /**
   * Has the power fail in one of the next commits.
   *
   * @param commits how many are made before
   * @param keeps whether the one in which it fails is on the disk
   * @param then is told
   */
  public void cutAfter(int commits, boolean keeps, Runnable then) {
    commitsLeft = commits;
    keepsTheLast = keeps;
    powerCut = then;
  }

  private final class Mounted implements Storage {
    private final MemoryStorage storage;

    Mounted(MemoryStorage storage) {
      this.storage = storage;
    }

    @Override
    public void commit(StorageBatch batch) {
      if (isFull) {
        throw new StorageException(
            "cannot write", Path.of("simulated"), new IOException("no space is left"));
      }
      if (commitsLeft != 0) {
        storage.commit(batch);
        commitsLeft--;
        return;
      }
      if (keepsTheLast) {
        storage.commit(batch);
      }
      cut();
      powerCut.run();
      throw new StorageException(
          "cannot write", Path.of("simulated"), new IOException("the power failed"));
    }

    @Override
    public StorageSnapshot snapshot() {
      return storage.snapshot();
    }

    @Override
    public Tables tables() {
      return storage.tables();
    }

    @Override
    public void close() {
      storage.close();
    }
  }
}
