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
 */
public record PeerChange(String id, List<RevisionId> leaves, boolean isDeleted, boolean isLeaving) {

  public PeerChange {
    leaves = List.copyOf(leaves);
  }
}
