package dev.stave.sync;

import dev.stave.review.MergeRequest;
import dev.stave.revision.RevisionId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A document of a replica that has left its scope with edits which the peer has not acknowledged. A
 * value: it does not follow what is written later.
 *
 * @param request the edits as an open merge request: its base is the newest revision that the peer
 *     has of them, its sides are the branches that the peer lacks; of a deletion, the tombstone
 * @param leaves all that the document ends in here
 * @param since when it was found
 * @param state what is to become of it
 * @param discarded why somebody gave it up; null if nobody did
 */
public record Departure(
    MergeRequest request,
    List<RevisionId> leaves,
    Instant since,
    State state,
    @Nullable String discarded) {

  /** What is to become of a departure. */
  public enum State {
    /** It waits for somebody. */
    OPEN,
    /** It is sent by the next push, and purged when the peer has it. */
    TO_BE_SENT,
    /** It was given up, and purged. */
    DISCARDED
  }

  public Departure {
    leaves = List.copyOf(leaves);
  }

  /** The id of the document. */
  public String document() {
    return request.document();
  }
}
