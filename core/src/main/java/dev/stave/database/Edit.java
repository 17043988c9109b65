package dev.stave.database;

import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** One change that somebody wants. */
sealed interface Edit {

  String id();

  /**
   * A new revision under {@code parent}, or with null a document that is not there yet.
   *
   * @param attachments all that it has; null for those of its parent
   * @param revision what it is named if the parent is that: found by the thread that wants it,
   *     since the digest is the longest work of a write, and there is one committer
   * @param provenance without a time: the commit gives it one
   */
  record Put(
      String id,
      @Nullable RevisionId parent,
      boolean deleted,
      JsonObject body,
      @Nullable SortedMap<String, Attachment> attachments,
      RevisionId revision,
      @Nullable Provenance provenance)
      implements Edit {}

  /**
   * A revision that another peer made, and what is told of it and its ancestors.
   *
   * @param together a number that those of one transaction have in common; 0 for one by itself
   */
  record Graft(
      String id,
      RevisionPath path,
      JsonObject body,
      SortedMap<String, Attachment> attachments,
      Map<RevisionId, Provenance> provenances,
      long together)
      implements Edit {}

  /** The body of a revision that is known without, for a merge. */
  record Base(Document document) implements Edit {
    @Override
    public String id() {
      return document.id();
    }
  }

  /** A document that stays in this database and has no history; null removes it. */
  record Local(String id, @Nullable JsonObject body) implements Edit {}

  /** Removes those of {@code revisions} that are leaves, as if they had never been. */
  record Purge(String id, List<RevisionId> revisions) implements Edit {}

  /** Has so many purges written down. */
  record PurgeLimit(int limit) implements Edit {
    @Override
    public String id() {
      return "";
    }
  }

  /** Has the pin {@code id} keep what is current at {@code sequence}, or now, if that is before. */
  record Pin(String id, long sequence) implements Edit {}

  /** Removes the pin {@code id}. */
  record Unpin(String id) implements Edit {}

  /** Forgets what is not to be kept of a document's history, as its next edit would. */
  record Trim(String id) implements Edit {}
}
