package dev.stave.sync.peer;

import java.util.List;

/**
 * Changes in the order of a source.
 *
 * @param lastSequence goes on behind these, and behind what was looked at and is out of scope
 * @param hasMore whether there is more at once
 * @param pending how many changes are left behind these; -1 if the source does not say
 */
public record ChangesPage(
    List<PeerChange> changes, String lastSequence, boolean hasMore, long pending) {

  /** So many changes more than asked for may come, so that a transaction is not cut apart. */
  public static final int MAX_MORE_TOGETHER = 10_000;

  public ChangesPage {
    changes = List.copyOf(changes);
  }
}
