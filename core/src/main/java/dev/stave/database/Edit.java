package dev.stave.database;

import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import org.jspecify.annotations.Nullable;

/** One change that somebody wants. */
sealed interface Edit {

  String id();

  /**
   * A new revision under {@code parent}, or with null a document that is not there yet.
   *
   * @param revision what it is named if the parent is that: found by the thread that wants it,
   *     since the digest is the longest work of a write, and there is one committer
   */
  record Put(
      String id, @Nullable RevisionId parent, boolean deleted, JsonObject body, RevisionId revision)
      implements Edit {}

  /** A revision that another peer made. */
  record Graft(String id, RevisionPath path, JsonObject body) implements Edit {}

  /** A document that stays in this database and has no history; null removes it. */
  record Local(String id, @Nullable JsonObject body) implements Edit {}
}
