package dev.stave.database;

import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Bytes;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.function.Predicate;

/**
 * Which documents have several live leaves, so that conflicts are found without looking at what has
 * none:
 *
 * <pre>
 * 'x' id → 01
 * 'y'    → 01     such rows are there for all documents: databases of before had none
 * </pre>
 */
final class ConflictRows {

  private static final byte[] OPEN = {'x'};
  private static final byte[] COMPLETE = {'y'};
  private static final byte[] YES = {1};

  private ConflictRows() {}

  static void set(StorageBatch batch, String id, boolean isOpen) {
    if (isOpen) {
      batch.put(key(id), YES);
    } else {
      batch.delete(key(id));
    }
  }

  private static byte[] key(String id) {
    return new ByteWriter().raw(OPEN).raw(id.getBytes(StandardCharsets.UTF_8)).toBytes();
  }

  /** Whether there are such rows for all documents. */
  static boolean isComplete(StorageSnapshot rows) {
    return rows.get(COMPLETE) != null;
  }

  /** In the order of ids, until {@code visitor} says false. */
  static void forEach(StorageSnapshot rows, IdRange range, Predicate<String> visitor) {
    byte[] from = key(range.from());
    String end = range.to();
    byte[] to = end == null ? Bytes.afterPrefix(OPEN) : key(end);
    Iterator<StorageSnapshot.Row> open =
        range.descending() ? rows.scanBackward(from, to) : rows.scan(from, to);
    boolean more = true;
    while (more && open.hasNext()) {
      byte[] key = open.next().key();
      more =
          visitor.test(
              new String(key, OPEN.length, key.length - OPEN.length, StandardCharsets.UTF_8));
    }
  }

  /** Adds them to a database that was made without: looks at all its documents, once. */
  static void complete(Storage storage) {
    StorageBatch batch = new StorageBatch();
    try (StorageSnapshot rows = storage.snapshot()) {
      if (isComplete(rows)) {
        return;
      }
      Iterator<StorageSnapshot.Row> headers =
          rows.scan(DocumentRows.headerKey(""), DocumentRows.afterHeaders());
      while (headers.hasNext()) {
        String id = DocumentRows.idOfHeader(headers.next().key());
        if (DocumentRows.state(id, rows::get).tree().hasConflicts()) {
          set(batch, id, true);
        }
      }
    }
    batch.put(COMPLETE, YES);
    storage.commit(batch);
  }
}
