package dev.stave.database;

import dev.stave.changes.Change;
import dev.stave.changes.ChangeLog;
import dev.stave.database.DocumentRows.Meta;
import dev.stave.database.DocumentRows.State;
import dev.stave.document.Document;
import dev.stave.index.IndexDelta;
import dev.stave.json.JsonObject;
import dev.stave.revision.Graft;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.revision.RevisionTree;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What edits would change, before anything is changed: the rows to write, and what the index is to
 * be told. Later edits see earlier ones. For one thread.
 *
 * <p>A draft may stand on another one, and is then merged into it or forgotten.
 */
final class Draft {

  private final StorageSnapshot base;
  private final @Nullable Draft below;

  private final Map<String, State> states = new HashMap<>();
  private final Map<Long, Document> bodies = new HashMap<>();
  private final Map<Long, Long> firstSequences = new HashMap<>(); // of bodies that moved
  private final List<Row> rows = new ArrayList<>();
  private final List<IndexDelta> deltas = new ArrayList<>();
  private Meta meta;
  private long bytes;

  /** A write to the batch, put off until it is known that the batch will be. */
  private interface Row {
    void writeTo(StorageBatch batch);
  }

  /** A draft on what {@code base} holds. */
  Draft(StorageSnapshot base) {
    this.base = base;
    this.below = null;
    this.meta = Meta.decode(base.get(DocumentRows.META));
  }

  /** A draft on what {@code base} holds, of documents that no draft before it changed. */
  Draft(StorageSnapshot base, Meta meta) {
    this.base = base;
    this.below = null;
    this.meta = meta;
  }

  /** A draft on top of {@code below}, which must not change while this one does. */
  Draft(Draft below) {
    this.base = below.base;
    this.below = below;
    this.meta = below.meta;
  }

  /** Makes what this draft changes part of the one below it. */
  void mergeDown() {
    if (below == null) {
      throw new IllegalStateException("nothing is below this draft");
    }
    below.states.putAll(states);
    below.bodies.putAll(bodies);
    below.firstSequences.putAll(firstSequences);
    below.rows.addAll(rows);
    below.deltas.addAll(deltas);
    below.meta = meta;
    below.bytes += bytes;
  }

  /** The bodies to write, those that move included, in bytes. */
  long bytes() {
    return bytes;
  }

  StorageSnapshot base() {
    return base;
  }

  Meta meta() {
    return meta;
  }

  List<IndexDelta> deltas() {
    return deltas;
  }

  boolean isEmpty() {
    return rows.isEmpty() && states.isEmpty();
  }

  /** Everything that is to be written, {@link Meta} included. */
  StorageBatch rows() {
    StorageBatch batch = new StorageBatch();
    rows.forEach(row -> row.writeTo(batch));
    states.forEach((id, state) -> DocumentRows.putState(batch, id, state));
    batch.put(DocumentRows.META, meta.encode());
    return batch;
  }

  /** The documents this draft changes. */
  Set<String> changed() {
    return states.keySet();
  }

  State state(String id) {
    for (Draft draft = this; draft != null; draft = draft.below) {
      State state = draft.states.get(id);
      if (state != null) {
        return state;
      }
    }
    return DocumentRows.state(id, base::get);
  }

  /** The live winner. */
  Optional<Document> get(String id) {
    return state(id)
        .tree()
        .winner()
        .filter(winner -> !winner.deleted())
        .map(winner -> document(winner.sequence()));
  }

  /** The body at {@code sequence}: what was there before, or what this draft adds. */
  Document document(long sequence) {
    for (Draft draft = this; draft != null; draft = draft.below) {
      Document document = draft.bodies.get(sequence);
      if (document != null) {
        return document;
      }
    }
    return DocumentRows.document(bodyRow(sequence));
  }

  private byte[] bodyRow(long sequence) {
    byte[] row = base.get(DocumentRows.bodyKey(sequence));
    if (row == null) {
      throw new IllegalStateException("no body at sequence " + sequence);
    }
    return row;
  }

