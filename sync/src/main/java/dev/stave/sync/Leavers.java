package dev.stave.sync;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.MissingRevisions;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one direction of a replica does with documents that have left its scope. What the peer lacks
 * something of becomes one of the {@link Departures}, and stays.
 */
abstract class Leavers {

  private static final MissingRevisions NOTHING = new MissingRevisions(List.of(), List.of());

  final Database replica;
  final Peer peer;
  final Scope scope;
  final Departures departures;
  private final Workers workers;

  Leavers(Database replica, Peer peer, Scope scope, Departures departures, Workers workers) {
    this.replica = replica;
    this.peer = peer;
    this.scope = scope;
    this.departures = departures;
    this.workers = workers;
  }

  /** Those of a replication; null if neither of the two is a replica here of what it copies. */
  static @Nullable Leavers of(
      Peer source, Peer target, ReplicationOptions options, Departures of, Workers workers) {
    Scope scope = options.scope();
    if (options.purging()) {
      return target instanceof LocalPeer replica
          ? new PulledLeavers(replica.database(), source, scope, of, workers)
          : null;
    }
    return source instanceof LocalPeer replica
        ? new PushedLeavers(replica.database(), target, scope, of, workers)
        : null;
  }

  /**
   * After which sequence of the source it is to be told what leaves. Where nothing is yet, nothing
   * can leave that left before: it would be most of what is told.
   */
  static String toldSince(String begin, Peer source, Peer target, Scope scope) {
    boolean isFirst =
        begin.equals(Peer.BEGINNING)
            && target instanceof LocalPeer replica
            && replica.database().count() + replica.database().deletedCount() == 0;
    boolean isById = scope.isAll() || scope.ids() != null;
    return isFirst && !isById ? source.lastSequence() : Peer.BEGINNING;
  }

  /**
   * Takes note of the scope, before anything is copied.
   *
   * @param checkpoint the local document that says how far this replication is
   */
  abstract void begin(String checkpoint);

  /** Whether a document that the source says has left is one for {@link #leave}. */
  abstract boolean concerns(String id);

  /**
   * Whether the target is to hear of the end of a document of which it has nothing: of what was in
   * scope here somebody waits to be told that it has arrived.
   */
  abstract boolean tellsEndOf(String id);

  /** These documents are not in scope any more. */
  abstract void leave(Collection<String> documents);

  /** These documents are in scope at the source. */
  abstract void came(Collection<String> documents);

  /** Looks again at what is open: somebody may have brought it to the peer. */
  void review() {
    List<String> open = departures.documents(peer.identity());
    List<String> gone = new ArrayList<>(open);
    gone.removeIf(this::isHere);
    settle(gone);
    open.removeAll(gone);
    leave(open);
    departures.recount(); // an edit may have changed it, or somebody else
  }

  final boolean isHere(String id) {
    return !replica.tree(id).leaves().isEmpty();
  }

  final boolean wasIn(String id, Predicate<Document> test) {
    return wasIn(replica, id, test);
  }

  /** Whether a document is or was in scope, by any body that is kept. */
  static boolean wasIn(Database database, String id, Predicate<Document> test) {
    return database.tree(id).revisions().stream()
        .anyMatch(each -> database.get(id, each.id()).filter(test).isPresent());
  }

  /**
   * As {@link #wasIn}; where no body of an ancestor is kept, what cannot be known counts as well,
   * as it does for who tells of changes.
   */
  static boolean mayHaveBeenIn(Database database, String id, Predicate<Document> test) {
    boolean isKnown = database.retention().bodies() > 0;
    return database.tree(id).revisions().stream()
        .map(each -> database.get(id, each.id()))
        .anyMatch(found -> found.isPresent() ? test.test(found.get()) : !isKnown);
  }

  /** The document, or if it is deleted what it was before, as far as that is kept. */
  final Optional<Document> lastLife(String id, RevisionId revision) {
    Optional<Document> life =
        replica.tree(id).path(revision).stream()
            .filter(each -> !each.deleted())
            .map(each -> replica.get(id, each.id()))
            .filter(Optional::isPresent)
            .map(Optional::get)
            .findFirst();
    return life.isPresent() ? life : replica.get(id, revision);
  }

  /** The leaves of those of {@code documents} that are here, and that no other peer holds here. */
  final Map<String, List<RevisionId>> leavesOf(Collection<String> documents) {
    Map<String, List<RevisionId>> here = new LinkedHashMap<>();
    if (documents.isEmpty()) {
      return here;
    }
    List<Predicate<Document>> others = departures.scopes().ofOthers(peer.identity());
    Set<String> departed = departures.documentsOfOthers(peer.identity());
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
    return here;
  }

  /**
   * Makes departures of documents that the peer lacks leaves of.
   *
   * @param wasToBeSent whether also of what was never the peer's
   */
  final void keep(Collection<String> documents, boolean wasToBeSent) {
    Map<String, List<RevisionId>> offered = new LinkedHashMap<>();
    documents.forEach(id -> offered.put(id, ids(replica.tree(id).revisions())));
    Map<String, MissingRevisions> lacking = offered.isEmpty() ? Map.of() : peer.missing(offered);
    offered.forEach(
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
          if (base.isPresent() || wasToBeSent) {
            leaves.removeAll(lacks);
            Instant now = Instant.ofEpochMilli(workers.millis());
            departures.add(peer.identity(), id, base.orElse(null), leaves, now);
          }
        });
  }

  private static List<RevisionId> ids(Collection<Revision> revisions) {
    return revisions.stream().map(Revision::id).collect(Collectors.toList());
  }

  /** The departures of these documents are over. */
  final void settle(Collection<String> documents) {
    settle(documents, new WriteBatch());
  }

  /** As {@link #settle(Collection)}, in one commit with {@code more}. */
  final void settle(Collection<String> documents, WriteBatch more) {
    departures.settle(peer.identity(), documents, more);
  }
}
