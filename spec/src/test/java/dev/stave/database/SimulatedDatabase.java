package dev.stave.database;

import dev.stave.bytes.ByteWriter;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageBatch;
import java.util.function.LongSupplier;

/** Opens databases of a simulation: with a disk, a name, a clock and forks of its own. */
public final class SimulatedDatabase {

  private SimulatedDatabase() {}

  /** Names an empty disk, so that it does not name itself by chance. */
  public static void name(Storage storage, String uuid) {
    StorageBatch batch = new StorageBatch();
    batch.put(DocumentRows.UUID, new ByteWriter().text(uuid).toBytes());
    storage.commit(batch);
  }

  public static Database open(Storage storage, DatabaseOptions options, LongSupplier clock) {
    ForkPlace forks = new SimulatedForks(storage);
    return Database.opened(storage, options, options.indexMemoryBytes(), clock, forks, null);
  }
}
