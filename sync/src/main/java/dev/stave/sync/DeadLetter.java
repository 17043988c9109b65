package dev.stave.sync;

import dev.stave.revision.RevisionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A revision that a peer refuses to take.
 *
 * @param replication the id of the replication that it is of, which its checkpoints have too
 * @param peer who refuses it, as people call it; never with a password in it
 * @param reason in the words of the peer
 * @param attempts how often it was sent
 * @param first when it was refused for the first time
 * @param last when it was refused for the last time
 * @param state what is to become of it
 * @param discarded why somebody gave it up; null if nobody did
 */
public record DeadLetter(
    String replication,
    String peer,
    String document,
    RevisionId revision,
    String reason,
    int attempts,
    Instant first,
    Instant last,
    State state,
    @Nullable String discarded) {

  DeadLetter in(State next, @Nullable String why) {
    return new DeadLetter(
        replication, peer, document, revision, reason, attempts, first, last, next, why);
  }

  /** What is to become of a dead letter. */
  public enum State {
    /** It waits for somebody. */
    OPEN,
    /** It is sent again by the next run. */
    TO_BE_SENT,
    /** It was given up, and is not sent any more. */
    DISCARDED
  }
}
