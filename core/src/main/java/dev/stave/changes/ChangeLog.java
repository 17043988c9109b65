package dev.stave.changes;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Bytes;
import dev.stave.revision.RevisionId;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.util.Iterator;

/**
 * Changes as rows: {@code 'c' u64(sequence) → text(id) text(revision) u8(flags) [varint(more)]}.
 * Flag 1 is that it is deleted, 2 that {@code more} is there: how many sequences further its
 * transaction goes. A document has one row, which moves as it changes.
 */
public final class ChangeLog {

  private static final byte[] PREFIX = {'c'};

  private static final int DELETED = 1;
  private static final int MORE = 2;

  private ChangeLog() {}

  private static byte[] key(long sequence) {
    return new ByteWriter(9).raw(PREFIX).u64(sequence).toBytes();
  }

  /** Writes {@code change} in the place of the document's change at {@code before}, if not 0. */
  public static void move(StorageBatch batch, long before, Change change) {
    if (before != 0) {
      batch.delete(key(before));
    }
    long more = change.together() - change.sequence();
    ByteWriter value = new ByteWriter().text(change.id()).text(change.revision().toString());
    value.u8((change.deleted() ? DELETED : 0) | (more == 0 ? 0 : MORE));
    if (more != 0) {
      value.varint(more);
    }
    batch.put(key(change.sequence()), value.toBytes());
  }

  /** Takes out the change at {@code sequence}. */
  public static void remove(StorageBatch batch, long sequence) {
    batch.delete(key(sequence));
  }

  /** The changes after the sequence {@code since}, oldest first. */
  public static Iterator<Change> after(StorageSnapshot snapshot, long since) {
    return read(snapshot.scan(key(Math.max(0, since) + 1), Bytes.afterPrefix(PREFIX)));
  }

  /** The changes before the sequence {@code before}, newest first. */
  public static Iterator<Change> before(StorageSnapshot snapshot, long before) {
    return read(snapshot.scanBackward(key(0), key(before)));
  }

  private static Iterator<Change> read(Iterator<StorageSnapshot.Row> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Change next() {
        StorageSnapshot.Row row = rows.next();
        ByteReader key = new ByteReader(row.key());
        key.raw(PREFIX.length);
        long sequence = key.u64();
        ByteReader value = new ByteReader(row.value());
        String id = value.text();
        RevisionId revision = RevisionId.parse(value.text());
        int flags = value.u8();
        long more = (flags & MORE) == 0 ? 0 : value.varint();
        return new Change(sequence, id, revision, (flags & DELETED) != 0, sequence + more);
      }
    };
  }
}
