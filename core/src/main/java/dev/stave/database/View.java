package dev.stave.database;

import dev.stave.changes.Change;
import dev.stave.changes.ChangeLog;
import dev.stave.database.DocumentRows.Header;
import dev.stave.database.DocumentRows.Meta;
import dev.stave.database.DocumentRows.State;
import dev.stave.document.Document;
import dev.stave.index.IndexSnapshot;
import dev.stave.json.JsonObject;
import dev.stave.policy.IndexPolicy;
import dev.stave.query.Bookmark;
import dev.stave.query.Explanation;
import dev.stave.query.Query;
import dev.stave.query.QueryEngine;
import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.storage.StorageSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What one reader sees: the database after some commit. Close it. */
final class View implements AutoCloseable {

  private static final int SAMPLED_BODIES = 16;

  private final StorageSnapshot rows;
  private @Nullable Boolean anyProvenance; // null: nobody has asked

  View(StorageSnapshot rows) {
    this.rows = rows;
  }

  /** Read when asked for: most reads of one document do not. */
  Meta meta() {
    return Meta.decode(rows.get(DocumentRows.META));
  }

  IndexPolicy indexPolicy() {
    byte[] json = rows.get(DocumentRows.INDEX_POLICY);
    return json == null ? IndexPolicy.NONE : IndexPolicy.of(JsonObject.trusted(json, 0));
  }

  StorageSnapshot rows() {
    return rows;
  }

  Optional<Document> get(String id) {
    byte[] header = rows.get(DocumentRows.headerKey(id));
    if (header == null) {
      return Optional.empty();
    }
    Header decoded = Header.decode(header);
    return decoded.deleted() ? Optional.empty() : Optional.of(document(decoded.bodySequence()));
  }

  Optional<Document> get(String id, RevisionId revision) {
    return state(id).tree().withBody(revision).map(known -> document(known.sequence()));
  }

  Optional<Provenance> provenance(String id, RevisionId revision) {
    return Optional.ofNullable(rows.get(ProvenanceRows.key(id, revision)))
        .map(ProvenanceRows::decode);
  }

  /** What is told of a document's revisions. Most databases tell nothing of any. */
  Map<RevisionId, Provenance> provenances(String id) {
    Boolean any = anyProvenance;
    if (any == null) {
      any = ProvenanceRows.scan(rows).hasNext();
      anyProvenance = any;
    }
    return any ? ProvenanceRows.all(rows, id) : Collections.emptyMap();
  }

  Pins pins() {
    return Pins.read(rows);
  }

  State state(String id) {
    return DocumentRows.state(id, rows::get);
  }

  Optional<JsonObject> local(String id) {
    return Optional.ofNullable(rows.get(DocumentRows.localKey(id)))
        .map(row -> JsonObject.trusted(row, 0));
  }

  /** Local documents in the order of their ids. */
  void forEachLocal(IdRange range, BiPredicate<String, JsonObject> visitor) {
    byte[] from = DocumentRows.localKey(range.from());
    String end = range.to();
    byte[] to = end == null ? DocumentRows.afterLocals() : DocumentRows.localKey(end);
    Iterator<StorageSnapshot.Row> locals = scan(from, to, range.descending());
    boolean more = true;
    while (more && locals.hasNext()) {
      StorageSnapshot.Row row = locals.next();
      more = visitor.test(DocumentRows.idOfLocal(row.key()), JsonObject.trusted(row.value(), 0));
    }
  }

  Document document(long sequence) {
    byte[] row = rows.get(DocumentRows.bodyKey(sequence));
    if (row == null) {
      throw new IllegalStateException("no body at sequence " + sequence);
    }
    return DocumentRows.document(row);
  }

  private Iterator<StorageSnapshot.Row> headers(IdRange range) {
    String end = range.to();
    byte[] to = end == null ? DocumentRows.afterHeaders() : DocumentRows.headerKey(end);
    return scan(DocumentRows.headerKey(range.from()), to, range.descending());
  }

