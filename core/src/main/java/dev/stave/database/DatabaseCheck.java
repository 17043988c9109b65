package dev.stave.database;

import dev.stave.StaveException;
import dev.stave.bytes.Bytes;
import dev.stave.changes.Change;
import dev.stave.changes.ChangeLog;
import dev.stave.database.BlobRows.Blob;
import dev.stave.database.DocumentRows.Header;
import dev.stave.database.DocumentRows.Meta;
import dev.stave.database.DocumentRows.State;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.index.IndexCheck;
import dev.stave.index.IndexSnapshot;
import dev.stave.index.PathIndex;
import dev.stave.index.VersionSet;
import dev.stave.json.JsonObject;
import dev.stave.revision.PinnedRevision;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.revision.RevisionTreeCodec.ChunkRange;
import dev.stave.storage.ClosedStorage;
import dev.stave.storage.Damage;
import dev.stave.storage.StorageCheck;
import dev.stave.storage.StorageSnapshot;
import dev.stave.storage.Tables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Verifies a database that nobody has open: every byte of its files, then every document and every
 * attachment, then that the index has what the documents have.
 */
public final class DatabaseCheck {

  /** So many problems are told; a database with more is told to have more. */
  private static final int MAX_PROBLEMS = 100;

  /**
   * What was found.
   *
   * @param files how many were read
   * @param bytes how much was read
   * @param documents how many were verified, deleted ones included
   * @param deleted how many of them are deleted
   * @param revisions how many of their bodies were
   * @param problems a line each, empty if all is well; at most the first hundred
   */
  public record Report(
      int files, long bytes, long documents, long deleted, long revisions, List<String> problems) {
    public Report {
      problems = List.copyOf(problems);
    }

    public boolean isWhole() {
      return problems.isEmpty();
    }
  }

  private final StorageSnapshot rows;
  private final List<String> problems = new ArrayList<>();
  private long live;
  private long deleted;
  private long revisions;
  private final Map<String, Long> references = new HashMap<>(); // to blobs
  private final VersionSet bodies = new VersionSet(); // that documents have
  private final Set<String> conflicts = new HashSet<>();

  private DatabaseCheck(StorageSnapshot rows) {
    this.rows = rows;
  }

  /**
   * Checks the database in {@code folder} and writes nothing, so that it may be on a medium that
   * cannot be written. Documents are looked at only if the files are whole.
   *
   * @throws dev.stave.storage.StorageException if somebody has it open, or there is none
   */
  public static Report of(Path folder) {
    StorageCheck.Report files = StorageCheck.of(folder);
    if (!files.damages().isEmpty()) {
      List<String> problems =
          files.damages().stream().map(Damage::toString).collect(Collectors.toList());
      return new Report(files.files(), files.bytes(), 0, 0, 0, problems);
    }
    try (ClosedStorage storage = ClosedStorage.open(folder);
        StorageSnapshot rows = storage.snapshot()) {
      DatabaseCheck check = new DatabaseCheck(rows);
      check.run();
      if (check.problems.isEmpty()) {
        check.checkIndex(storage.tables());
      }
      return new Report(
          files.files(),
          files.bytes(),
          check.live + check.deleted,
          check.deleted,
          check.revisions,
          check.problems);
    }
  }

  /** A line for each way in which rows that nobody changes are no database. */
  static List<String> problems(StorageSnapshot rows) {
    DatabaseCheck check = new DatabaseCheck(rows);
    check.run();
    return check.problems;
  }

  private void checkIndex(Tables tables) {
    View view = new View(rows);
    long last = view.meta().lastSequence();
    try (PathIndex index = PathIndex.open(tables, Long.MAX_VALUE, last)) {
      if (index.flushedTo() > 0) { // else there is none yet: opening makes it
        CatchUp.run(index, view);
        index.at(last).ifPresent(snapshot -> problems.addAll(problemsOfIndex(view, snapshot)));
      }
    }
  }

  /** A line for each way in which the index is not that of the documents. */
  static List<String> problemsOfIndex(View view, IndexSnapshot index) {
    try (index) {
      IndexCheck check = new IndexCheck(index);
      view.forEachIndexed(
          (document, sequence) ->
              check.expect(sequence, document.id(), document.body().sharedTree()));
      return check.problems(MAX_PROBLEMS);
    }
  }

