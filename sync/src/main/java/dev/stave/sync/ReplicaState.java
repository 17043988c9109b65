package dev.stave.sync;

import java.util.Optional;

/**
 * How a replica is. A value: it does not follow what happens later.
 *
 * @param push how far the peer has got what is here; empty if it is not to get it
 * @param pull how far we have got what the peer has; empty if we are not to get it
 * @param departures how many documents have left the scope with edits that the peer lacks, and wait
 *     for somebody: see {@link Departures}
 */
public record ReplicaState(Optional<Progress> push, Optional<Progress> pull, int departures) {

  /** Whether both sides have all that they are to have, as far as is known. */
  public boolean isInStep() {
    return isIdle(push) && isIdle(pull);
  }

  private static boolean isIdle(Optional<Progress> progress) {
    return progress.map(each -> each.state() == Progress.State.IDLE).orElse(true);
  }
}
