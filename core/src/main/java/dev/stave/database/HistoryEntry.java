package dev.stave.database;

import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One revision of a document's history.
 *
 * @param parent the revision it changed; null if it is the first, or older ones are not known
 * @param deleted whether it deletes the document
 * @param provenance who made it, when and why, if somebody said so
 * @param hasBody whether its body is kept, and can be read and restored
 */
public record HistoryEntry(
    RevisionId revision,
    @Nullable RevisionId parent,
    boolean deleted,
    Optional<Provenance> provenance,
    boolean hasBody,
    Standing standing) {

  /** What a revision is to its document. */
  public enum Standing {
    /** The leaf that is shown, which may be one that deletes the document. */
    WINNER,
    /** A live leaf that lost: the other side of a conflict. */
    CONFLICT,
    /** A leaf that deletes, and does not win: a branch that is closed. */
    CLOSED,
    /** Others were made of it. */
    ANCESTOR
  }
}
