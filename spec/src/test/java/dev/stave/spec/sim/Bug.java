package dev.stave.spec.sim;

import dev.stave.database.Database;
import dev.stave.review.ForkRequest;
import dev.stave.revision.RevisionId;
import dev.stave.sync.Departure;
import dev.stave.sync.RevisionStatus;
import dev.stave.sync.peer.ChangesPage;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.MissingRevisions;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.SentRevision;
import java.util.List;
import java.util.Map;

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

  /** What a peer that {@code asker} has reached says that it lacks. */
  Map<String, MissingRevisions> missing(Node asker, Map<String, MissingRevisions> said) {
    return said;
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

  /** What a replica says has departed. */
  List<Departure> departures(List<Departure> said) {
    return said;
  }

  /** Merges a fork. */
  ForkRequest.Merged merge(ForkRequest request) {
    return request.merge("ann", null);
  }

  void purge(Database database, Map<String, List<RevisionId>> leaves) {
    database.purge(leaves);
  }

  /** How many documents match, of so many. */
  int found(int count) {
    return count;
  }
}
