package dev.stave.review;

import dev.stave.document.Document;
import java.util.Optional;

/**
 * A document that was written in a fork, or in its parent, since the fork was made.
 *
 * @param here what the parent has; empty if it has none, or has deleted it
 * @param there what the fork has; empty if it has none, or has deleted it
 * @param preview where both wrote: what merging comes to, and why it is held back
 */
public record ForkedDocument(
    String id,
    Standing standing,
    Optional<Document> here,
    Optional<Document> there,
    Optional<Preview> preview) {

  /** What merging the fork would do with the document. */
  public enum Standing {
    /** The parent has not seen it: it is taken as it is. */
    NEW,
    /** Only the fork wrote: its edits follow those of the parent. */
    FORWARD,
    /** Both wrote, and what they wrote fits together, or a policy decides. */
    MERGES,
    /** Both wrote, and it stays open: there are clashes, or a review is missing. */
    OPEN,
    /**
     * One deleted what the other edited, and no policy decides: it is not merged, until somebody
     * {@linkplain ForkRequest#settle settles} it.
     */
    DELETED_AND_EDITED,
    /** The parent has all that the fork wrote already. */
    SAME,
    /** Only the parent wrote. */
    PARENT_ONLY
  }
}
