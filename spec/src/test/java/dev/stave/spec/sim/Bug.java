package dev.stave.spec.sim;

import dev.stave.database.Database;
import dev.stave.sync.RevisionStatus;
import dev.stave.sync.peer.ChangesPage;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.SentRevision;
import java.util.List;

/** What is wrong on purpose, to see that it is found. As it is here, nothing is. */
class Bug {

  static final Bug NONE = new Bug();

  /** Grafts at a peer that was reached. */
  List<GraftResult> graft(Peer peer, List<SentRevision> revisions) {
    return peer.graft(revisions);
  }

  /** What a peer that was reached says of its changes. */
  ChangesPage changes(ChangesPage page) {
    return page;
  }

  /** What a replica says. */
  RevisionStatus status(RevisionStatus said) {
    return said;
  }

  /** Has a machine's database to itself between two steps. */
  void between(Database database) {}

  /** Whether anybody looks before the end. */
  boolean looksMeanwhile() {
    return true;
  }

  /** How many documents match, of so many. */
  int found(int count) {
    return count;
  }
}
