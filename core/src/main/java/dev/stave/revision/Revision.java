package dev.stave.revision;

import org.jspecify.annotations.Nullable;

/**
 * One immutable edit of a document.
 *
 * @param parent the edit it changed; null for a first edit, and where older ones are forgotten
 * @param deleted whether it deletes the document
 * @param sequence where its body is kept, {@link #NO_BODY} where it is not
 */
public record Revision(RevisionId id, @Nullable RevisionId parent, boolean deleted, long sequence) {

  public static final long NO_BODY = 0;

  public boolean hasBody() {
    return sequence != NO_BODY;
  }

  Revision withoutParent() {
    return new Revision(id, null, deleted, sequence);
  }

  Revision withoutBody() {
    return new Revision(id, parent, deleted, NO_BODY);
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
    return new Revision(
        id, knownParent, deleted || other.deleted, Math.max(sequence, other.sequence));
  }
}