  /** Where the body was written that stands at {@code sequence}. */
  long firstSequence(long sequence) {
    for (Draft draft = this; draft != null; draft = draft.below) {
      Long first = draft.firstSequences.get(sequence);
      if (first != null) {
        return first;
      }
      if (draft.bodies.containsKey(sequence)) {
        return sequence;
      }
    }
    return DocumentRows.firstSequence(bodyRow(sequence), sequence);
  }

  /** Takes a document back to a {@code tree} that it had before; an empty one if it was not yet. */
  void takeBack(String id, RevisionTree tree) {
    State now = state(id);
    if (!tree.leaves().isEmpty()) {
      change(id, now, tree, null);
      return;
    }
    long sequence = meta.lastSequence() + 1;
    boolean wasLive = !winnerOf(now.tree()).deleted();
    deleteForgotten(now.tree(), tree);
    rows.add(
        batch -> {
          DocumentRows.deleteState(batch, id);
          DocumentRows.putGone(batch, id, sequence);
          ChangeLog.remove(batch, now.changeSequence());
        });
    meta = new Meta(sequence, meta.live() - (wasLive ? 1 : 0), meta.deleted() - (wasLive ? 0 : 1));
  }

  /** Adds one edit to the draft, unless it is stale or brings nothing new. */
  WriteResult apply(Edit edit) {
    if (edit instanceof Edit.Put put) {
      return put(put);
    }
    if (edit instanceof Edit.Graft graft) {
      return graft(graft);
    }
    return local((Edit.Local) edit);
  }

  private WriteResult local(Edit.Local local) {
    byte[] key = DocumentRows.localKey(local.id());
    JsonObject body = local.body();
    rows.add(body == null ? batch -> batch.delete(key) : batch -> batch.put(key, body.bytes()));
    return new WriteResult.WrittenLocal(local.id());
  }

  private WriteResult put(Edit.Put put) {
    State state = state(put.id());
    RevisionTree tree = state.tree();
    RevisionId parent = put.parent();
    if (parent == null) {
      Optional<Revision> winner = tree.winner();
      if (winner.isPresent() && !winner.get().deleted()) {
        return new WriteResult.Stale(put.id(), null);
      }
      parent = winner.map(Revision::id).orElse(null); // a document that was deleted grows on
    } else if (!tree.isLeaf(parent) || (put.deleted() && isDeleted(tree, parent))) {
      return new WriteResult.Stale(put.id(), parent);
    }
    RevisionId id =
        Objects.equals(parent, put.parent())
            ? put.revision()
            : RevisionId.of(parent, put.deleted(), put.body().sharedTree());
    if (parent != null && tree.get(id).isPresent()) {
      return joinParent(put, state, id, parent);
    }
    long sequence = meta.lastSequence() + 1;
    RevisionTree grown = tree.extend(new Revision(id, parent, put.deleted(), sequence));
    Document document = new Document(put.id(), id, put.deleted(), put.body());
    return new WriteResult.Written(put.id(), id, change(put.id(), state, grown, document));
  }

  /** A peer made the very same edit, and sent it without saying of what: now that is known. */
  private WriteResult joinParent(Edit.Put put, State state, RevisionId id, RevisionId parent) {
    RevisionPath path = new RevisionPath(List.of(id, parent), put.deleted());
    RevisionTree joined = state.tree().graft(path, Revision.NO_BODY).tree();
    return new WriteResult.Written(put.id(), id, change(put.id(), state, joined, null));
  }

  private static boolean isDeleted(RevisionTree tree, RevisionId id) {
    return tree.get(id).filter(Revision::deleted).isPresent();
  }