  private Iterator<StorageSnapshot.Row> scan(byte[] from, byte[] to, boolean descending) {
    return descending ? rows.scanBackward(from, to) : rows.scan(from, to);
  }

  /** Live documents in the order of their ids. */
  void forEach(IdRange range, Predicate<Document> visitor) {
    Iterator<StorageSnapshot.Row> headers = headers(range);
    boolean more = true;
    while (more && headers.hasNext()) {
      Header header = Header.decode(headers.next().value());
      more = header.deleted() || visitor.test(document(header.bodySequence()));
    }
  }

  /** Histories of documents, deleted ones too, in the order of their ids. */
  void forEachTree(IdRange range, BiPredicate<String, RevisionTree> visitor) {
    Iterator<StorageSnapshot.Row> headers = headers(range);
    boolean more = true;
    while (more && headers.hasNext()) {
      StorageSnapshot.Row header = headers.next();
      String id = DocumentRows.idOfHeader(header.key());
      byte[] known = DocumentRows.headerKey(id);
      State state =
          DocumentRows.state(id, key -> Arrays.equals(key, known) ? header.value() : rows.get(key));
      more = visitor.test(id, state.tree());
    }
  }

  /**
   * The winner of each live document that is indexed, by ascending sequence: reads the files from
   * end to end.
   */
  void forEachIndexed(ObjLongConsumer<Document> visitor) {
    long[] live = liveSequences();
    int at = 0;
    Iterator<StorageSnapshot.Row> bodies =
        rows.scan(DocumentRows.bodyKey(0), DocumentRows.bodyKey(Long.MAX_VALUE));
    while (at < live.length && bodies.hasNext()) {
      StorageSnapshot.Row row = bodies.next();
      long sequence = DocumentRows.sequenceOfBody(row.key());
      if (sequence == live[at]) {
        Document document = DocumentRows.document(row.value());
        if (!Document.isDesign(document.id())) {
          visitor.accept(document, sequence);
        }
        at++;
      }
    }
    if (at < live.length) {
      throw new IllegalStateException("no body at sequence " + live[at]);
    }
  }

  private long[] liveSequences() {
    LongStream.Builder live = LongStream.builder();
    Iterator<StorageSnapshot.Row> headers =
        rows.scan(DocumentRows.headerKey(""), DocumentRows.afterHeaders());
    while (headers.hasNext()) {
      Header header = Header.decode(headers.next().value());
      if (!header.deleted()) {
        live.add(header.bodySequence());
      }
    }
    return live.build().sorted().toArray();
  }

  List<Change> changes(long since, int limit) {
    return first(limit, ChangeLog.after(rows, since));
  }

  List<Change> changesBefore(long before, int limit) {
    return first(limit, ChangeLog.before(rows, before));
  }

  private static List<Change> first(int limit, Iterator<Change> log) {
    List<Change> changes = new ArrayList<>();
    while (changes.size() < limit && log.hasNext()) {
      changes.add(log.next());
    }
    return changes;
  }

  /** Hands over what matches, in order, until {@code visitor} says false. */
  QueryEngine.Outcome find(Query query, IndexSnapshot index, Predicate<Document> visitor) {
    return QueryEngine.run(query, index, this::document, visitor);
  }

  void findPlaced(Query query, IndexSnapshot index, BiPredicate<Document, Bookmark> visitor) {
    QueryEngine.runPlaced(query, index, this::document, visitor);
  }

  Explanation explain(Query query, IndexSnapshot index) {
    return QueryEngine.explain(query, index, this::document, documentBytes());
  }

  /** About how large a document is: the mean of the newest, old revisions and all. */
  private long documentBytes() {
    Iterator<StorageSnapshot.Row> newest =
        rows.scanBackward(DocumentRows.bodyKey(0), DocumentRows.bodyKey(Long.MAX_VALUE));
    long bytes = 0;
    int count = 0;
    while (count < SAMPLED_BODIES && newest.hasNext()) {
      bytes += DocumentRows.document(newest.next().value()).body().size();
      count++;
    }
    return count == 0 ? 0 : bytes / count;
  }

  @Override
  public void close() {
    rows.close();
  }
}
