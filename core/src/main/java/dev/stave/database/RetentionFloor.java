package dev.stave.database;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.revision.Retention;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;

/**
 * The fewest bodies of ancestors that this database was ever told to keep: an ancestor nearer to
 * its leaves than that has lost no body here. As a row, where that is fewer than by default: {@code
 * 'r' → varint(bodies)}.
 */
final class RetentionFloor {

  private static final byte[] ROW = {'r'};

  private RetentionFloor() {}

  static long of(StorageSnapshot rows) {
    byte[] row = rows.get(ROW);
    return row == null ? Retention.DEFAULT.bodies() : new ByteReader(row).varint();
  }

  /** Before anything is written under {@code retention}. */
  static void lower(Storage storage, StorageBatch batch, Retention retention) {
    try (StorageSnapshot rows = storage.snapshot()) {
      if (retention.bodies() < of(rows)) {
        batch.put(ROW, new ByteWriter().varint(retention.bodies()).toBytes());
      }
    }
  }
}
