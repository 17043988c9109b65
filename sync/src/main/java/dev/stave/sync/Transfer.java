package dev.stave.sync;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.ChangesPage;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.MissingRevisions;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerChange;
import dev.stave.sync.peer.Scope;
import dev.stave.sync.peer.SentRevision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The steps by which revisions get from a source to a target. Several threads may fetch batches
 * while another writes one that was fetched before.
 */
final class Transfer {

  private static final int CONFLICTS_AT_ONCE = 500;
  private static final int DISCARDED_AT_ONCE = 500;

  /** Of more documents than this it is not remembered one by one that they were written. */
  private static final int MOST_WRITTEN = 10_000;

  private final Peer source;
  private final Peer target;
  private final Scope scope;
  private final Workers workers;
  private final @Nullable DeadLetters letters;
  private final @Nullable Leavers leavers;
  private final @Nullable PulledConflicts conflicts;

  /** Documents of batches that are read and not written yet. */
  private final Set<String> underway = ConcurrentHashMap.newKeySet();

  /** Documents that were written, and may lack bases by that. */
  private final Set<String> withoutBases = ConcurrentHashMap.newKeySet();

  /** Whether any document may. */
  private volatile boolean mayAllLackBases = true;

  private volatile String leavingSince = Peer.BEGINNING;

  /** What was refused, the first of it. */
  private final List<GraftResult.Refused> firstRefused = new CopyOnWriteArrayList<>();

  final AtomicLong changes = new AtomicLong();
  final AtomicLong missing = new AtomicLong();
  final AtomicLong read = new AtomicLong();
  final AtomicLong written = new AtomicLong();
  final AtomicLong refused = new AtomicLong();
  final Tempo tempo;

  /**
   * @param leavers what has to know of what leaves the scope; null if nothing has
   * @param conflicts what merges those that came of what was written; null if nothing does
   */
  Transfer(
      Peer source,
      Peer target,
      Scope scope,
      Workers workers,
      @Nullable DeadLetters letters,
      @Nullable Leavers leavers,
      @Nullable PulledConflicts conflicts) {
    this.source = source;
    this.target = target;
    this.scope = scope;
    this.workers = workers;
    this.letters = letters;
    this.leavers = leavers;
    this.conflicts = conflicts;
    this.tempo = new Tempo(workers::millis);
  }

  /**
   * Nothing is under way. The target has nothing that left up to {@code leavingSince}.
   *
   * @param isWithoutConflicts whether the target has said that it has no conflict, so that it lacks
   *     no base but of what is written from now on
   */
  void begin(String of, boolean isWithoutConflicts) {
    leavingSince = of;
    mayAllLackBases &= !isWithoutConflicts;
    underway.clear();
  }

  /** Finds out what has changed next. */
  Batch look(String since, int limit) {
    ChangesPage page = source.changes(since, limit, scope, leavingSince);
    Map<String, List<RevisionId>> offered = new LinkedHashMap<>();
    Batch batch = new Batch(page.lastSequence(), page.hasMore(), page.pending(), offered);
    for (PeerChange change : page.changes()) {
      if (!change.isLeaving()) {
        offered.put(change.id(), change.leaves());
        batch.inScope.add(change.id());
      } else if (change.isDeleted()) {
        offered.put(change.id(), change.leaves());
        if (!underway.contains(change.id())) {
          batch.forOwners.add(change.id());
        }
      } else if (leavers != null
          && (underway.contains(change.id()) || leavers.concerns(change.id()))) {
        batch.left.add(change.id());
      }
      if (change.together() != 0) {
        batch.together.put(change.id(), change.together());
      }
    }
    underway.addAll(offered.keySet());
    changes.addAndGet(offered.size());
    return batch;
  }

  /** Reads what the target lacks of a batch, and makes it ready to be written. */
  void fetch(Batch batch) {
    readMissing(batch);
    batch.prepare(target);
  }

  /** Returns what the target lacks. */
  private Map<String, MissingRevisions> readMissing(Batch batch) {
    if (batch.offered.isEmpty()) {
      return Map.of();
    }
    Map<String, MissingRevisions> lacking = offered(batch.offered, target.missing(batch.offered));
    removeUnknown(batch.forOwners, lacking);
    Map<String, List<RevisionId>> wanted = new LinkedHashMap<>();
    lacking.forEach((id, of) -> wanted.put(id, of.revisions()));
    wanted.values().forEach(revisions -> missing.addAndGet(revisions.size()));
    if (wanted.isEmpty()) {
      return lacking;
    }
    source.read(
        wanted,
        new Peer.RevisionVisitor() {
          @Override
          public void take(SentRevision revision) {
            read.incrementAndGet();
            MissingRevisions of = lacking.get(revision.id());
            SentRevision next =
                revision
                    .withKnown(of == null ? List.of() : of.ancestors())
                    .withTogether(batch.together.getOrDefault(revision.id(), 0L));
            if (batch.isFullBefore(next)) {
              graft(batch.take()); // and the source waits meanwhile
            }
            batch.add(next);
          }

          @Override
          public void refuse(String id, RevisionId revision, String reason) {
            note(List.of(), List.of(new GraftResult.Refused(id, revision, reason)));
          }
        });
    return lacking;
  }

