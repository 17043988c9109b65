package dev.stave.database;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Bytes;
import dev.stave.revision.HybridTime;
import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import dev.stave.storage.StorageSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Provenance as rows, for those revisions only that have one:
 *
 * <pre>
 * 'p' text(id) u32(generation) digest → u8(flags) [text(author)] [varint(time)] [text(reason)]
 *                                       bit 0: author, bit 1: time, bit 2: reason
 * 'z'                                 → varint(time)    the clock: the last time it gave or received
 * </pre>
 */
final class ProvenanceRows {

  static final byte[] CLOCK = {'z'};
  private static final byte[] PREFIX = {'p'};
  private static final int AUTHOR = 1;
  private static final int TIME = 2;
  private static final int REASON = 4;

  private ProvenanceRows() {}

  static byte[] key(String id, RevisionId revision) {
    return new ByteWriter()
        .raw(ofDocument(id))
        .u32(revision.generation())
        .raw(revision.digest().getBytes(StandardCharsets.US_ASCII))
        .toBytes();
  }

  private static byte[] ofDocument(String id) {
    return new ByteWriter().raw(PREFIX).text(id).toBytes();
  }

  /** Whether any revision of the document has one. */
  static boolean isAny(StorageSnapshot rows, String id) {
    byte[] prefix = ofDocument(id);
    return rows.scan(prefix, Bytes.afterPrefix(prefix)).hasNext();
  }

  /** What is told of a document's revisions. */
  static Map<RevisionId, Provenance> all(StorageSnapshot rows, String id) {
    byte[] prefix = ofDocument(id);
    Map<RevisionId, Provenance> all = new HashMap<>();
    rows.scan(prefix, Bytes.afterPrefix(prefix))
        .forEachRemaining(row -> all.put(revisionOf(row.key()), decode(row.value())));
    return all;
  }

  /** All rows of all documents. */
  static Iterator<StorageSnapshot.Row> scan(StorageSnapshot rows) {
    return rows.scan(PREFIX, Bytes.afterPrefix(PREFIX));
  }

  static String idOf(byte[] key) {
    return new ByteReader(key, PREFIX.length).text();
  }

  static RevisionId revisionOf(byte[] key) {
    ByteReader in = new ByteReader(key, PREFIX.length);
    in.text();
    return new RevisionId(in.u32(), new String(in.rest(), StandardCharsets.US_ASCII));
  }

  static byte[] encode(Provenance provenance) {
    String author = provenance.author();
    HybridTime time = provenance.time();
    String reason = provenance.reason();
    ByteWriter out = new ByteWriter();
    out.u8(
        (author == null ? 0 : AUTHOR) | (time == null ? 0 : TIME) | (reason == null ? 0 : REASON));
    if (author != null) {
      out.text(author);
    }
    if (time != null) {
      out.varint(time.value());
    }
    if (reason != null) {
      out.text(reason);
    }
    return out.toBytes();
  }

  static Provenance decode(byte[] row) {
    ByteReader in = new ByteReader(row);
    int flags = in.u8();
    if ((flags & ~(AUTHOR | TIME | REASON)) != 0) {
      throw new IllegalStateException("a provenance of a later format: flags " + flags);
    }
    return new Provenance(
        (flags & AUTHOR) == 0 ? null : in.text(),
        (flags & TIME) == 0 ? null : new HybridTime(in.varint()),
        (flags & REASON) == 0 ? null : in.text());
  }

  static byte[] encodeClock(HybridTime time) {
    return new ByteWriter().varint(time.value()).toBytes();
  }

  static HybridTime decodeClock(byte @Nullable [] row) {
    return row == null ? HybridTime.NONE : new HybridTime(new ByteReader(row).varint());
  }
}
