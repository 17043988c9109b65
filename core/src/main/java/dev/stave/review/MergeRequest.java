package dev.stave.review;

import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Branches of one document that are to become one, or became it. A value: it does not follow what
 * is written later. Its state follows from the document's history, so that the two cannot disagree.
 *
 * @param document the id of the document
 * @param base the newest revision that all sides were made of; null if there is none
 * @param sides the ends of the branches, in winner order
 * @param result the merge, or the side that was kept; null while it is open
 * @param told who settled it, when and why, as far as it is known
 */
public record MergeRequest(
    String document,
    @Nullable RevisionId base,
    List<RevisionId> sides,
    State state,
    @Nullable RevisionId result,
    Optional<Provenance> told) {

  /** What became of it. */
  public enum State {
    /** Several live leaves. */
    OPEN,
    /** What fits was merged by itself, as the policy says. */
    MERGED_BY_POLICY,
    /** Somebody, who is named, merged it. */
    MERGED_BY_HAND,
    /** One side was kept, and the others were not merged. */
    CLOSED
  }

  public MergeRequest {
    sides = List.copyOf(sides);
    if (sides.isEmpty()) {
      throw new IllegalArgumentException("a merge request has sides: " + document);
    }
  }

  /**
   * Names it on every peer, also after it is settled: the document, and the base that its branches
   * left.
   */
  public String id() {
    return document + '@' + (base == null ? "" : base);
  }
}
