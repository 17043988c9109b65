package dev.stave.database;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Bytes;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.revision.RevisionTreeCodec;
import dev.stave.revision.RevisionTreeCodec.ChunkRange;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Documents as rows. A new document costs three: its header, its body, and its change.
 *
 * <pre>
 * 'h' id            → varint(sequence of the change) varint(sequence of the winner's body)
 *                     u8(flags) [tree]                       bit 0: deleted, bit 1: tree apart
 * 't' id            → tree                                   when it is large
 * 'q' id ff u32(n)  → a chunk of the tree's trunk, see RevisionTreeCodec; ff is in no id
 * 'b' u64(sequence) → text(id) text(revision) u8(flags) [attachments] JSON
 *                                                          bit 0: deleted, bit 1: has attachments
 * 'g' id            → varint(sequence)                        it is gone since then: for the index
 * 'l' id            → JSON                                   a local document
 * 'i'               → JSON                                 the index policy, if it has one
 * 's'               → varint(revisions) varint(bodies)    the retention, if it was ever set
 * 'u'               → text(UUID)                          of this copy of the database
 * 'm'               → varint(last sequence) varint(live documents) varint(deleted documents)
 * 'c' u64(sequence) → a change, see ChangeLog
 * 'p' … 'z'         → who made what, and the clock, see ProvenanceRows
 * 'k' name          → a pin, see Pins
 * 'j' … 'n'         → what was purged, see PurgeRows
 * 'a' 'd' 'e' 'o'   → the bytes of attachments, see BlobRows
 * </pre>
 *
 * The winner's body is always at the sequence at which it became the winner, so that a sequence
 * stands for a version of the document, and reading a document never reads its history.
 */
final class DocumentRows {

  /** A larger tree has a row of its own: about 50 revisions. */
  static final int TREE_APART_ABOVE_BYTES = 1_024;

  static final byte[] META = {'m'};
  static final byte[] UUID = {'u'};
  static final byte[] INDEX_POLICY = {'i'};
  static final byte[] RETENTION = {'s'};
  private static final byte[] HEADER = {'h'};
  private static final byte[] TREE = {'t'};
  private static final byte[] OLD = {'q'};
  private static final byte[] BODY = {'b'};
  private static final byte[] LOCAL = {'l'};
  private static final byte[] GONE = {'g'};
  private static final int DELETED = 1;
  private static final int TREE_IS_APART = 2;
  private static final int HAS_ATTACHMENTS = 2;

  private DocumentRows() {}

  /** Where things stand in the whole database. */
  record Meta(long lastSequence, long live, long deleted) {

    static final Meta EMPTY = new Meta(0, 0, 0);

    byte[] encode() {
      return new ByteWriter().varint(lastSequence).varint(live).varint(deleted).toBytes();
    }

    static Meta decode(byte @Nullable [] value) {
      if (value == null) {
        return EMPTY;
      }
      ByteReader in = new ByteReader(value);
      return new Meta(in.varint(), in.varint(), in.varint());
    }
  }

  /** What a header says without its tree. */
  record Header(long changeSequence, long bodySequence, boolean deleted) {

    static Header decode(byte[] value) {
      ByteReader in = new ByteReader(value);
      return new Header(in.varint(), in.varint(), (in.u8() & DELETED) != 0);
    }
  }

  /**
   * A document's history, and the sequence of its newest change, 0 if it has none.
   *
   * @param stored the chunks of its trunk that there are rows of
   * @param treeApart whether there is a row of its tree
   */
  record State(RevisionTree tree, long changeSequence, ChunkRange stored, boolean treeApart) {
    static final State ABSENT = new State(RevisionTree.EMPTY, 0, ChunkRange.NONE, false);

    /** What is to be there in the place of this one. */
    State become(RevisionTree newTree, long newChangeSequence) {
      return new State(newTree, newChangeSequence, stored, treeApart);
    }
  }

  static byte[] headerKey(String id) {
    return key(HEADER, id);
  }

  static String idOfHeader(byte[] key) {
    return idOf(HEADER, key);
  }

  static String idOfLocal(byte[] key) {
    return idOf(LOCAL, key);
  }

  private static String idOf(byte[] prefix, byte[] key) {
    return new String(key, prefix.length, key.length - prefix.length, StandardCharsets.UTF_8);
  }

  /** The key right after all local documents. */
  static byte[] afterLocals() {
    return Bytes.afterPrefix(LOCAL);
  }

  /** The key right after all headers. */
  static byte[] afterHeaders() {
    return Bytes.afterPrefix(HEADER);
  }

  static byte[] bodyKey(long sequence) {
    byte[] key = new byte[1 + Long.BYTES]; // for each document that is read
    key[0] = BODY[0];
    for (int i = 0; i < Long.BYTES; i++) {
      key[1 + i] = (byte) (sequence >>> 56 - 8 * i);
    }
    return key;
  }

  static long sequenceOfBody(byte[] key) {
    ByteReader in = new ByteReader(key);
    in.raw(BODY.length);
    return in.u64();
  }

  static byte[] localKey(String id) {
    return key(LOCAL, id);
  }

  private static byte[] key(byte[] prefix, String id) {
    byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
    return new ByteWriter(1 + utf8.length).raw(prefix).raw(utf8).toBytes();
  }

  /** Puts the rows of a document; takes them out if its tree is empty. */
  static void putState(StorageBatch batch, String id, State state) {
    Optional<Revision> known = state.tree().winner();
    if (!known.isPresent()) {
      deleteState(batch, id, state);
      return;
    }
    Revision winner = known.get();
    RevisionTreeCodec.Encoded encoded = RevisionTreeCodec.encode(state.tree());
    deleteChunks(batch, id, state.stored(), encoded.chunks());
    encoded.newChunks().forEach((number, chunk) -> batch.put(chunkKey(id, number), chunk));
    byte[] tree = encoded.tree();
    boolean apart = tree.length > TREE_APART_ABOVE_BYTES;
    ByteWriter out = new ByteWriter(24 + (apart ? 0 : tree.length));
    out.varint(state.changeSequence()).varint(winner.sequence());
    out.u8((winner.deleted() ? DELETED : 0) | (apart ? TREE_IS_APART : 0));
    if (apart) {
      batch.put(key(TREE, id), tree);
    } else {
      out.raw(tree);
      if (state.treeApart()) {
        batch.delete(key(TREE, id));
      }
    }
    batch.put(headerKey(id), out.toBytes());
  }

  private static void deleteState(StorageBatch batch, String id, State state) {
    batch.delete(headerKey(id));
    batch.delete(key(TREE, id));
    deleteChunks(batch, id, state.stored(), ChunkRange.NONE);
  }

  private static void deleteChunks(StorageBatch batch, String id, ChunkRange of, ChunkRange but) {
    for (int number = of.first(); number < of.end(); number++) {
      if (!but.has(number)) {
        batch.delete(chunkKey(id, number));
      }
    }
  }

  static byte[] chunkKey(String id, int number) {
    byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
    return new ByteWriter(6 + utf8.length).raw(OLD).raw(utf8).u8(0xff).u32(number).toBytes();
  }

  /** All chunks of all documents. */
  static Iterator<StorageSnapshot.Row> chunks(StorageSnapshot rows) {
    return rows.scan(OLD, Bytes.afterPrefix(OLD));
  }

  static String idOfChunk(byte[] key) {
    return new String(key, 1, key.length - 1 - 1 - Integer.BYTES, StandardCharsets.UTF_8);
  }

  static int numberOfChunk(byte[] key) {
    return new ByteReader(key, key.length - Integer.BYTES).u32();
  }

  /** Says that the document, which is not there any more, was until {@code sequence}. */
  static void putGone(StorageBatch batch, String id, long sequence) {
    batch.put(key(GONE, id), new ByteWriter(10).varint(sequence).toBytes());
  }

  /** Removes what is said of documents that were gone by {@code sequence}. */
  static void deleteGone(StorageBatch batch, StorageSnapshot rows, long sequence) {
    gone(rows)
        .forEach(
            (id, since) -> {
              if (since <= sequence) {
                batch.delete(key(GONE, id));
              }
            });
  }

  /** Documents with trees of their own row. */
  static Iterator<StorageSnapshot.Row> trees(StorageSnapshot rows) {
    return rows.scan(TREE, Bytes.afterPrefix(TREE));
  }

  static String idOfTree(byte[] key) {
    return idOf(TREE, key);
  }

  /** Documents that are said to be gone, with the sequences of that, by id. */
  static Map<String, Long> gone(StorageSnapshot rows) {
    Map<String, Long> gone = new LinkedHashMap<>();
    Iterator<StorageSnapshot.Row> found = rows.scan(GONE, Bytes.afterPrefix(GONE));
    while (found.hasNext()) {
      StorageSnapshot.Row row = found.next();
      gone.put(idOf(GONE, row.key()), new ByteReader(row.value()).varint());
    }
    return gone;
  }

  /**
   * Reads a state through {@code get}, now and when somebody walks far down the tree; {@link
   * State#ABSENT} if there is no such document.
   */
  static State state(String id, Function<byte[], byte @Nullable []> get) {
    byte[] header = get.apply(headerKey(id));
    if (header == null) {
      return State.ABSENT;
    }
    ByteReader in = new ByteReader(header);
    long changeSequence = in.varint();
    in.varint();
    boolean apart = (in.u8() & TREE_IS_APART) != 0;
    byte[] tree = apart ? get.apply(key(TREE, id)) : in.rest();
    if (tree == null) {
      throw new IllegalStateException("a header without its tree: " + id);
    }
    RevisionTree decoded = RevisionTreeCodec.decode(tree, number -> chunk(id, number, get));
    return new State(decoded, changeSequence, RevisionTreeCodec.chunks(decoded), apart);
  }

  private static byte[] chunk(String id, int number, Function<byte[], byte @Nullable []> get) {
    byte[] chunk = get.apply(chunkKey(id, number));
    if (chunk == null) {
      throw new IllegalStateException("a history without its chunk " + number + ": " + id);
    }
    return chunk;
  }

  static byte[] body(Document document) {
    JsonObject body = document.body();
    String id = document.id();
    boolean hasAttachments = !document.attachments().isEmpty();
    ByteWriter out = new ByteWriter(64 + 3 * id.length() + body.size());
    out.text(id).text(document.revision().toString());
    out.u8((document.deleted() ? DELETED : 0) | (hasAttachments ? HAS_ATTACHMENTS : 0));
    if (hasAttachments) {
      BlobRows.write(out, document.attachments());
    }
    int at = out.skip(body.size());
    body.copyTo(out.array(), at);
    return out.toBytes();
  }

  static Document document(byte[] value) {
    ByteReader in = new ByteReader(value);
    String id = in.text();
    RevisionId revision = RevisionId.parse(in.text());
    int flags = in.u8();
    boolean deleted = (flags & DELETED) != 0;
    SortedMap<String, Attachment> attachments =
        (flags & HAS_ATTACHMENTS) != 0 ? BlobRows.read(in) : Collections.emptySortedMap();
    JsonObject body = JsonObject.trusted(value, in.at());
    return new Document(id, revision, deleted, body, attachments);
  }
}
