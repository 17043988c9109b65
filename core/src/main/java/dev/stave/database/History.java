package dev.stave.database;

import dev.stave.database.HistoryEntry.Standing;
import dev.stave.document.Document;
import dev.stave.revision.Provenance;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The history of one document, as far as it is kept: looked at anew by each call. Any thread may
 * call any method.
 */
public final class History {

  private final Database database;
  private final String id;

  History(Database database, String id) {
    this.database = database;
    this.id = id;
  }

  /** Every revision that is known; none if there is no such document. As {@link #forEach}. */
  public List<HistoryEntry> entries() {
    List<HistoryEntry> entries = new ArrayList<>();
    forEach(entries::add);
    return entries;
  }

  /**
   * Hands over every revision that is known, until {@code visitor} says false: all as of one
   * commit; the winner's branch first, then those of the other leaves in the order in which they
   * would win, each from its leaf down to where it parts from one that was told.
   */
  public void forEach(Predicate<HistoryEntry> visitor) {
    try (View view = database.view()) {
      RevisionTree tree = view.state(id).tree();
      Optional<Revision> winner = tree.winner();
      Set<RevisionId> leaves = new HashSet<>();
      tree.leaves().forEach(leaf -> leaves.add(leaf.id()));
      boolean told = ProvenanceRows.isAny(view.rows(), id);
      for (Revision revision : tree.revisions()) {
        Standing standing = Standing.ANCESTOR;
        if (leaves.contains(revision.id())) {
          boolean wins = winner.isPresent() && winner.get().id().equals(revision.id());
          Standing lost = revision.deleted() ? Standing.CLOSED : Standing.CONFLICT;
          standing = wins ? Standing.WINNER : lost;
        }
        HistoryEntry entry =
            new HistoryEntry(
                revision.id(),
                revision.parent(),
                revision.deleted(),
                told ? view.provenance(id, revision.id()) : Optional.empty(),
                revision.hasBody(),
                standing);
        if (!visitor.test(entry)) {
          return;
        }
      }
    }
  }

  /** Who made the revisions, when and why: of those only of which somebody said so. */
  public Map<RevisionId, Provenance> provenances() {
    try (View view = database.view()) {
      return view.provenances(id);
    }
  }

  /** The document as of {@code revision}; empty if that, or its body, is not kept. */
  public Optional<Document> get(RevisionId revision) {
    return database.get(id, revision);
  }

  /** As {@link #restore(RevisionId, String)}, by nobody who is named. */
  public RevisionId restore(RevisionId revision) {
    return restore(revision, null);
  }

  /**
   * Makes the document what it was as of {@code revision}: by a new revision with that body and
   * those attachments, a child of the winner, whose reason says so. Other leaves stay. Brings a
   * deleted document back. If that revision is the live winner, nothing is written.
   *
   * @param author who does so; null for nobody who is named
   * @return the winner after that
   * @throws NoSuchRevisionException if the history does not have it
   * @throws BodyNotKeptException if its body is not kept
   * @throws IllegalArgumentException if it is one that deletes: delete the document instead
   * @throws dev.stave.revision.InvalidProvenanceException if the author may not be one
   */
  public RevisionId restore(RevisionId revision, @Nullable String author) {
    Document then = bodyOf(revision);
    return database.transact(
        transaction -> {
          RevisionId winner = transaction.get(id).map(Document::revision).orElse(null);
          if (revision.equals(winner)) {
            return winner;
          }
          transaction.author(author);
          transaction.reason("restored " + revision);
          return winner == null
              ? transaction.put(id, then.body(), then.attachments())
              : transaction.put(id, winner, then.body(), then.attachments());
        });
  }

  private Document bodyOf(RevisionId revision) {
    try (View view = database.view()) {
      Optional<Document> document = view.get(id, revision);
      if (document.isPresent() && document.get().deleted()) {
        throw new IllegalArgumentException(
            "a revision that deletes has nothing to restore: delete the document instead of "
                + "restoring "
                + revision);
      }
      if (document.isPresent()) {
        return document.get();
      }
      if (view.state(id).tree().get(revision).isPresent()) {
        throw new BodyNotKeptException(id, revision);
      }
      throw new NoSuchRevisionException(id, revision);
    }
  }
}
