package dev.stave.sync.peer;

import dev.stave.revision.RevisionId;
import java.util.List;

/**
 * A document that changed.
 *
 * @param leaves its newest revisions, all of them, the deleted ones too
 * @param isLeaving whether it is out of scope by now: for those only who have it
 */
public record PeerChange(String id, List<RevisionId> leaves, boolean isLeaving) {

  public PeerChange {
    leaves = List.copyOf(leaves);
  }
}
