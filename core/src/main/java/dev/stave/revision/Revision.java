package dev.stave.revision;

import org.jspecify.annotations.Nullable;

/**
 * One immutable edit of a document.
 *
 * @param parent the edit it changed; null for a first edit, and where older ones are forgotten
 * @param deleted whether it deletes the document
 * @param sequence where its body is kept, {@link #NO_BODY} where it is not
 * @param since where its body was first kept: before {@code sequence} if it moved since; {@link
 *     #NO_BODY} also of a body that came after what was made of it, which tells of no time
 */
public record Revision(
    RevisionId id, @Nullable RevisionId parent, boolean deleted, long sequence, long since) {

  public static final long NO_BODY = 0;

  /** A revision whose body, if it is kept, is where it was first written. */
  public Revision(RevisionId id, @Nullable RevisionId parent, boolean deleted, long sequence) {
    this(id, parent, deleted, sequence, sequence);
  }

  public boolean hasBody() {
    return sequence != NO_BODY;
  }

  /** Whether its body was written when it was made or taken in, and so tells when it was there. */
  public boolean isDated() {
    return since != NO_BODY;
  }

  Revision withoutBody() {
    return new Revision(id, parent, deleted, NO_BODY);
  }

  Revision withParent(@Nullable RevisionId newParent) {
    return new Revision(id, newParent, deleted, sequence, since);
  }

  Revision withBodyAt(long newSequence) {
    return new Revision(id, parent, deleted, newSequence, hasBody() ? since : newSequence);
  }

  /** As an ancestor whose body came later. */
  Revision withLateBodyAt(boolean deletes, long newSequence) {
    return new Revision(id, parent, deleted || deletes, newSequence, NO_BODY);
  }

  /**
   * This and what else is known of the same revision. The greater parent and the later sequence
   * win, and a deletion once seen stays: so it does not matter which was learnt first.
   */
  Revision and(Revision other) {
    RevisionId knownParent =
        parent == null || (other.parent != null && other.parent.compareTo(parent) > 0)
            ? other.parent
            : parent;
    boolean mine = sequence != other.sequence ? sequence > other.sequence : since <= other.since;
    return new Revision(
        id,
        knownParent,
        deleted || other.deleted,
        mine ? sequence : other.sequence,
        mine ? since : other.since);
  }
}
