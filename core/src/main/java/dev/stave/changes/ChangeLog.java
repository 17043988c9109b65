package dev.stave.changes;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Bytes;
import dev.stave.revision.RevisionId;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.util.Iterator;

/**
 * Changes as rows: {@code 'c' u64(sequence) → text(id) text(revision) u8(deleted)}. A document has
 * one row, which moves as it changes.
 */
public final class ChangeLog {

  private static final byte[] PREFIX = {'c'};

  private ChangeLog() {}

  private static byte[] key(long sequence) {
    return new ByteWriter(9).raw(PREFIX).u64(sequence).toBytes();
  }

  /** Writes {@code change} in the place of the document's change at {@code before}, if not 0. */
  public static void move(StorageBatch batch, long before, Change change) {
    if (before != 0) {
      batch.delete(key(before));
    }
    byte[] value =
        new ByteWriter()
            .text(change.id())
            .text(change.revision().toString())
            .u8(change.deleted() ? 1 : 0)
            .toBytes();
    batch.put(key(change.sequence()), value);
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
        ByteReader value = new ByteReader(row.value());
        return new Change(key.u64(), value.text(), RevisionId.parse(value.text()), value.u8() == 1);
      }
    };
  }
}