  private void run() {
    Meta meta = Meta.decode(rows.get(DocumentRows.META));
    Iterator<StorageSnapshot.Row> headers =
        rows.scan(DocumentRows.headerKey(""), DocumentRows.afterHeaders());
    while (headers.hasNext() && problems.size() < MAX_PROBLEMS) {
      StorageSnapshot.Row row = headers.next();
      String id = DocumentRows.idOfHeader(row.key());
      try {
        check(id, row.value(), meta);
      } catch (StaveException | IllegalStateException e) {
        problem(id, String.valueOf(e.getMessage()));
      }
    }
    if (problems.isEmpty()) {
      checkChanges(meta);
      checkBodies();
      checkTrees();
      checkConflicts();
      checkPurges(meta);
      checkChunks();
      checkProvenances();
      checkBlobs();
    }
    if (problems.isEmpty() && (live != meta.live() || deleted != meta.deleted())) {
      problems.add(
          "the database counts "
              + meta.live()
              + " documents and "
              + meta.deleted()
              + " deleted ones, and has "
              + live
              + " and "
              + deleted);
    }
  }

  private void problem(String id, String what) {
    problems.add("document " + id + ": " + what);
  }

  private void check(String id, byte[] row, Meta meta) {
    Header header = Header.decode(row);
    State state = DocumentRows.state(id, rows::get);
    Optional<Revision> winner = state.tree().winner();
    if (!winner.isPresent()) {
      problem(id, "its history is empty");
      return;
    }
    if (header.deleted()) {
      deleted++;
    } else {
      live++;
    }
    if (winner.get().sequence() != header.bodySequence()
        || winner.get().deleted() != header.deleted()) {
      problem(id, "its header names another winner than its history");
    }
    if (header.changeSequence() > meta.lastSequence()) {
      problem(id, "it changed after the database's last change");
    }
    if (state.tree().hasConflicts()) {
      conflicts.add(id);
    }
    for (Revision leaf : state.tree().leaves()) {
      if (!leaf.hasBody()) {
        problem(id, "revision " + leaf.id() + " has no body");
      }
    }
    for (Revision revision : state.tree().revisions()) {
      if (revision.hasBody()) {
        checkBody(id, revision);
      }
    }
    for (PinnedRevision pinned : state.tree().pinned()) {
      if (pinned.revision().hasBody()) {
        checkBody(id, pinned.revision());
      }
    }
  }

  /** Each is one that its document has. */
  private void checkBodies() {
    Iterator<StorageSnapshot.Row> all =
        rows.scan(DocumentRows.bodyKey(0), DocumentRows.bodyKey(Long.MAX_VALUE));
    while (all.hasNext() && problems.size() < MAX_PROBLEMS) {
      StorageSnapshot.Row row = all.next();
      if (!bodies.contains(DocumentRows.sequenceOfBody(row.key()))) {
        Document document = DocumentRows.document(row.value());
        problem(document.id(), "a body of " + document.revision() + " is left");
      }
    }
  }

  /** Each is a document's, though one of before may be shorter now and not read it any more. */
  private void checkTrees() {
    Iterator<StorageSnapshot.Row> trees = DocumentRows.trees(rows);
    while (trees.hasNext() && problems.size() < MAX_PROBLEMS) {
      String id = DocumentRows.idOfTree(trees.next().key());
      if (rows.get(DocumentRows.headerKey(id)) == null) {
        problem(id, "a history is left");
      }
    }
  }

  /** A document is said to have a conflict if it has. */
  private void checkConflicts() {
    if (!ConflictRows.isComplete(rows)) {
      return;
    }
    ConflictRows.forEach(
        rows,
        IdRange.ALL,
        id -> {
          if (!conflicts.remove(id)) {
            problem(id, "it is said to have a conflict");
          }
          return problems.size() < MAX_PROBLEMS;
        });
    conflicts.forEach(id -> problem(id, "it is not said that it has a conflict"));
  }

  private void checkPurges(Meta meta) {
    PurgeRows state = PurgeRows.read(rows);
    long[] next = {state.first()};
    PurgeRows.forEach(
        rows,
        0,
        purge -> {
          if (purge.purgeSequence() != next[0]++ || purge.sequence() > meta.lastSequence()) {
            problems.add("purge " + purge.purgeSequence() + " is not one of those written down");
          }
          return problems.size() < MAX_PROBLEMS;
        });
    if (problems.isEmpty() && next[0] != state.last() + 1) {
      problems.add("of " + state.last() + " purges the newest is " + (next[0] - 1));
    }
  }

  /** Each is one that its document reads. */
  private void checkChunks() {
    String id = "";
    ChunkRange stored = ChunkRange.NONE;
    Iterator<StorageSnapshot.Row> chunks = DocumentRows.chunks(rows);
    while (chunks.hasNext() && problems.size() < MAX_PROBLEMS) {
      byte[] key = chunks.next().key();
      String of = DocumentRows.idOfChunk(key);
      stored = of.equals(id) ? stored : DocumentRows.state(of, rows::get).stored();
      id = of;
      int number = DocumentRows.numberOfChunk(key);
      if (!stored.has(number)) {
        problem(id, "chunk " + number + " of its history is one too many");
      }
    }
  }

