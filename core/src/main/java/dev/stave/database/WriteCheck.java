package dev.stave.database;

import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import org.jspecify.annotations.Nullable;

/** Says whether somebody may write something. It is asked on the thread that writes. */
@FunctionalInterface
public interface WriteCheck {

  /** Lets everything pass. */
  WriteCheck NONE = (id, parent, deleted, body) -> {};

  /**
   * Passes if a new revision of {@code parent} may be written, or with null a new document.
   *
   * @throws RuntimeException why it may not; it goes to the caller as it is, and nothing is written
   */
  void check(String id, @Nullable RevisionId parent, boolean deleted, JsonObject body);
}