  private WriteResult graft(Edit.Graft edit) {
    State state = state(edit.id());
    RevisionId leaf = edit.path().leaf();
    Graft graft = state.tree().graft(edit.path(), meta.lastSequence() + 1);
    switch (graft.outcome()) {
      case ALREADY_KNOWN:
        return new WriteResult.AlreadyKnown(edit.id(), leaf);
      case ANCESTOR:
        change(edit.id(), state, graft.tree(), null); // two branches may have turned out to be one
        return new WriteResult.AlreadyKnown(edit.id(), leaf);
      default:
        Document document = new Document(edit.id(), leaf, edit.path().deleted(), edit.body());
        long sequence = change(edit.id(), state, graft.tree(), document);
        return new WriteResult.Written(edit.id(), leaf, sequence);
    }
  }

  /**
   * Takes in a tree that grew, by a leaf whose body is at the next sequence, or with {@code added}
   * null by ancestry alone. Returns the sequence of the change.
   */
  private long change(String id, State before, RevisionTree grown, @Nullable Document added) {
    RevisionTree tree =
        grown.prune(DatabaseOptions.REVISION_LIMIT).forgetBodies(DatabaseOptions.BODIES_KEPT);
    long sequence = meta.lastSequence() + 1;
    if (added != null) {
      putBody(sequence, added, sequence);
    }
    Optional<Revision> winnerBefore = before.tree().winner();
    Revision winner = winnerOf(tree);
    boolean sameWinner = winnerBefore.filter(w -> w.id().equals(winner.id())).isPresent();
    if (!sameWinner && (added == null || !winner.id().equals(added.revision()))) {
      sequence += added == null ? 0 : 1; // an older leaf wins now: a new version of the document
      tree = moveBody(tree, winner, sequence);
    }
    deleteForgotten(before.tree(), tree);
    if (!sameWinner) {
      tellIndex(id, winnerBefore, winnerOf(tree), sequence);
    }
    meta = count(winnerBefore, winner, sequence);
    states.put(id, new State(tree, sequence));
    Change change = new Change(sequence, id, winner.id(), winner.deleted());
    rows.add(batch -> ChangeLog.move(batch, before.changeSequence(), change));
    return sequence;
  }

  static Revision winnerOf(RevisionTree tree) {
    return tree.winner().orElseThrow(() -> new IllegalStateException("a tree without a leaf"));
  }

  private void putBody(long sequence, Document document, long first) {
    bodies.put(sequence, document);
    byte[] row = DocumentRows.body(document, sequence, first);
    bytes += row.length;
    rows.add(batch -> batch.put(DocumentRows.bodyKey(sequence), row));
  }

  private RevisionTree moveBody(RevisionTree tree, Revision revision, long to) {
    long first = firstSequence(revision.sequence());
    firstSequences.put(to, first);
    putBody(to, document(revision.sequence()), first);
    return tree.withBodyAt(revision.id(), to);
  }

  private void deleteForgotten(RevisionTree before, RevisionTree after) {
    Set<Long> kept = new HashSet<>();
    after.revisions().forEach(revision -> kept.add(revision.sequence()));
    for (Revision old : before.revisions()) {
      if (old.hasBody() && !kept.contains(old.sequence())) {
        rows.add(batch -> batch.delete(DocumentRows.bodyKey(old.sequence())));
      }
    }
  }

  private void tellIndex(
      String id, Optional<Revision> before, Revision winner, long changeSequence) {
    long ended = before.filter(w -> !w.deleted()).map(Revision::sequence).orElse(0L);
    if (!winner.deleted()) {
      JsonObject body = document(winner.sequence()).body();
      deltas.add(new IndexDelta(id, ended, winner.sequence(), body.sharedTree()));
    } else if (ended != 0) {
      deltas.add(new IndexDelta(id, ended, changeSequence, null));
    }
  }

  private Meta count(Optional<Revision> before, Revision winner, long lastSequence) {
    long live = meta.live();
    long deleted = meta.deleted();
    if (before.isPresent()) {
      live -= before.get().deleted() ? 0 : 1;
      deleted -= before.get().deleted() ? 1 : 0;
    }
    return new Meta(
        lastSequence, live + (winner.deleted() ? 0 : 1), deleted + (winner.deleted() ? 1 : 0));
  }
}