  /** Each tells of a revision that is there. */
  private void checkProvenances() {
    String id = "";
    RevisionTree tree = RevisionTree.EMPTY;
    Iterator<StorageSnapshot.Row> told = ProvenanceRows.scan(rows);
    while (told.hasNext() && problems.size() < MAX_PROBLEMS) {
      StorageSnapshot.Row row = told.next();
      try {
        String of = ProvenanceRows.idOf(row.key());
        tree = of.equals(id) ? tree : DocumentRows.state(of, rows::get).tree();
        id = of;
        RevisionId revision = ProvenanceRows.revisionOf(row.key());
        ProvenanceRows.decode(row.value());
        if (!tree.get(revision).isPresent()) {
          problem(id, "it is told who made " + revision + ", which it does not have");
        }
      } catch (StaveException | IllegalStateException e) {
        problem(id, "who made a revision cannot be read: " + e.getMessage());
      }
    }
  }

  private void checkBody(String id, Revision revision) {
    byte[] row = rows.get(DocumentRows.bodyKey(revision.sequence()));
    if (row == null) {
      problem(id, "the body of revision " + revision.id() + " is missing");
      return;
    }
    Document document = DocumentRows.document(row);
    RevisionId found = document.revision();
    if (!document.id().equals(id) || !found.equals(revision.id())) {
      problem(id, "revision " + revision.id() + " has the body of " + document.id() + " " + found);
      return;
    }
    JsonObject.parse(document.body().bytes());
    document
        .attachments()
        .forEach(
            (name, attachment) -> {
              checkAttachment(id, name, attachment);
              references.merge(attachment.sha256(), 1L, Long::sum);
            });
    bodies.add(revision.sequence());
    revisions++;
  }

  private void checkAttachment(String id, String name, Attachment attachment) {
    Blob blob = Blob.read(rows, attachment.sha256());
    if (blob == null) {
      problem(id, "the bytes of attachment " + name + " are missing");
    } else if (blob.length() != attachment.storedLength()
        || !blob.digest().equals(attachment.digest())) {
      problem(id, "attachment " + name + " has another length or digest than its bytes");
    }
  }

  /** Bytes are what they are called, and as many bodies refer to them as they say. */
  private void checkBlobs() {
    Set<Long> numbers = new HashSet<>();
    Iterator<StorageSnapshot.Row> blobs =
        rows.scan(BlobRows.BLOB, Bytes.afterPrefix(BlobRows.BLOB));
    while (blobs.hasNext() && problems.size() < MAX_PROBLEMS) {
      StorageSnapshot.Row row = blobs.next();
      String sha256 = BlobRows.shaOfBlob(row.key());
      Blob blob = Blob.decode(row.value());
      numbers.add(blob.number());
      long found = references.getOrDefault(sha256, 0L);
      if (found != blob.references()) {
        problems.add(
            "attachment " + sha256 + ": it counts " + blob.references() + " and has " + found);
      }
      if ((found == 0) == (rows.get(BlobRows.pendingKey(blob.number())) == null)) {
        problems.add("attachment " + sha256 + ": it is to go, or to stay, and says otherwise");
      }
      String problem = BlobInput.problem(rows, sha256, blob);
      if (problem != null) {
        problems.add("attachment " + sha256 + ": " + problem);
      }
    }
    checkPieces(numbers);
  }

  /** Looks at the first piece of each upload: the others of a blob are read with it. */
  private void checkPieces(Set<Long> ofBlobs) {
    byte[] end = Bytes.afterPrefix(BlobRows.PIECE);
    Iterator<StorageSnapshot.Row> pieces = rows.scan(BlobRows.PIECE, end);
    while (pieces.hasNext() && problems.size() < MAX_PROBLEMS) {
      long number = BlobRows.numberOf(pieces.next().key());
      if (!ofBlobs.contains(number) && rows.get(BlobRows.pendingKey(number)) == null) {
        problems.add("a piece of an attachment is left, of upload " + number);
      }
      pieces = rows.scan(Bytes.afterPrefix(BlobRows.piecesOf(number)), end);
    }
  }

  /** Each document has one change, its newest. */
  private void checkChanges(Meta meta) {
    long count = 0;
    Iterator<Change> changes = ChangeLog.after(rows, 0);
    while (changes.hasNext() && problems.size() < MAX_PROBLEMS) {
      Change change = changes.next();
      count++;
      State state = DocumentRows.state(change.id(), rows::get);
      if (state.changeSequence() != change.sequence()) {
        problem(change.id(), "its change at " + change.sequence() + " is not its newest");
      }
    }
    if (problems.isEmpty() && count != live + deleted) {
      problems.add((live + deleted) + " documents have " + count + " changes");
    }
    if (meta.lastSequence() < count) {
      problems.add("there are more changes than the last sequence, " + meta.lastSequence());
    }
  }
}
