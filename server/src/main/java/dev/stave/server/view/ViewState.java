package dev.stave.server.view;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.database.Purge;
import dev.stave.revision.RevisionId;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far an index has come, and of which database: {@code database sequence purge [id revision]},
 * separated by zeros. The last two are of the change at the sequence; the purge is its sequence, a
 * space and the id of its document, which is empty if there was none.
 */
record ViewState(
    String database,
    long sequence,
    long purgeSequence,
    String purgedId,
    @Nullable String id,
    @Nullable RevisionId revision) {

  private static final String SEPARATOR = "\0";

  /** Of a database in which nothing is yet but what was purged. */
  static ViewState none(Database database) {
    long purges = database.purges().sequence();
    return new ViewState(database.uuid(), 0, purges, purgedId(database, purges), null, null);
  }

  ViewState after(Change change) {
    return new ViewState(
        database, change.sequence(), purgeSequence, purgedId, change.id(), change.revision());
  }

  ViewState after(Purge purge) {
    return new ViewState(database, sequence, purge.purgeSequence(), purge.id(), id, revision);
  }

  /** Which document the purge was of; empty if that is not written down any more. */
  private static String purgedId(Database database, long purgeSequence) {
    return database
        .purges()
        .since(purgeSequence - 1, 1)
        .flatMap(purges -> purges.stream().findFirst())
        .map(Purge::id)
        .orElse("");
  }

  byte[] bytes() {
    String text = database + SEPARATOR + sequence + SEPARATOR + purgeSequence + " " + purgedId;
    if (id != null) {
      text += SEPARATOR + id + SEPARATOR + Objects.requireNonNull(revision);
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static ViewState of(byte[] bytes) {
    String[] parts = new String(bytes, StandardCharsets.UTF_8).split(SEPARATOR, -1);
    if (parts.length % 2 == 0) {
      return new ViewState("", 0, 0, "", null, null); // of when there were no purges: nobody's
    }
    boolean has = parts.length > 3;
    String[] purge = parts[2].split(" ", 2);
    return new ViewState(
        parts[0],
        Long.parseLong(parts[1]),
        Long.parseLong(purge[0]),
        purge[1],
        has ? parts[3] : null,
        has ? RevisionId.parse(parts[4]) : null);
  }

  /**
   * Whether {@code now} has what this has seen: after a power cut a database that is not synced at
   * each commit may have gone back, and gone on in another way.
   */
  boolean isOf(Database now) {
    if (!database.equals(now.uuid())
        || sequence > now.lastSequence()
        || purgeSequence > now.purges().sequence()) {
      return false;
    }
    String purged = purgedId(now, purgeSequence);
    if (!purgedId.isEmpty() && !purged.isEmpty() && !purged.equals(purgedId)) {
      return false;
    }
    return id == null
        || now.tree(id).get(Objects.requireNonNull(revision)).isPresent()
        || now.purges().all().stream().map(Purge::id).anyMatch(id::equals);
  }
}
