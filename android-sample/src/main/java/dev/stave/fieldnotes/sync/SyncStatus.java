package dev.stave.fieldnotes.sync;

import org.jspecify.annotations.Nullable;

/**
 * How far the notes of this device are on their way. A value: it does not follow what happens.
 *
 * @param done notes that were sent or fetched since it began
 * @param left notes that are still to be sent or fetched; -1 if nobody knows
 * @param waiting notes that were changed here, and that the server is not known to have
 * @param outside notes that were changed here and are not sent, since they are outside what is
 *     shared
 * @param refused notes that the server does not take, or this device: see {@link Troubles}
 * @param departed notes that have left what is shared with changes that the server lacks
 * @param toSettle notes that somebody has to settle
 * @param reason of the last failure, in the words of whoever failed; null if there is none
 */
public record SyncStatus(
    State state,
    long done,
    long left,
    int waiting,
    int outside,
    int refused,
    int departed,
    int toSettle,
    @Nullable String reason) {

  /** What it is about. */
  public enum State {
    /** There is no server, and none is needed. */
    ALONE,
    OFFLINE,
    SYNCING,
    /** The server did not answer; it is tried again by itself. */
    WAITING,
    IN_STEP,
    /** The server does not let us in: somebody has to look at the settings. */
    REFUSED,
    /** The password cannot be read any more: somebody has to enter it again. */
    PASSWORD_LOST,
    /**
     * It has ended for another reason, which is not known to pass. It is tried again when a screen
     * is opened, or by the next job.
     */
    STOPPED,
    /** The notes on this device cannot be read: nothing else is known. */
    UNREADABLE
  }

  /** Of notes that cannot be read. */
  public static SyncStatus unreadable(RuntimeException why) {
    return new SyncStatus(State.UNREADABLE, 0, -1, 0, 0, 0, 0, 0, String.valueOf(why.getMessage()));
  }
}
