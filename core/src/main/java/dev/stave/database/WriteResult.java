package dev.stave.database;

import dev.stave.document.Attachment;
import dev.stave.revision.RevisionId;
import dev.stave.validation.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of one edit of a batch. */
public sealed interface WriteResult {

  /** The document the edit was for. */
  String id();

  /** The edit is committed as {@code revision}, at {@code sequence}. */
  record Written(String id, RevisionId revision, long sequence) implements WriteResult {}

  /** A graft brought nothing new. */
  record AlreadyKnown(String id, RevisionId revision) implements WriteResult {}

  /** The local document is committed. */
  record WrittenLocal(String id) implements WriteResult {}

  /**
   * {@code revisions} are gone: those of the named ones that were leaves.
   *
   * @param purgeSequence that of the newest purge of the database
   */
  record Purged(String id, List<RevisionId> revisions, long purgeSequence) implements WriteResult {
    public Purged {
      revisions = List.copyOf(revisions);
    }
  }

  /** Nothing was written: {@code parent} is no live leaf, or is null and the document is there. */
  record Stale(String id, @Nullable RevisionId parent) implements WriteResult {}

  /** Nothing was written: a schema or a validator of the database refuses the document. */
  record Refused(String id, List<Problem> problems) implements WriteResult {
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  /** Nothing was written: the bytes of the attachment {@code name} are not in this database. */
  record MissingAttachment(String id, String name, Attachment attachment) implements WriteResult {}
}
