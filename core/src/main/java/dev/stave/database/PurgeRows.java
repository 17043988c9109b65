package dev.stave.database;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Bytes;
import dev.stave.revision.RevisionId;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The newest purges as rows, so that what is derived from documents can follow:
 *
 * <pre>
 * 'j' u64(purge sequence) → varint(sequence) text(id) varint(revisions) text(revision)*
 * 'n'                     → varint(last purge sequence) varint(first one there is a row of)
 *                           varint(sequence of the last) varint(limit)
 * </pre>
 *
 * @param last the purge sequence of the newest purge, 0 if there was none
 * @param first that of the oldest that there is a row of; {@code last + 1} if there is none
 * @param sequence the database's sequence of the newest purge
 * @param limit so many rows are kept
 */
record PurgeRows(long last, long first, long sequence, int limit) {

  static final PurgeRows NONE = new PurgeRows(0, 1, 0, Purges.DEFAULT_LIMIT);

  private static final byte[] STATE = {'n'};
  private static final byte[] PREFIX = {'j'};

  static PurgeRows read(StorageSnapshot rows) {
    byte[] known = rows.get(STATE);
    if (known == null) {
      return NONE;
    }
    ByteReader in = new ByteReader(known);
    return new PurgeRows(in.varint(), in.varint(), in.varint(), (int) in.varint());
  }

  /** With one more purge; the oldest is forgotten if there are too many. */
  PurgeRows after(Purge purge) {
    return new PurgeRows(purge.purgeSequence(), first, purge.sequence(), limit).bounded();
  }

  PurgeRows withLimit(int newLimit) {
    return new PurgeRows(last, first, sequence, newLimit).bounded();
  }

  private PurgeRows bounded() {
    return new PurgeRows(last, Math.max(first, last - limit + 1), sequence, limit);
  }

  static void put(StorageBatch batch, Purge purge) {
    ByteWriter out = new ByteWriter().varint(purge.sequence()).text(purge.id());
    out.varint(purge.revisions().size());
    purge.revisions().forEach(revision -> out.text(revision.toString()));
    batch.put(key(purge.purgeSequence()), out.toBytes());
  }

  /** Makes this of what was {@code before}. */
  void writeTo(StorageBatch batch, PurgeRows before) {
    for (long gone = before.first; gone < first; gone++) {
      batch.delete(key(gone));
    }
    batch.put(
        STATE,
        new ByteWriter().varint(last).varint(first).varint(sequence).varint(limit).toBytes());
  }

  /** Those after {@code since}, oldest first, until {@code visitor} says false. */
  static void forEach(StorageSnapshot rows, long since, Predicate<Purge> visitor) {
    Iterator<StorageSnapshot.Row> found = rows.scan(key(since + 1), Bytes.afterPrefix(PREFIX));
    boolean more = true;
    while (more && found.hasNext()) {
      more = visitor.test(purge(found.next()));
    }
  }

  private static Purge purge(StorageSnapshot.Row row) {
    ByteReader key = new ByteReader(row.key());
    key.raw(PREFIX.length);
    ByteReader in = new ByteReader(row.value());
    long sequence = in.varint();
    String id = in.text();
    List<RevisionId> revisions = new ArrayList<>();
    for (int count = in.length(); count > 0; count--) {
      revisions.add(RevisionId.parse(in.text()));
    }
    return new Purge(key.u64(), sequence, id, revisions);
  }

  private static byte[] key(long purgeSequence) {
    return new ByteWriter(9).raw(PREFIX).u64(purgeSequence).toBytes();
  }
}
