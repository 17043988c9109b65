package dev.stave.storage;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A disk with the rows of one database. It keeps each commit that returned; of the one in which the
 * power fails it keeps all or nothing, which {@code PowerLossTest} in core shows of {@link
 * FileStorage}.
 */
public final class SimulatedDisk {

  /** Where the rows are. */
  interface Medium {

    /** What is there; who had it before has it no more. */
    Storage mount();

    /** Nobody writes there any more, until it is mounted again. */
    void cut();

    /** Makes room, if it can. */
    void compact();

    /** It is not used any more. */
    void drop();
  }

  private final Medium medium;
  private int commitsLeft = -1;
  private boolean keepsTheLast;
  private boolean isFull;
  private Runnable powerCut = () -> {};

  private SimulatedDisk(Medium medium) {
    this.medium = medium;
  }

  /** One without files, for speed. */
  public static SimulatedDisk inMemory() {
    return new SimulatedDisk(new Rows());
  }

  /** One with real files, of which a power cut leaves any part of what was not synced. */
  public static SimulatedDisk withFiles(long seed) {
    return new SimulatedDisk(new SimulatedFiles(seed));
  }

  /** A storage over what is on the disk; who had one before has none any more. */
  public Storage open() {
    commitsLeft = -1;
    isFull = false;
    return new Mounted(medium.mount());
  }

  /** The power is gone: nobody writes here any more, until it is opened again. */
  public void cut() {
    medium.cut();
  }

  public void compact() {
    medium.compact();
  }

  /** It is not used any more. */
  public void drop() {
    medium.drop();
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

  private static final class Rows implements Medium {
    private MemoryStorage rows = new MemoryStorage();

    @Override
    public Storage mount() {
      MemoryStorage before = rows;
      rows = before.copy();
      before.close();
      return rows;
    }

    @Override
    public void cut() {
      rows.close();
    }

    @Override
    public void compact() {}

    @Override
    public void drop() {}
  }

  private final class Mounted implements Storage {
    private final Storage storage;

    Mounted(Storage storage) {
      this.storage = storage;
    }

    @Override
    public void commit(StorageBatch batch) {
      if (isFull) {
        throw refused("no space is left");
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
      throw refused("the power failed");
    }

    private StorageException refused(String why) {
      return new StorageException("cannot write", Path.of("simulated"), new IOException(why));
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
