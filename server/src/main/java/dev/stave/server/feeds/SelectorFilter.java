package dev.stave.server.feeds;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.query.Query;
import dev.stave.query.QueryLimitException;
import dev.stave.query.QueryLimits;
import dev.stave.query.Selector;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * {@code filter=_selector}. Of many changes the index is asked once which documents match, so that
 * the others need not be read.
 */
final class SelectorFilter implements ChangeFilter {

  /** Of fewer changes each document is read. */
  private static final long MANY = 1_000;

  /** The index has to spare this share of the documents at least, or it is not worth it. */
  private static final int SHARE = 4;

  /** So many ids are held at most. */
  private static final long MOST = 20_000;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Database database;
  private final Selector selector;

  SelectorFilter(Database database, Selector selector) {
    this.database = database;
    this.selector = selector;
  }

  @Override
  public Predicate<Change> over(long since, long end) {
    long changes = end - since;
    if (changes < MANY) {
      return this::matches;
    }
    Set<String> matching = new HashSet<>();
    QueryLimits cheap = new QueryLimits(PATIENCE, Math.min(MOST, changes / SHARE));
    try {
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
    return database
        .get(change.id(), change.revision())
        .filter(document -> selector.matches(document.id(), document.body().sharedTree()))
        .isPresent();
  }
}
