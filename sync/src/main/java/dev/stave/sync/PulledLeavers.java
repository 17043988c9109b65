package dev.stave.sync;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.MissingRevisions;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What has left the scope at the peer. It is purged here once the peer says that it has all of it,
 * in a commit that asks for nothing else of the document: an edit that comes in between stays.
 */
final class PulledLeavers extends Leavers {

  private static final int CHANGES_AT_ONCE = 500;

  PulledLeavers(Database replica, Peer peer, Scope scope, Departures departures, Workers workers) {
    super(replica, peer, scope, departures, workers);
  }

  /**
   * Lets go of what other scopes held. A checkpoint of an earlier time, before another scope had
   * things purged, tells of what is here no more: it goes too. The scope is remembered before
   * anything is purged for it, so that this is known even if it does not come to an end.
   */
  @Override
  void begin(String checkpoint) {
    Set<Scope> held = departures.scopes().add(peer.identity(), List.of(scope));
    held.remove(scope);
    if (!held.isEmpty()) {
      replica.putLocal(checkpoint, null);
      held.forEach(this::leaveThatOf);
    }
    departures.scopes().replace(peer.identity(), held, scope);
  }

  /** A filter function says nothing here: the peer does, when a document changes. */
  private void leaveThatOf(Scope before) {
    Optional<Predicate<Document>> now = scope.test();
    if (!now.isPresent()) {
      return;
    }
    Predicate<Document> was = before.test().orElse(document -> true);
    long at = 0;
    List<Change> changes;
    do {
      changes = replica.changes(at, CHANGES_AT_ONCE);
      List<String> left = new ArrayList<>();
      for (Change change : changes) {
        at = change.sequence();
        lastLife(change.id(), change.revision())
            .filter(document -> !now.get().test(document) && wasIn(change.id(), was))
            .ifPresent(document -> left.add(change.id()));
      }
      leave(left);
    } while (changes.size() == CHANGES_AT_ONCE);
  }

  @Override
  boolean concerns(String id) {
    return isHere(id);
  }

  @Override
  boolean tellsEndOf(String id) {
    return false;
  }

  @Override
  void leave(Collection<String> documents) {
    Collection<String> left = documents;
    while (!left.isEmpty()) {
      left = purgeOrKeep(left);
    }
  }

  /** Returns those that somebody has edited before they were purged: they have to be asked for. */
  private List<String> purgeOrKeep(Collection<String> documents) {
    Map<String, List<RevisionId>> here = leavesOf(documents);
    if (here.isEmpty()) {
      return List.of();
    }
    String instance = peer.instance();
    Map<String, MissingRevisions> lacking = peer.missing(here);
    WriteBatch purge = new WriteBatch();
    List<String> purged = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    here.forEach(
        (id, leaves) -> {
          if (lacking.containsKey(id)) {
            kept.add(id);
          } else {
            purge.purge(id, leaves);
            purged.add(id);
          }
        });
    if (!purged.isEmpty()) {
      requireDurable(instance);
    }
    settle(purged, purge);
    keep(kept, departures.isPushed());
    purged.removeIf(id -> !isHere(id));
    return purged;
  }

  /** What goes here has to survive there. */
  private void requireDurable(String instance) {
    peer.commit();
    if (!peer.instance().equals(instance)) {
      throw new PeerException(
          PeerException.Kind.BUSY, null, "the peer was started anew, and may have lost something");
    }
  }

  /** Those that are here too had not left, or are back. */
  @Override
  void came(Collection<String> documents) {
    List<String> open = departures.documents(peer.identity());
    open.retainAll(new HashSet<>(documents));
    scope.test().ifPresent(test -> open.removeIf(id -> !replica.get(id).filter(test).isPresent()));
    settle(open);
  }
}
