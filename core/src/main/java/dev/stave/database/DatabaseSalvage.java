package dev.stave.database;

import dev.stave.StaveException;
import dev.stave.database.BlobRows.Blob;
import dev.stave.database.DocumentRows.State;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Provenance;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.revision.RevisionTree;
import dev.stave.storage.Damage;
import dev.stave.storage.Durability;
import dev.stave.storage.FileStorage;
import dev.stave.storage.StorageOptions;
import dev.stave.storage.StorageSalvage;
import dev.stave.storage.StorageSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Saves what is whole of a damaged database into a new one, and says what is not. The damaged one
 * is only read.
 *
 * <p>A document whose history can be read comes over with it. One of which only bodies are left
 * comes over as its newest body, without its ancestors; an edit may then meet its older self again,
 * as a conflict, from a peer. Pins are not saved: their sequences are those of the damaged one.
 */
public final class DatabaseSalvage {

  private static final int BATCH_EDITS = 500;

  /**
   * What became of it.
   *
   * @param documents how many are in the new database, deleted ones included
   * @param losses a line for each document that is lost, or lost a part
   * @param damages what is wrong with the files
   */
  public record Report(long documents, List<String> losses, List<Damage> damages) {
    public Report {
      losses = List.copyOf(losses);
      damages = List.copyOf(damages);
    }
  }

  private final StorageSnapshot rows;
  private final Database target;
  private final Map<String, Attachments.Held> held = new HashMap<>(); // of the batch
  private final List<String> losses = new ArrayList<>();
  private WriteBatch batch = new WriteBatch();
  private int batchEdits;
  private long documents;

  private DatabaseSalvage(StorageSnapshot rows, Database target) {
    this.rows = rows;
    this.target = target;
  }

  /**
   * Saves {@code from} into {@code to}. Beside {@code to} there is a folder meanwhile that takes as
   * much room again.
   *
   * @param to a new or empty folder
   * @throws dev.stave.storage.StorageException if {@code from} is open somewhere, or {@code to}
   *     cannot be written; then nothing of it is there
   * @throws IllegalArgumentException if {@code to} holds something
   */
  public static Report save(Path from, Path to) {
    refuseOccupied(to);
    Path between = to.resolveSibling(to.getFileName() + ".salvage");
    DatabaseFolders.delete(between);
    boolean isSaved = false;
    // what was not saved in the end can be saved again, so nothing waits for the disk
    StorageOptions options =
        new StorageOptions(Durability.NONE, StorageOptions.DEFAULT.memoryBytes(), Long.MAX_VALUE);
    try (FileStorage rows = FileStorage.open(between, options)) {
      List<Damage> damages = StorageSalvage.copy(from, rows);
      try (StorageSnapshot saved = rows.snapshot();
          Database target = Database.open(to)) {
        DatabaseSalvage salvage = new DatabaseSalvage(saved, target);
        salvage.run();
        isSaved = true;
        return new Report(salvage.documents, salvage.losses, damages);
      }
    } finally {
      DatabaseFolders.deleteQuietly(between);
      if (!isSaved) {
        DatabaseFolders.deleteQuietly(to);
      }
    }
  }

