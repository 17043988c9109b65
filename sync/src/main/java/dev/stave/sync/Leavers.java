package dev.stave.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.sync.peer.MissingRevisions;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What leaves the scope of a replica. It is purged there once the peer says that it has all of it,
 * in the commit that asked nothing else of the document: an edit that comes in between stays. What
 * the peer lacks something of becomes one of the {@link Departures}.
 *
 * <p>The replica remembers of each peer the scopes that it holds documents for: so it knows after a
 * restart what is to go, and leaves alone what another peer's scope holds.
 */
final class Leavers {

  private static final int CHANGES_AT_ONCE = 500;

  /** The server keeps ids that begin so to itself. */
  private static final String SCOPES = "stave.scope.";

  private final Database replica;
  private final Peer peer;
  private final Scope scope;
  private final Departures departures;
  private final Workers workers;
  private final boolean purges;

  /**
   * @param purges whether it is what comes from the peer: what goes there is never purged here
   */
  Leavers(
      Database replica,
      Peer peer,
      Scope scope,
      Departures departures,
      Workers workers,
      boolean purges) {
    this.purges = purges;
    this.replica = replica;
    this.peer = peer;
    this.scope = scope;
    this.departures = departures;
    this.workers = workers;
  }

  boolean isHere(String id) {
    return !replica.tree(id).leaves().isEmpty();
  }

  /**
   * Whether a document is one for {@link #leave}. Of what goes to the peer it is what certainly was
   * in scope here: it is not told of others.
   */
  boolean concerns(String id) {
    if (purges) {
      return isHere(id);
    }
    Optional<Predicate<Document>> test = scope.test();
    return test.isPresent() && wasIn(id, test.get());
  }

  /** By any body that is kept. */
  private boolean wasIn(String id, Predicate<Document> test) {
    return replica.tree(id).revisions().stream()
        .anyMatch(each -> replica.get(id, each.id()).filter(test).isPresent());
  }

  /**
   * Takes note of the scope, and of what comes from the peer lets go of what other scopes held.
   *
   * @param checkpoint of the replication with this scope: one of an earlier time, before another
   *     scope had things purged, tells of what is here no more
   */
  void begin(String checkpoint) {
    if (!departures.isPulled()) {
      return;
    }
    Set<Scope> held = remember(purges ? List.of() : List.of(scope));
    if (purges) {
      held.remove(scope);
      if (!held.isEmpty()) {
        replica.putLocal(checkpoint, null);
        held.forEach(this::leaveThatOf);
      }
      forget(held);
    }
  }

  /** Adds to the scopes that something here is of. Returns all. */
  private Set<Scope> remember(Collection<Scope> more) {
    synchronized (departures) {
      Set<Scope> all = replica.getLocal(name()).map(Leavers::scopes).orElseGet(LinkedHashSet::new);
      if (all.addAll(more)) {
        write(all);
      }
      return all;
    }
  }

  private void forget(Set<Scope> scopes) {
    synchronized (departures) {
      Set<Scope> all = remember(List.of());
      if (all.removeAll(scopes) | all.add(scope)) {
        write(all);
      }
    }
  }

  private String name() {
    return SCOPES + Hashes.of(peer.identity());
  }

