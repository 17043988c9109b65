package dev.stave.sync;

import dev.stave.database.IncomingSeed;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.ChangesPage;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.Greeting;
import dev.stave.sync.peer.MissingRevisions;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.PeerException.Kind;
import dev.stave.sync.peer.Scope;
import dev.stave.sync.peer.SeedOffer;
import dev.stave.sync.peer.SentRevision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A peer behind a bad line: calls fail before they are made, or are made and never answered. */
final class FaultyPeer implements Peer {

  private final Peer peer;
  private final BooleanSupplier fails;
  Predicate<SentRevision> refuses = revision -> false;
  PeerException failure = new PeerException(Kind.UNREACHABLE, null, "the line is down");
  Map<String, MissingRevisions> wishes = Map.of();
  String instance = "";
  Runnable afterGraft = () -> {};
  Runnable onLine = () -> {};
  int calls;

  FaultyPeer(Peer peer, BooleanSupplier fails) {
    this.peer = peer;
    this.fails = fails;
  }

  private void line() {
    calls++;
    onLine.run();
    if (fails.getAsBoolean()) {
      throw failure;
    }
  }

  private interface Call<T> {
    T go();
  }

  private <T> T over(Call<T> call) {
    line();
    T answer = call.go();
    line(); // what was done is done
    return answer;
  }

  @Override
  public String name() {
    return peer.name();
  }

  @Override
  public String identity() {
    return over(peer::identity);
  }

  @Override
  public String instance() {
    return over(() -> instance.isEmpty() ? peer.instance() : instance);
  }

  @Override
  public Greeting greet(String checkpoint) {
    return over(
        () -> {
          boolean hasConflicts = !peer.conflicts("", 1).isEmpty();
          Optional<JsonObject> known = peer.getLocal(checkpoint);
          return new Greeting(
              instance.isEmpty() ? peer.instance() : instance,
              Optional.of(new Greeting.State(known, peer.lastSequence(), hasConflicts)));
        });
  }

  @Override
  public String lastSequence() {
    return over(peer::lastSequence);
  }

  @Override
  public Optional<SeedOffer> seed() {
    return over(peer::seed);
  }

  @Override
  public void readSeed(String id, IncomingSeed.Piece piece, byte[] bytes) {
    line();
    peer.readSeed(id, piece, bytes);
    line();
  }

  @Override
  public ChangesPage changes(String since, int limit, Scope scope, String leavingSince) {
    return over(() -> peer.changes(since, limit, scope, leavingSince));
  }

  @Override
  public Waiting whenChanged(String since, Scope scope, ChangeListener listener) {
    line();
    return peer.whenChanged(since, scope, listener);
  }

  @Override
  public Map<String, MissingRevisions> missing(Map<String, List<RevisionId>> offered) {
    return over(
        () -> {
          Map<String, MissingRevisions> missing = new LinkedHashMap<>(peer.missing(offered));
          missing.putAll(wishes);
          return missing;
        });
  }

  @Override
  public void read(Map<String, List<RevisionId>> wanted, RevisionVisitor visitor) {
    line();
    peer.read(
        wanted,
        new RevisionVisitor() {
          @Override
          public void take(SentRevision revision) {
            line();
            visitor.take(revision);
          }

          @Override
          public void refuse(String id, RevisionId revision, String reason) {
            visitor.refuse(id, revision, reason);
          }
        });
  }

  @Override
  public List<GraftResult> graft(List<SentRevision> revisions) {
    return over(
        () -> {
          List<SentRevision> wanted = new ArrayList<>(revisions);
          wanted.removeIf(refuses);
          Iterator<GraftResult> written = peer.graft(wanted).iterator();
          List<GraftResult> results = new ArrayList<>();
          for (SentRevision each : revisions) {
            results.add(
                refuses.test(each)
                    ? new GraftResult.Refused(each.id(), each.revision(), "not here")
                    : written.next());
          }
          afterGraft.run();
          return results;
        });
  }

  @Override
  public Map<String, List<RevisionId>> missingBases(Collection<String> documents) {
    return over(() -> peer.missingBases(documents));
  }

  @Override
  public List<String> conflicts(String after, int limit) {
    return over(() -> peer.conflicts(after, limit));
  }

  @Override
  public void giveBases(List<SentRevision> bases) {
    line();
    peer.giveBases(bases);
    line();
  }

  @Override
  public Optional<JsonObject> getLocal(String id) {
    return over(() -> peer.getLocal(id));
  }

  @Override
  public void putLocal(String id, JsonObject body) {
    line();
    peer.putLocal(id, body);
    line();
  }

  @Override
  public void commit() {
    line();
  }

  @Override
  public void close() {}
}