  private static void refuseOccupied(Path folder) {
    try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
      if (files.findAny().isPresent()) {
        throw new IllegalArgumentException("there is something already: " + folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A document's header: when it changed last. */
  private record Known(String id, long changeSequence) {}

  private void run() {
    List<Known> known = new ArrayList<>();
    Map<String, Long> changed = new HashMap<>();
    Iterator<StorageSnapshot.Row> headers =
        rows.scan(DocumentRows.headerKey(""), DocumentRows.afterHeaders());
    while (headers.hasNext()) {
      String id = DocumentRows.idOfHeader(headers.next().key());
      stateOf(id).ifPresent(state -> known.add(new Known(id, state.changeSequence())));
    }
    known.sort(Comparator.comparingLong(Known::changeSequence));
    for (Known document : known) {
      if (saveWithHistory(document.id())) {
        changed.put(document.id(), document.changeSequence());
      }
    }
    saveNewerBodies(changed);
    saveLocals();
    flush();
  }

  private Optional<State> stateOf(String id) {
    try {
      return Optional.of(DocumentRows.state(id, rows::get));
    } catch (IllegalStateException | StaveException e) {
      return Optional.empty(); // its bodies may be there all the same
    }
  }

  /** Returns whether anything of it is saved. */
  private boolean saveWithHistory(String id) {
    RevisionTree tree = stateOf(id).map(state -> loaded(id, state)).orElse(RevisionTree.EMPTY);
    List<Revision> oldestFirst = new ArrayList<>(tree.revisions());
    oldestFirst.sort(Comparator.comparing(Revision::id));
    int saved = 0;
    for (Revision revision : oldestFirst) {
      Optional<Document> body = revision.hasBody() ? bodyAt(revision.sequence()) : Optional.empty();
      if (body.isPresent() && body.get().revision().equals(revision.id())) {
        RevisionPath path =
            new RevisionPath(
                tree.path(revision.id()).stream().map(Revision::id).collect(Collectors.toList()),
                revision.deleted());
        graft(body.get(), path);
        saved++;
      } else if (tree.isLeaf(revision.id())) {
        losses.add("document " + id + ": revision " + revision.id() + " is lost");
      }
    }
    documents += saved > 0 ? 1 : 0;
    return saved > 0;
  }

  private RevisionTree loaded(String id, State state) {
    try {
      return state.tree().loaded();
    } catch (IllegalStateException | StaveException e) {
      losses.add("document " + id + ": its oldest revisions are lost, of which no body was kept");
      return state.tree().withoutTrunk();
    }
  }

  private Optional<Document> bodyAt(long sequence) {
    return document(rows.get(DocumentRows.bodyKey(sequence)));
  }

  private static Optional<Document> document(byte @Nullable [] row) {
    if (row == null) {
      return Optional.empty();
    }
    try {
      Document document = DocumentRows.document(row);
      JsonObject.parse(document.body().bytes());
      return Optional.of(document);
    } catch (IllegalStateException | StaveException e) {
      return Optional.empty();
    }
  }

  /** Bodies of documents whose header is lost, or is older than they are. */
  private void saveNewerBodies(Map<String, Long> changed) {
    Map<String, Long> newest = new HashMap<>();
    Iterator<StorageSnapshot.Row> bodies =
        rows.scan(DocumentRows.bodyKey(0), DocumentRows.bodyKey(Long.MAX_VALUE));
    while (bodies.hasNext()) {
      StorageSnapshot.Row row = bodies.next();
      long sequence = DocumentRows.sequenceOfBody(row.key());
      document(row.value())
          .filter(body -> sequence > changed.getOrDefault(body.id(), 0L))
          .ifPresent(body -> newest.put(body.id(), sequence));
    }
    newest.values().stream()
        .sorted()
        .forEach(sequence -> bodyAt(sequence).ifPresent(this::saveAlone));
    newest.keySet().stream().filter(id -> !changed.containsKey(id)).forEach(id -> documents++);
  }

  private void saveAlone(Document body) {
    RevisionPath path = new RevisionPath(List.of(body.revision()), body.deleted());
    graft(body, path);
    losses.add("document " + body.id() + ": the history of " + body.revision() + " is lost");
  }

  private void saveLocals() {
    Iterator<StorageSnapshot.Row> locals =
        rows.scan(DocumentRows.localKey(""), DocumentRows.afterLocals());
    while (locals.hasNext()) {
      StorageSnapshot.Row row = locals.next();
      batch.putLocal(DocumentRows.idOfLocal(row.key()), JsonObject.trusted(row.value(), 0));
      countEdit();
    }
  }

  private void graft(Document document, RevisionPath path) {
    String id = document.id();
    batch.graft(id, path, document.body(), attachments(document), provenances(id, path));
    countEdit();
  }

  /** Those whose bytes are whole. */
  private Map<String, Attachment> attachments(Document document) {
    Map<String, Attachment> saved = new TreeMap<>();
    document
        .attachments()
        .forEach(
            (name, attachment) -> {
              if (save(attachment)) {
                saved.put(name, attachment);
              } else {
                losses.add(
                    "document "
                        + document.id()
                        + ": attachment "
                        + name
                        + " of revision "
                        + document.revision()
                        + " is lost");
              }
            });
    return saved;
  }

  private boolean save(Attachment attachment) {
    String sha256 = attachment.sha256();
    if (held.containsKey(sha256) || target.attachments().has(attachment)) {
      return true;
    }
    try {
      Blob blob = Blob.read(rows, sha256);
      if (blob == null || BlobInput.problem(rows, sha256, blob) != null) {
        return false;
      }
      held.put(
          sha256,
          target.attachments().store(attachment.contentType(), BlobInput.within(rows, blob)));
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // rows do not throw it
    }
  }

  private Map<RevisionId, Provenance> provenances(String id, RevisionPath path) {
    Map<RevisionId, Provenance> found = new HashMap<>();
    if (ProvenanceRows.isAny(rows, id)) {
      path.ids()
          .forEach(revision -> provenance(id, revision).ifPresent(p -> found.put(revision, p)));
    }
    return found;
  }

  private Optional<Provenance> provenance(String id, RevisionId revision) {
    try {
      return Optional.ofNullable(rows.get(ProvenanceRows.key(id, revision)))
          .map(ProvenanceRows::decode);
    } catch (IllegalStateException | StaveException e) {
      losses.add("document " + id + ": who made " + revision + " is lost");
      return Optional.empty();
    }
  }

  private void countEdit() {
    batchEdits++;
    if (batchEdits >= BATCH_EDITS) {
      flush();
    }
  }

  private void flush() {
    target.write(batch);
    held.values().forEach(Attachments.Held::close);
    held.clear();
    batch = new WriteBatch();
    batchEdits = 0;
  }
}
