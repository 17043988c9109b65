package dev.stave.database;

import dev.stave.bytes.ByteReader;
import dev.stave.changes.Change;
import dev.stave.changes.ChangeLog;
import dev.stave.storage.FileStorage;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are the documents', and travel with them, and which are of one copy of a database
 * alone.
 *
 * <p>What travels: headers, trees, bodies, changes ({@code h t q b c}), what the index is told of
 * those that are gone ({@code g}), conflicts ({@code x y}), the counters ({@code m}), the smallest
 * retention there ever was ({@code r}: what may be missing), who made revisions and the clock
 * ({@code p z}), the bytes of attachments ({@code a d o}). What does not: local documents, among
 * which are checkpoints and rights ({@code l}), the name of the copy ({@code u}), its settings
 * ({@code s i}), pins ({@code k}), what was purged ({@code j n}), uploads under way ({@code e}),
 * and whatever is not known here.
 */
final class SeedRows {

  private static final String TRAVELLING = "htqbcgxymrpzado";
  private static final int KINDS = 256;
  private static final int BATCH = 1_000;

  private SeedRows() {}

  /** Deletes all rows that are of one copy alone. */
  static void deletePrivate(FileStorage storage) {
    for (int kind = 0; kind < KINDS; kind++) {
      if (TRAVELLING.indexOf(kind) < 0) {
        delete(storage, new byte[] {(byte) kind}, end(kind));
      }
    }
  }

  private static byte[] end(int kind) {
    return kind + 1 < KINDS
        ? new byte[] {(byte) (kind + 1)}
        : new byte[] {(byte) kind, (byte) 0xff, (byte) 0xff};
  }

  private static void delete(FileStorage storage, byte[] from, byte[] to) {
    try (StorageSnapshot rows = storage.snapshot()) {
      Iterator<StorageSnapshot.Row> found = rows.scan(from, to);
      while (found.hasNext()) {
        StorageBatch batch = new StorageBatch();
        for (int i = 0; i < BATCH && found.hasNext(); i++) {
          batch.delete(found.next().key());
        }
        storage.commit(batch);
      }
    }
  }

  /** The newest sequence of {@code rows}, if they can be documents'. */
  static long sequence(StorageSnapshot rows) {
    long last = DocumentRows.Meta.decode(rows.get(DocumentRows.META)).lastSequence();
    Iterator<Change> newest = ChangeLog.before(rows, Long.MAX_VALUE);
    if (last < 0 || newest.hasNext() && newest.next().sequence() > last) {
      throw new InvalidSeedException("changes are newer than the newest", "newest", last);
    }
    return last;
  }

  /**
   * What a database without documents keeps of its own when it takes in the rows {@code theirs};
   * null if it has documents by now, or bytes of attachments, which are being brought in.
   */
  static @Nullable StorageBatch kept(StorageSnapshot own, StorageSnapshot theirs) {
    StorageBatch batch = new StorageBatch();
    Iterator<StorageSnapshot.Row> rows =
        own.scan(new byte[0], new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff});
    while (rows.hasNext()) {
      StorageSnapshot.Row row = rows.next();
      switch (row.key()[0]) {
        case 'm' -> {
          if (DocumentRows.Meta.decode(row.value()).lastSequence() != 0) {
            return null;
          }
        }
        case 'h', 't', 'q', 'b', 'c', 'g', 'x', 'p', 'a', 'd', 'e', 'o' -> {
          return null;
        }
        case 'r' -> keep(batch, row, theirs, false);
        case 'z' -> keep(batch, row, theirs, true);
        default -> batch.put(row.key(), row.value());
      }
    }
    return batch;
  }

  /** Of two numbers the greater or the lesser. */
  private static void keep(
      StorageBatch batch, StorageSnapshot.Row own, StorageSnapshot theirs, boolean greater) {
    byte[] other = theirs.get(own.key());
    boolean isOwn =
        other == null
            || greater == (new ByteReader(own.value()).varint() > new ByteReader(other).varint());
    if (isOwn) {
      batch.put(own.key(), own.value());
    }
  }
}