  /** Who never had a document does not hear of its end. */
  private void removeUnknown(List<String> ended, Map<String, MissingRevisions> lacking) {
    List<String> unknown = new ArrayList<>();
    for (String id : ended) {
      MissingRevisions of = lacking.get(id);
      if (of != null && of.ancestors().isEmpty() && !tellsEndOf(id)) {
        unknown.add(id);
      }
    }
    if (source instanceof LocalPeer local && !unknown.isEmpty()) {
      // Some peers name no ancestors, and others not those that have other children.
      Map<String, List<RevisionId>> all = new LinkedHashMap<>();
      for (String id : unknown) {
        List<RevisionId> revisions = new ArrayList<>();
        local.database().tree(id).revisions().forEach(each -> revisions.add(each.id()));
        all.put(id, revisions);
      }
      Map<String, MissingRevisions> none = target.missing(all);
      all.forEach(
          (id, revisions) -> {
            MissingRevisions of = none.get(id);
            if (of == null || of.revisions().size() < revisions.size()) {
              unknown.remove(id); // it has some of it
            }
          });
    }
    unknown.forEach(lacking::remove);
  }

  private boolean tellsEndOf(String id) {
    return leavers != null && leavers.tellsEndOf(id);
  }

  /** Of what a target asks for, what it was offered: it gets nothing that is out of scope. */
  private static Map<String, MissingRevisions> offered(
      Map<String, List<RevisionId>> offered, Map<String, MissingRevisions> asked) {
    Map<String, MissingRevisions> both = new LinkedHashMap<>();
    asked.forEach(
        (id, of) -> {
          List<RevisionId> known = offered.getOrDefault(id, List.of());
          List<RevisionId> revisions = new ArrayList<>(of.revisions());
          revisions.retainAll(known);
          if (!revisions.isEmpty()) {
            both.put(id, new MissingRevisions(revisions, of.ancestors()));
          }
        });
    return both;
  }

  void write(Batch batch) {
    Peer.PreparedGraft prepared = batch.prepared();
    if (prepared == null) {
      graft(batch.take());
    } else {
      note(batch.take(), prepared.write());
    }
    if (!mayAllLackBases) {
      withoutBases.addAll(batch.offered.keySet());
      mayAllLackBases = withoutBases.size() > MOST_WRITTEN;
    }
    if (leavers != null) {
      leavers.came(batch.inScope);
      leavers.leave(batch.left);
    }
    underway.removeAll(batch.offered.keySet());
  }

  private void graft(List<SentRevision> revisions) {
    if (!revisions.isEmpty()) {
      note(revisions, target.graft(revisions));
    }
  }

  private void note(List<SentRevision> sent, List<GraftResult> results) {
    if (letters != null) {
      letters.record(sent, results, workers.millis());
    }
    long taken = 0;
    for (GraftResult result : results) {
      if (result instanceof GraftResult.Taken) {
        written.incrementAndGet();
        taken++;
      } else if (result instanceof GraftResult.Refused why) {
        if (firstRefused.size() < Replication.MOST_REFUSED_TOLD) {
          firstRefused.add(why); // before it is counted: who sees the number sees it
        }
        refused.incrementAndGet();
      }
    }
    tempo.add(taken);
  }

  /** Sends what somebody wants to be sent again. */
  void sendDeadLetters() {
    if (letters == null) {
      return;
    }
    Map<String, List<RevisionId>> offered = new LinkedHashMap<>();
    List<DeadLetter> wanted = letters.toBeSent();
    for (DeadLetter letter : wanted) {
      offered.computeIfAbsent(letter.document(), id -> new ArrayList<>()).add(letter.revision());
    }
    Map<String, MissingRevisions> lacking = send(offered);
    for (DeadLetter letter : wanted) {
      MissingRevisions of = lacking.get(letter.document());
      if (of == null || !of.revisions().contains(letter.revision())) {
        letters.arrived(letter);
      }
    }
    List<DeadLetter> unsent = letters.toBeSent();
    unsent.retainAll(wanted); // not what somebody has asked for meanwhile
    unsent.forEach(gone -> letters.discard(gone, "the source has it no more"));
  }

