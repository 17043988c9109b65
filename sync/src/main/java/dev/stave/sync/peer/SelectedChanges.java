package dev.stave.sync.peer;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.query.Query;
import dev.stave.query.QueryLimitException;
import dev.stave.query.QueryLimits;
import dev.stave.query.Selector;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which changes of a database of this process a selector lets through, and which of the others may
 * have left what it selects. Of many changes the index is asked once which documents match, so that
 * the others need not be read.
 */
public final class SelectedChanges {

  /** Of fewer changes each document is read. */
  private static final long MANY = 1_000;

  /** The index has to spare this share of the documents at least, or it is not worth it. */
  private static final int SHARE = 4;

  /** So many ids are held at most. */
  private static final long MOST = 20_000;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Database database;
  private final Selector selector;

  public SelectedChanges(Database database, Selector selector) {
    this.database = database;
    this.selector = selector;
  }

  /** Those that match, of the changes after {@code since}, up to {@code end}. */
  public Predicate<Change> matching(long since, long end) {
    long changes = end - since;
    if (changes < MANY) {
      return this::matches;
    }
    Set<String> matching = new HashSet<>();
    long most = Math.min(MOST, changes / SHARE);
    QueryLimits cheap = new QueryLimits(PATIENCE, most);
    try {
      if (database.count(selector, cheap) > most) {
        return this::matches; // without a look at any of them, where the index knows the number
      }
      database.find(Query.of(selector).limits(cheap), found -> matching.add(found.id()));
    } catch (QueryLimitException e) {
      return this::matches;
    }
    // What is deleted and what is a design document the index does not have. What has changed since
    // end is told as a later change.
    return change ->
        change.deleted() || Document.isDesign(change.id())
            ? matches(change)
            : matching.contains(change.id());
  }

  private boolean matches(Change change) {
    return matches(change.id(), change.revision());
  }

  private boolean matches(String id, RevisionId revision) {
    return database
        .get(id, revision)
        .filter(document -> selector.matches(document.id(), document.body().sharedTree()))
        .isPresent();
  }

  /**
   * Of those that do not match: whether the document may have matched before. Of a few changes that
   * is exact as far as bodies of ancestors are kept; of many it is said of each that was edited.
   */
  public Predicate<Change> leaving(long since, long end) {
    return end - since < MANY
        ? change -> mayHaveMatched(change)
        : change -> wasEdited(database, change);
  }

  /** Also by a body that is not kept any more. */
  private boolean mayHaveMatched(Change change) {
    String id = change.id();
    return anyOther(
        database, change, other -> !database.get(id, other).isPresent() || matches(id, other));
  }

  /** Whether the document may have been anything else before the change. */
  public static boolean wasEdited(Database database, Change change) {
    return anyOther(database, change, other -> true);
  }

  private static boolean anyOther(
      Database database, Change change, Predicate<RevisionId> condition) {
    RevisionTree tree = database.tree(change.id());
    List<Revision> path = tree.path(change.revision());
    boolean isCut =
        path.isEmpty() || path.get(path.size() - 1).id().generation() > 1; // the rest is forgotten
    return isCut
        || tree.revisions().stream()
            .map(Revision::id)
            .anyMatch(other -> !other.equals(change.revision()) && condition.test(other));
  }
}
