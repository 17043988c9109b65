package dev.stave.database;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.Bytes;
import dev.stave.changes.Change;
import dev.stave.changes.ChangeLog;
import dev.stave.database.DocumentRows.Meta;
import dev.stave.storage.ClosedStorage;
import dev.stave.storage.FileStorage;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageException;
import dev.stave.storage.StorageSnapshot;
import dev.stave.storage.Table;
import java.nio.file.Path;
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
  private static final byte[] AFTER_ALL = {(byte) 0xff, (byte) 0xff, (byte) 0xff};

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
    return kind + 1 < KINDS ? new byte[] {(byte) (kind + 1)} : AFTER_ALL;
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

  /**
   * Reads all rows and all of the index of the storage in {@code folder}, every byte of which is
   * checked on the way, and writes nothing.
   *
   * @throws InvalidSeedException if they are not the documents up to {@code sequence}
   */
  static void verify(Path folder, long sequence) {
    try (ClosedStorage storage = ClosedStorage.open(folder);
        StorageSnapshot rows = storage.snapshot()) {
      Meta counted = count(rows);
      Meta promised = Meta.decode(rows.get(DocumentRows.META));
      if (!counted.equals(promised) || sequence(rows) != sequence) {
        throw new InvalidSeedException(
            "the seed is not what was promised", "promised", promised, "is", counted);
      }
      for (Table table : storage.tables().retained()) {
        try {
          Table.Walk walk = table.walk();
          long left = table.keys();
          while (walk.next()) {
            left--;
            if (left < 0) {
              throw new InvalidSeedException("a table has more rows than it says");
            }
          }
        } finally {
          table.release();
        }
      }
    } catch (InvalidSeedException | StorageException e) {
      throw e;
    } catch (RuntimeException e) { // bytes that nobody of us has written
      throw new InvalidSeedException("the seed is damaged", "how", e);
    }
  }

  /** What the counters should say. */
  private static Meta count(StorageSnapshot rows) {
    long last = Meta.decode(rows.get(DocumentRows.META)).lastSequence();
    long live = 0;
    long deleted = 0;
    long changes = 0;
    byte[] before = {};
    Iterator<StorageSnapshot.Row> all = rows.scan(before, AFTER_ALL);
    while (all.hasNext()) {
      StorageSnapshot.Row row = all.next();
      if (Bytes.compare(before, row.key()) >= 0) {
        throw new InvalidSeedException("the rows of the seed are out of order");
      }
      before = row.key();
      if (before[0] == 'c') {
        changes++;
      } else if (before[0] == 'h') {
        DocumentRows.Header header = DocumentRows.Header.decode(row.value());
        live += header.deleted() ? 0 : 1;
        deleted += header.deleted() ? 1 : 0;
        if (header.changeSequence() > last || header.bodySequence() > last) {
          throw new InvalidSeedException("a document is newer than the newest", "newest", last);
        }
      }
    }
    if (changes != live + deleted) {
      throw new InvalidSeedException(
          "each document has one change", "changes", changes, "documents", live + deleted);
    }
    return new Meta(last, live, deleted);
  }

  /** The newest sequence of {@code rows}, if they can be documents'. */
  static long sequence(StorageSnapshot rows) {
    long last = Meta.decode(rows.get(DocumentRows.META)).lastSequence();
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
    Iterator<StorageSnapshot.Row> rows = own.scan(new byte[0], AFTER_ALL);
    while (rows.hasNext()) {
      StorageSnapshot.Row row = rows.next();
      switch (row.key()[0]) {
        case 'm' -> {
          if (Meta.decode(row.value()).lastSequence() != 0) {
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