  private void write(Set<Scope> scopes) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode all = json.put("peer", peer.identity()).putArray("scopes");
    scopes.forEach(each -> all.add(each.toJson()));
    replica.putLocal(name(), JsonObject.of(json));
  }

  private static Set<Scope> scopes(JsonObject remembered) {
    Set<Scope> scopes = new LinkedHashSet<>();
    remembered.sharedTree().path("scopes").forEach(each -> scopes.add(Scope.of(each)));
    return scopes;
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

  /** The document, or if it is deleted what it was before, as far as that is kept. */
  private Optional<Document> lastLife(String id, RevisionId revision) {
    Optional<Document> life =
        replica.tree(id).path(revision).stream()
            .filter(each -> !each.deleted())
            .map(each -> replica.get(id, each.id()))
            .filter(Optional::isPresent)
            .map(Optional::get)
            .findFirst();
    return life.isPresent() ? life : replica.get(id, revision);
  }

  /** These documents are not in scope any more. */
  void leave(Collection<String> documents) {
    Map<String, List<RevisionId>> here = new LinkedHashMap<>();
    List<Predicate<Document>> others = documents.isEmpty() ? List.of() : scopesOfOthers();
    Set<String> departed =
        documents.isEmpty() ? Set.of() : departures.documentsOfOthers(peer.identity());
    for (String id : documents) {
      RevisionTree tree = replica.tree(id);
      boolean isHeld =
          departed.contains(id)
              || tree.winner()
                  .flatMap(winner -> lastLife(id, winner.id()))
                  .filter(d -> others.stream().anyMatch(o -> o.test(d)))
                  .isPresent();
      List<RevisionId> leaves = ids(tree.leaves());
      if (!isHeld && !leaves.isEmpty()) {
        here.put(id, leaves);
      }
    }
    if (here.isEmpty()) {
      return;
    }
    String instance = purges ? peer.instance() : "";
    Map<String, MissingRevisions> lacking = peer.missing(here);
    WriteBatch gone = new WriteBatch();
    Map<String, List<RevisionId>> kept = new LinkedHashMap<>();
    here.forEach(
        (id, leaves) -> {
          if (!lacking.containsKey(id)) {
            if (purges) {
              gone.purge(id, leaves);
            }
          } else {
            kept.put(id, ids(replica.tree(id).revisions()));
          }
        });
    if (purges && !kept.keySet().containsAll(here.keySet())) {
      requireDurable(instance);
    }
    if (purges || !departures.isPulled()) { // else it is the pull that purges, and knows then
      List<String> acknowledged = new ArrayList<>(here.keySet());
      acknowledged.removeAll(kept.keySet());
      departures.remove(peer.identity(), acknowledged, gone);
      write(gone);
    }
    if (!kept.isEmpty()) {
      keep(kept, peer.missing(kept));
    }
  }

  /** What goes here has to survive there. */
  private void requireDurable(String instance) {
    peer.commit();
    if (!peer.instance().equals(instance)) {
      throw new PeerException(
          PeerException.Kind.BUSY, null, "the peer was started anew, and may have lost something");
    }
  }

  private void keep(Map<String, List<RevisionId>> kept, Map<String, MissingRevisions> lacking) {
    kept.forEach(
        (id, revisions) -> {
          Set<RevisionId> lacks = Set.copyOf(lacking.getOrDefault(id, NOTHING).revisions());
          RevisionTree tree = replica.tree(id);
          List<RevisionId> leaves = ids(tree.leaves());
          Optional<RevisionId> base =
              leaves.stream()
                  .filter(lacks::contains)
                  .flatMap(leaf -> tree.path(leaf).stream())
                  .map(Revision::id)
                  .filter(each -> revisions.contains(each) && !lacks.contains(each))
                  .findFirst();
          boolean wasToBeSent = purges && departures.isPushed();
          if (base.isPresent() || wasToBeSent) { // else it never was the peer's
            leaves.removeAll(lacks);
            Instant now = Instant.ofEpochMilli(workers.millis());
            departures.add(peer.identity(), id, base.orElse(null), leaves, now);
          }
        });
  }

  private static final MissingRevisions NOTHING = new MissingRevisions(List.of(), List.of());

  private static List<RevisionId> ids(Collection<Revision> revisions) {
    return revisions.stream().map(Revision::id).collect(Collectors.toList());
  }

  /** What the database holds for other peers. Of a filter function nothing is known: all of it. */
  private List<Predicate<Document>> scopesOfOthers() {
    List<Predicate<Document>> others = new ArrayList<>();
    replica.forEachLocal(
        new IdRange(SCOPES, SCOPES + Character.MAX_VALUE, false),
        (id, remembered) -> {
          if (!remembered.sharedTree().path("peer").asText().equals(peer.identity())) {
            scopes(remembered).forEach(each -> others.add(each.test().orElse(document -> true)));
          }
          return true;
        });
    return others;
  }

  static void forgetAll(Database replica) {
    WriteBatch batch = new WriteBatch();
    replica.forEachLocal(
        new IdRange(SCOPES, SCOPES + Character.MAX_VALUE, false),
        (id, remembered) -> batch.putLocal(id, null).size() > 0);
    if (batch.size() > 0) {
      replica.write(batch);
    }
  }

  /**
   * These documents are in scope at the peer: those that are here too had not left, or are back.
   */
  void came(Collection<String> documents) {
    if (!purges) {
      return;
    }
    List<String> open = departures.documents(peer.identity());
    open.retainAll(new HashSet<>(documents));
    scope.test().ifPresent(test -> open.removeIf(id -> !replica.get(id).filter(test).isPresent()));
    settle(open);
  }

  private void settle(List<String> open) {
    WriteBatch back = new WriteBatch();
    departures.remove(peer.identity(), open, back);
    write(back);
  }

  private void write(WriteBatch batch) {
    if (batch.size() > 0) {
      replica.write(batch);
      departures.changed();
    }
  }

  /** Looks again at what could not be purged: somebody may have brought it to the peer. */
  void review() {
    List<String> open = departures.documents(peer.identity());
    List<String> gone = new ArrayList<>(open);
    gone.removeIf(this::isHere);
    settle(gone);
    open.removeAll(gone);
    leave(open);
  }
}