  /** Sends these whatever the scope is, as far as the target lacks them. Returns what it lacked. */
  private Map<String, MissingRevisions> send(Map<String, List<RevisionId>> offered) {
    Batch batch = Batch.of(offered);
    Map<String, MissingRevisions> lacking = readMissing(batch);
    graft(batch.take());
    return lacking;
  }

  /** Has what somebody has given up at the target come as the source has it, if it is in scope. */
  void sendAnew(Departures departures) {
    String peer = source.identity();
    Map<String, JsonObject> wanted = departures.toComeAgain(peer);
    Scope narrowed = wanted.isEmpty() ? null : scope.narrowed(wanted.keySet()).orElse(null);
    if (narrowed != null) {
      String since = Peer.BEGINNING;
      ChangesPage page;
      do {
        page = source.changes(since, DISCARDED_AT_ONCE, narrowed, source.lastSequence());
        Map<String, List<RevisionId>> offered = new LinkedHashMap<>();
        for (PeerChange change : page.changes()) {
          if (!change.isLeaving()) {
            offered.put(change.id(), change.leaves());
          }
        }
        send(offered);
        if (leavers != null) {
          leavers.came(offered.keySet());
        }
        since = page.lastSequence();
      } while (page.hasMore());
    }
    departures.cameAgain(peer, wanted);
  }

  /** Sends what has left the scope, and somebody wants the target to have. */
  void sendDepartures(Departures departures) {
    if (!departures.isAnyToBeSent()) {
      return;
    }
    String peer = target.identity();
    List<Departure> wanted = departures.toBeSent(peer);
    if (!wanted.isEmpty()) {
      Map<String, List<RevisionId>> offered = new LinkedHashMap<>();
      wanted.forEach(each -> offered.put(each.document(), each.leaves()));
      send(offered);
      departures.sent(peer, wanted);
    }
  }

  /**
   * Gives what it takes to merge the conflicts that came of what was written. The first time it is
   * any conflict that the target has: those that came another way, and those of which the source
   * had no base before, of neither of which checkpoints tell. Then they are merged, if there is a
   * policy.
   */
  void giveBases() {
    if (mayAllLackBases) {
      giveAllBases();
      if (conflicts != null) {
        conflicts.mergeAll();
      }
      mayAllLackBases = false;
      withoutBases.clear();
    } else {
      List<String> written = List.copyOf(withoutBases);
      giveBases(written);
      if (conflicts != null) {
        conflicts.merge(written);
      }
      written.forEach(withoutBases::remove);
    }
  }

  private void giveAllBases() {
    String after = "";
    List<String> some = target.conflicts(after, CONFLICTS_AT_ONCE);
    while (!some.isEmpty()) {
      giveBases(inScope(some));
      after = some.get(some.size() - 1);
      some = target.conflicts(after, CONFLICTS_AT_ONCE);
    }
  }

  /** As the side of this process sees it. Of a filter function nothing is known: none. */
  private List<String> inScope(List<String> documents) {
    if (scope.isAll()) {
      return documents;
    }
    Peer here = source instanceof LocalPeer ? source : target;
    Optional<Predicate<Document>> test = scope.test();
    return here instanceof LocalPeer local && test.isPresent()
        ? documents.stream()
            .filter(id -> local.database().get(id).filter(test.get()).isPresent())
            .collect(Collectors.toList())
        : List.of();
  }

  private void giveBases(Collection<String> documents) {
    Map<String, List<RevisionId>> bases =
        documents.isEmpty() ? Map.of() : target.missingBases(documents);
    if (bases.isEmpty()) {
      return;
    }
    Batch found = Batch.of(bases);
    source.read(
        bases,
        new Peer.RevisionVisitor() {
          @Override
          public void take(SentRevision revision) {
            if (found.isFullBefore(revision)) {
              target.giveBases(found.take());
            }
            found.add(revision);
          }

          @Override
          public void refuse(String id, RevisionId revision, String reason) {
            // then it is merged without
          }
        });
    target.giveBases(found.take());
  }

  /** All that {@code target} has now came in files. */
  void seeded(Database begun) {
    long documents = begun.count() + begun.deletedCount();
    for (AtomicLong each : List.of(changes, missing, read, written)) {
      each.addAndGet(documents);
    }
  }

  List<GraftResult.Refused> firstRefused() {
    return List.copyOf(firstRefused);
  }

  Checkpoints.Counts counts() {
    return new Checkpoints.Counts(
        changes.get(), missing.get(), read.get(), written.get(), refused.get());
  }
}
