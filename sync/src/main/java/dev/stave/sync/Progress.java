package dev.stave.sync;

import dev.stave.sync.peer.PeerException;
import org.jspecify.annotations.Nullable;

/**
 * How far a replication is. A value: it does not follow what happens later.
 *
 * @param changes documents that were looked at, since they had changed at the source
 * @param missing revisions that the target lacked
 * @param read revisions that the source gave
 * @param written revisions that the target has taken
 * @param refused revisions that the target has refused: see {@link DeadLetters}
 * @param sequence of the source, up to which all is at the target or refused
 * @param checkpoint the last sequence that was written down
 * @param pending changes that the source says are left; -1 if it does not say
 * @param perSecond revisions that the target has taken a second, over the last ten seconds
 * @param lagMillis for how long it is not known that the target has all; 0 if it has
 * @param attempts failures in a row, 0 if all is well
 * @param nextAttemptMillis when it tries again, in milliseconds since 1970 UTC; 0 if it does not
 *     wait for that
 * @param error what the last failure was; null if there was none since the last success
 * @param errorKind what kind of failure that was, if it was a peer's; else null
 */
public record Progress(
    State state,
    long changes,
    long missing,
    long read,
    long written,
    long refused,
    String sequence,
    String checkpoint,
    long pending,
    double perSecond,
    long lagMillis,
    int attempts,
    long nextAttemptMillis,
    @Nullable String error,
    PeerException.@Nullable Kind errorKind) {

  /** What a replication is about. */
  public enum State {
    /** It has not begun. */
    NEW,
    /** It copies. */
    RUNNING,
    /** The target has all; it waits for changes. */
    IDLE,
    /** It waits to try again. */
    RETRYING,
    /** Somebody has paused it. */
    PAUSED,
    /** It has ended, and the target has all that is not refused. */
    DONE,
    /** Somebody has stopped it. */
    STOPPED,
    /** It has ended, since trying again would not help. */
    FAILED;

    boolean isInStep() {
      return this == NEW || this == IDLE || this == DONE;
    }

    /** Whether it will do nothing more. */
    public boolean isEnd() {
      return this == DONE || this == STOPPED || this == FAILED;
    }
  }
}
