package dev.stave.database;

import dev.stave.bytes.Bytes;
import dev.stave.database.BlobRows.Blob;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bytes of attachments, as they come in and as long as nobody refers to them: whoever has
 * brought bytes in holds them until a document does. What refers to them, drafts count.
 *
 * <p>Any thread may call any method. Those that say so run between commits, since what they find
 * must still be so when they write.
 */
final class Blobs {

  private final Storage storage;
  private final Map<String, Integer> holders = new ConcurrentHashMap<>();

  /** Collects what was left when the database was closed, or fell. */
  Blobs(Storage storage) {
    this.storage = storage;
    StorageBatch batch = new StorageBatch();
    try (StorageSnapshot rows = storage.snapshot()) {
      Iterator<StorageSnapshot.Row> pending =
          rows.scan(BlobRows.PENDING, Bytes.afterPrefix(BlobRows.PENDING));
      while (pending.hasNext()) {
        StorageSnapshot.Row row = pending.next();
        BlobRows.deletePending(batch, row.key(), row.value());
      }
    }
    if (!batch.isEmpty()) {
      storage.commit(batch);
    }
  }

  /** Whether somebody has brought it in, or wants it, and may yet write a document with it. */
  boolean isHeld(String sha256) {
    return holders.containsKey(sha256);
  }

  /** Names an upload. */
  long newNumber() {
    try (StorageSnapshot rows = storage.snapshot()) {
      while (true) {
        long number = UUID.randomUUID().getMostSignificantBits();
        if (rows.get(BlobRows.pieceKey(number, 0)) == null
            && rows.get(BlobRows.pendingKey(number)) == null) {
          return number;
        }
      }
    }
  }

  /** Writes a whole piece of an upload that is under way. */
  void write(long number, int piece, byte[] bytes) {
    StorageBatch batch = new StorageBatch();
    batch.put(BlobRows.pieceKey(number, piece), bytes);
    BlobRows.putPending(batch, number, piece + 1, null);
    storage.commit(batch);
  }

  /**
   * Ends an upload, and holds what came of it. Between commits.
   *
   * @param written how many pieces of it are written
   * @param last the rest of it
   */
  void finish(String sha256, Blob blob, int written, byte[] last) {
    StorageBatch batch = new StorageBatch();
    try (StorageSnapshot rows = storage.snapshot()) {
      if (Blob.read(rows, sha256) == null) {
        if (last.length > 0) {
          batch.put(BlobRows.pieceKey(blob.number(), written), last);
        }
        blob.putTo(batch, sha256);
        BlobRows.putPending(batch, blob.number(), blob.pieces(), sha256);
        batch.put(BlobRows.ANY, BlobRows.YES);
      } else if (written > 0) {
        BlobRows.deletePieces(batch, blob.number(), written);
      }
    }
    if (!batch.isEmpty()) {
      storage.commit(batch);
    }
    holders.merge(sha256, 1, Integer::sum);
  }

  /** Holds it, if it is there. Between commits. */
  boolean hold(String sha256) {
    try (StorageSnapshot rows = storage.snapshot()) {
      if (Blob.read(rows, sha256) == null) {
        return false;
      }
      holders.merge(sha256, 1, Integer::sum);
      return true;
    }
  }

  /** Lets go of what was held; it goes if nobody refers to it. Between commits. */
  void release(String sha256) {
    if (holders.merge(sha256, -1, Integer::sum) > 0) {
      return;
    }
    holders.remove(sha256);
    try (StorageSnapshot rows = storage.snapshot()) {
      Blob blob = Blob.read(rows, sha256);
      if (blob != null && blob.references() == 0) {
        StorageBatch batch = new StorageBatch();
        blob.deleteFrom(batch, sha256);
        storage.commit(batch);
      }
    }
  }

  /** Takes out what was written of an upload that has not ended. */
  void discard(long number, int written) {
    if (written > 0) {
      StorageBatch batch = new StorageBatch();
      BlobRows.deletePieces(batch, number, written);
      storage.commit(batch);
    }
  }
}
