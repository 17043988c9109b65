package dev.stave.database;

import dev.stave.changes.Change;
import dev.stave.changes.ChangeLog;
import dev.stave.database.DocumentRows.Meta;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes a fork back to an earlier sequence: each document that changed since gets the tree that it
 * had then. The others are not looked at.
 *
 * <p>A revision was there then if its body was written by then, or if it is an ancestor of one that
 * was. What a revision without a body tells is this: a leaf always has one, and it loses it only
 * when each of its descendants is too far away. So one with no descendant that far was never a leaf
 * since, and came with its descendants; of one that has some nobody can tell any more whether it
 * was the leaf then, and that fork is refused.
 */
final class Rewind {

  /** So many bytes of bodies are enough for one batch, or so many documents. */
  private static final long BATCH_BYTES = 4L << 20;

  private static final int BATCH_DOCUMENTS = 1_000;

  private final StorageSnapshot rows;
  private final Draft.Rules rules;
  private final long to;
  private final Consumer<StorageBatch> out;
  private final long fewestBodies;
  private Draft draft;

  /** The first document that cannot be told, and the earliest sequence that all can. */
  private String lost = "";

  private long earliest;

  private Rewind(StorageSnapshot rows, Draft.Rules rules, long to, Consumer<StorageBatch> out) {
    this.rows = rows;
    this.rules = rules;
    this.to = to;
    this.out = out;
    this.fewestBodies = RetentionFloor.of(rows);
    this.draft = new Draft(rows, rules, Meta.decode(rows.get(DocumentRows.META)));
  }

  /**
   * Hands on what is to be written to the database of {@code rows}. Returns its last sequence then.
   *
   * @throws ForkException if some document's revisions of then are not kept; what was handed on
   *     must not count then
   */
  static long run(StorageSnapshot rows, Draft.Rules rules, long to, Consumer<StorageBatch> out) {
    return new Rewind(rows, rules, to, out).run();
  }

  private long run() {
    int documents = 0;
    for (Iterator<Change> changes = ChangeLog.after(rows, to); changes.hasNext(); ) {
      takeBack(changes.next().id());
      documents++;
      if (draft.bytes() > BATCH_BYTES || documents % BATCH_DOCUMENTS == 0) {
        flush();
      }
    }
    flush();
    if (earliest > 0) {
      throw new ForkException(
          "a document's revisions of then are not kept any more: fork at a later sequence",
          "document",
          lost,
          "sequence",
          to,
          "earliest",
          earliest);
    }
    return draft.meta().lastSequence();
  }

  private void flush() {
    if (!draft.isEmpty() && earliest == 0) {
      out.accept(draft.rows());
    }
    draft = new Draft(rows, rules, draft.meta());
  }

  private void takeBack(String id) {
    RevisionTree tree = draft.state(id).tree();
    Map<RevisionId, Long> written = writtenAt(tree);
    Set<RevisionId> known = new HashSet<>();
    List<Revision> then = new ArrayList<>();
    for (Revision revision : tree.revisions()) {
      Long sequence = written.get(revision.id());
      if (sequence != null && sequence <= to) {
        for (Revision each : tree.path(revision.id())) {
          if (known.add(each.id())) {
            then.add(each);
          }
        }
      }
    }
    long needed = knowableSince(tree, written, known, fewestBodies);
    if (needed > earliest) {
      lost = earliest == 0 ? id : lost;
      earliest = needed;
    }
    if (earliest == 0) {
      draft.takeBack(id, RevisionTree.of(then));
    }
  }

  /** Where the bodies were written that are kept; of a base that a peer gave, it does not tell. */
  private static Map<RevisionId, Long> writtenAt(RevisionTree tree) {
    Map<RevisionId, Long> written = new HashMap<>();
    for (Revision revision : tree.revisions()) {
      if (revision.isDated()) {
        written.put(revision.id(), revision.since());
      }
    }
    return written;
  }

  /** The sequence from which on all can be told of the document, 0 if it can be at {@code to}. */
  private static long knowableSince(
      RevisionTree tree, Map<RevisionId, Long> written, Set<RevisionId> known, long fewestBodies) {
    Map<RevisionId, Integer> heights = new HashMap<>();
    Map<RevisionId, Long> descendants = new HashMap<>(); // the first of each that was written
    for (Revision leaf : tree.leaves()) {
      long first = Long.MAX_VALUE;
      int height = 0;
      for (Revision at : tree.path(leaf.id())) {
        first = Math.min(first, written.getOrDefault(at.id(), Long.MAX_VALUE));
        heights.merge(at.id(), height++, Math::max);
        descendants.merge(at.id(), first, Math::min);
      }
    }
    long since = 0;
    for (Revision revision : tree.revisions()) {
      boolean mayHaveLostItsBody =
          !revision.isDated() && heights.getOrDefault(revision.id(), 0) > fewestBodies;
      if (mayHaveLostItsBody && !known.contains(revision.id())) {
        since = Math.max(since, descendants.getOrDefault(revision.id(), 0L));
      }
    }
    return since;
  }
}
