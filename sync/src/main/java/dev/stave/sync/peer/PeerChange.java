package dev.stave.sync.peer;

import dev.stave.revision.RevisionId;
import java.util.List;

/**
 * A document that changed.
 *
 * @param leaves its newest revisions, all of them, the deleted ones too
 * @param isDeleted whether its winner deletes it
 * @param isLeaving whether it is out of scope by now, and may have been in it: for those only who
 *     have it
 * @param together a number that changes of one transaction have in common; 0 if it is by itself, or
 *     the peer does not say
 */
public record PeerChange(
    String id, List<RevisionId> leaves, boolean isDeleted, boolean isLeaving, long together) {

  /** One that is by itself. */
  public PeerChange(String id, List<RevisionId> leaves, boolean isDeleted, boolean isLeaving) {
    this(id, leaves, isDeleted, isLeaving, 0);
  }

  public PeerChange {
    leaves = List.copyOf(leaves);
  }
}
