package dev.stave.server.feeds;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The changes from one sequence to another that a client wants, read a few at a time, and written
 * while they are read. It ends where the database stood when it began, so that a fast writer cannot
 * keep it going for ever.
 */
final class ChangesPage {

  private static final int READ_AT_ONCE = 500;

  private final Database database;
  private final ChangesRequest asked;
  private final long end;
  private final Predicate<Change> filter;
  private final Predicate<Change> leaving;
  private final Wanted changes;
  private long lastSequence;
  private long lastTogether;

  /** The changes after {@code since}, which may be later than the client's own. */
  ChangesPage(Database database, ChangesRequest asked, long since) {
    this.database = database;
    this.asked = asked;
    this.end = database.lastSequence();
    this.lastSequence = since;
    this.filter = asked.filter().over(since, end);
    this.leaving = asked.leaving().over(since, end);
    this.changes = asked.descending() ? new Backward(since) : new Forward(since);
  }

  /** Where the database stood when this was begun. */
  long end() {
    return end;
  }

  /** The changes in order; those the client does not want are left out. */
  private abstract class Wanted implements Iterator<FeedRow> {
    private Iterator<Change> read = List.<Change>of().iterator();
    private @Nullable FeedRow next;
    private boolean ended;

    /** More changes; none at the end. */
    abstract List<Change> readMore();

    @Override
    public boolean hasNext() {
      while (next == null && !ended) {
        if (!read.hasNext()) {
          List<Change> more = readMore();
          ended = more.isEmpty();
          read = more.iterator();
        } else {
          Change candidate = read.next();
          next = row(candidate);
        }
      }
      return next != null;
    }

    private @Nullable FeedRow row(Change candidate) {
      boolean isWanted = filter.test(candidate);
      return isWanted || leaving.test(candidate) ? new FeedRow(candidate, !isWanted) : null;
    }

    FeedRow peek() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException();
      }
      return next;
    }

    @Override
    public FeedRow next() {
      FeedRow row = peek();
      next = null;
      return row;
    }
  }

  private final class Forward extends Wanted {
    private long at;

    Forward(long since) {
      this.at = since;
    }

    @Override
    List<Change> readMore() {
      List<Change> more =
          database.changes(at, READ_AT_ONCE).stream().filter(c -> c.sequence() <= end).toList();
      at = more.isEmpty() ? at : more.get(more.size() - 1).sequence();
      return more;
    }
  }

  private final class Backward extends Wanted {
    private final long since;
    private long before = end + 1;

    Backward(long since) {
      this.since = since;
    }

    @Override
    List<Change> readMore() {
      List<Change> more =
          database.changesBefore(before, READ_AT_ONCE).stream()
              .filter(c -> c.sequence() > since)
              .toList();
      before = more.isEmpty() ? before : more.get(more.size() - 1).sequence();
      return more;
    }
  }

  /** The next change that the client wants. */
  boolean hasNext() {
    return changes.hasNext();
  }

  FeedRow next() {
    FeedRow row = changes.next();
    lastSequence = row.change().sequence();
    lastTogether = row.change().together();
    return row;
  }

  /** Whether the next change was committed together with the last one. */
  private boolean isTogether() {
    return hasNext() && changes.peek().change().together() == lastTogether;
  }

  /** Up to where a client has seen all: it goes on after that. */
  long last() {
    return changes.hasNext() || asked.descending() ? lastSequence : Math.max(lastSequence, end);
  }

  /** At most so many come after {@link #last}: what changed again left a gap. 0: this was all. */
  long pending() {
    return asked.descending() ? 0 : Math.max(0, end - last());
  }

  /** The whole reply. */
  void writeTo(JsonGenerator out) throws IOException {
    ChangeRows rows = new ChangeRows(database, asked);
    out.writeStartObject();
    out.writeArrayFieldStart("results");
    List<FeedRow> some = new ArrayList<>();
    for (long left = asked.limit(); left > 0 && hasNext(); left--) {
      some.add(next());
      writeIfEnough(some, rows, out);
    }
    for (int left = asked.moreTogether(); left > 0 && isTogether(); left--) {
      some.add(next());
      writeIfEnough(some, rows, out);
    }
    rows.write(some, out);
    out.writeEndArray();
    out.writeNumberField("last_seq", last());
    out.writeNumberField("pending", pending());
    out.writeEndObject();
  }

  private static void writeIfEnough(List<FeedRow> some, ChangeRows rows, JsonGenerator out)
      throws IOException {
    if (some.size() == READ_AT_ONCE) {
      rows.write(some, out);
      some.clear();
    }
  }
}
