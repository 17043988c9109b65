package dev.stave.server.view;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.revision.RevisionId;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far an index has come, and of which database: {@code database sequence [id revision]}, the
 * last two of the change at the sequence, separated by zeros.
 */
record ViewState(
    String database, long sequence, @Nullable String id, @Nullable RevisionId revision) {

  private static final String SEPARATOR = "\0";

  static ViewState none(Database database) {
    return new ViewState(database.uuid(), 0, null, null);
  }

  ViewState after(Change change) {
    return new ViewState(database, change.sequence(), change.id(), change.revision());
  }

  byte[] bytes() {
    String text = database + SEPARATOR + sequence;
    if (id != null) {
      text += SEPARATOR + id + SEPARATOR + Objects.requireNonNull(revision);
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static ViewState of(byte[] bytes) {
    String[] parts = new String(bytes, StandardCharsets.UTF_8).split(SEPARATOR, -1);
    boolean has = parts.length > 2;
    return new ViewState(
        parts[0],
        Long.parseLong(parts[1]),
        has ? parts[2] : null,
        has ? RevisionId.parse(parts[3]) : null);
  }

  /**
   * Whether {@code now} has what this has seen: after a power cut a database that is not synced at
   * each commit may have gone back, and gone on in another way.
   */
  boolean isOf(Database now) {
    if (!database.equals(now.uuid()) || sequence > now.lastSequence()) {
      return false;
    }
    return id == null || now.tree(id).get(Objects.requireNonNull(revision)).isPresent();
  }
}
