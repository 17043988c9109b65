package dev.stave.server.feeds;

import dev.stave.changes.Change;
import java.util.function.Predicate;

/** Which changes a client wants. */
@FunctionalInterface
interface ChangeFilter {

  /** Tells of each change after {@code since}, up to {@code end}, which is committed. */
  Predicate<Change> over(long since, long end);
}
