package dev.stave.database;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.revision.Retention;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;

/** The retention that a database was last told, as a row; without one it is the default. */
final class RetentionRow {

  private RetentionRow() {}

  static Retention read(Storage storage) {
    try (StorageSnapshot rows = storage.snapshot()) {
      byte[] row = rows.get(DocumentRows.RETENTION);
      if (row == null) {
        return Retention.DEFAULT;
      }
      ByteReader in = new ByteReader(row);
      return new Retention((int) in.varint(), (int) in.varint());
    }
  }

  /** Returns what it has written, before anything is under it. */
  static Retention write(Storage storage, Retention retention) {
    StorageBatch batch = new StorageBatch();
    batch.put(
        DocumentRows.RETENTION,
        new ByteWriter().varint(retention.revisions()).varint(retention.bodies()).toBytes());
    RetentionFloor.lower(storage, batch, retention);
    storage.commit(batch);
    return retention;
  }
}
