package dev.stave.sync;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.MissingRevisions;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What has left the scope by an edit here, which is not sent for that. Nothing is purged: that is
 * for who pulls, who knows what the peer has.
 */
final class PushedLeavers extends Leavers {

  PushedLeavers(Database replica, Peer peer, Scope scope, Departures departures, Workers workers) {
    super(replica, peer, scope, departures, workers);
  }

  @Override
  void begin(String checkpoint) {
    if (departures.isPulled()) {
      departures.scopes().add(peer.identity(), List.of(scope));
    }
  }

  /** What certainly was in scope here: the peer is not told of others. */
  @Override
  boolean concerns(String id) {
    Optional<Predicate<Document>> test = scope.test();
    return test.isPresent() && wasIn(id, test.get());
  }

  @Override
  boolean tellsEndOf(String id) {
    Optional<Predicate<Document>> test = scope.test();
    return test.isPresent() && mayHaveBeenIn(replica, id, test.get());
  }

  @Override
  void leave(Collection<String> documents) {
    Map<String, List<RevisionId>> here = leavesOf(documents);
    if (here.isEmpty()) {
      return;
    }
    Map<String, MissingRevisions> lacking = peer.missing(here);
    List<String> kept = new ArrayList<>(here.keySet());
    kept.retainAll(lacking.keySet()); // a peer may name what it was not asked for
    List<String> acknowledged = new ArrayList<>(here.keySet());
    acknowledged.removeAll(kept);
    if (!departures.isPulled()) { // else it is the pull that purges, and knows then
      settle(acknowledged);
    }
    keep(kept, false);
  }

  @Override
  void came(Collection<String> documents) {}
}
