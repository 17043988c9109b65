package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.Scope;
import dev.stave.sync.peer.SentRevision;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two sides run the same replication, one as its push and one as its pull, and share a checkpoint.
 * What one of them was refused looked acknowledged at the other.
 */
class SharedCheckpointTest {

  private static final JsonObject BODY = JsonObject.parse("{}");

  private final Database source = Database.inMemory();
  private final Database target = Database.inMemory();
  private final FakeWorkers workers = new FakeWorkers(1);
  private final LocalPeer picky = LocalPeer.of(target, "a target that refuses some", new Picky());
  private Predicate<String> refuses = "bad"::equals;

  /** Refuses documents by their ids. */
  private final class Picky implements LocalPeer.Rules {
    @Override
    public Predicate<Change> filter(Scope scope) {
      throw new IllegalArgumentException("there are none");
    }

    @Override
    public Function<SentRevision, Optional<String>> checks() {
      return sent -> refuses.test(sent.id()) ? Optional.of("bad") : Optional.empty();
    }
  }

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  private Replication run(Peer from, Peer to) {
    Database home = Replication.home(from, to);
    Replication run = new Replication(from, to, ReplicationOptions.DEFAULT, workers, home);
    run.start();
    workers.runReady();
    return run;
  }

  private Replication push() {
    return run(LocalPeer.of(source), new FaultyPeer(picky, () -> false));
  }

  private Replication pull() {
    return run(new FaultyPeer(LocalPeer.of(source), () -> false), picky);
  }

  @Test
  void push_pullOfTheTargetWasRefused_isRefusedItself() {
    source.put("good", BODY);
    RevisionId refused = source.put("bad", BODY);
    pull();

    Replica replica =
        Replica.of(source)
            .with(new FaultyPeer(picky, () -> false))
            .push()
            .run(workers, ReplicationOptions.DEFAULT)
            .start();
    workers.runReady();

    assertThat(replica.status("bad", refused)).isInstanceOf(RevisionStatus.Refused.class);
  }

  @Test
  void push_pullOfTheTargetWasRefused_isLocalWithoutANetwork() {
    RevisionId refused = source.put("bad", BODY);
    assertThat(push().deadLetters()).isPresent(); // they have met
    RevisionId later = source.put("worse", BODY);
    refuses = id -> true;
    pull();

    Replica replica =
        Replica.of(source)
            .with(new FaultyPeer(picky, () -> true))
            .push()
            .run(workers, ReplicationOptions.DEFAULT)
            .start();
    workers.runReady();

    assertThat(replica.status("bad", refused)).isInstanceOf(RevisionStatus.Refused.class);
    assertThat(replica.status("worse", later)).isEqualTo(new RevisionStatus.Local());
  }

  @Test
  void pull_pushOfTheSourceWasRefused_isRefusedItself() {
    source.put("good", BODY);
    source.put("bad", BODY);
    push();

    Replication pull = pull();

    assertThat(pull.deadLetters().orElseThrow().list())
        .extracting(DeadLetter::document)
        .containsExactly("bad");
  }

  @Test
  void push_pullOfTheTargetTookAll_goesOnWhereThatEnded() {
    refuses = id -> false;
    source.put("a", BODY);
    pull();
    source.put("b", BODY);

    assertThat(push().progress().changes()).isEqualTo(1);
  }

  @Test
  void push_refusalsAreKnownFromItsOwnSession_goesOnWhereThatEnded() {
    source.put("bad", BODY);
    pull();
    push();
    refuses = id -> false;
    source.put("b", BODY);
    pull(); // which knows of no refusal since its own

    assertThat(push().progress().changes()).isZero();
  }

  @Test
  void push_pullWasRefusedSinceItsOwnSession_goesOnWhereItsOwnEnded() {
    refuses = id -> false;
    source.put("a", BODY);
    push();
    refuses = "bad"::equals;
    source.put("bad", BODY);
    pull();

    Replication push = push();

    assertThat(push.progress().changes()).isEqualTo(1);
    assertThat(push.progress().refused()).isEqualTo(1);
  }

  /** A session that does not say what it was refused, as one of an older program may. */
  @Test
  void push_sessionThatDoesNotTellOfRefusals_beginsAnew() {
    source.put("a", BODY);
    refuses = id -> false;
    pull();
    String id = Checkpoints.idOf(LocalPeer.of(source), picky, Scope.ALL.toJson());
    for (Database side : new Database[] {source, target}) {
      String text = side.getLocal(id).orElseThrow().toString();
      side.putLocal(id, JsonObject.parse(text.replace("doc_write_failures", "unknown")));
    }

    assertThat(push().progress().changes()).isEqualTo(1);
  }

  // Between two databases elsewhere, where nobody keeps what is refused

  private Replication betweenTwoElsewhere() {
    return run(
        new FaultyPeer(LocalPeer.of(source), () -> false), new FaultyPeer(picky, () -> false));
  }

  /** It was behind the checkpoint, and on nobody's list. */
  @Test
  void run_nobodyKeepsWhatWasRefused_isOfferedAnewUntilItIsTaken() {
    source.put("good", BODY);
    source.put("bad", BODY);

    Replication first = betweenTwoElsewhere();
    source.put("other", BODY);
    Replication second = betweenTwoElsewhere();
    refuses = id -> false;
    Replication third = betweenTwoElsewhere();
    Replication fourth = betweenTwoElsewhere();

    assertThat(first.refused()).extracting(GraftResult.Refused::id).containsExactly("bad");
    assertThat(second.refused()).extracting(GraftResult.Refused::id).containsExactly("bad");
    assertThat(target.get("other")).isPresent();
    assertThat(third.refused()).isEmpty();
    assertThat(target.get("bad")).isPresent();
    assertThat(fourth.progress().changes()).as("nothing is looked at once more").isZero();
  }

  /** The session said that it had begun where it went on, behind what had been refused. */
  @Test
  void run_nobodyKeepsWhatWasRefused_andTheLineBrokeSince_isOfferedAnew() {
    boolean[] isDown = {false};
    source.put("bad", BODY);
    FaultyPeer from = new FaultyPeer(LocalPeer.of(source), () -> isDown[0]);
    FaultyPeer to = new FaultyPeer(picky, () -> isDown[0]);
    ReplicationOptions live = ReplicationOptions.DEFAULT.continuously().withCheckpointMillis(0);
    Replication run = new Replication(from, to, live, workers, null);
    run.start();
    workers.runReady();
    isDown[0] = true;
    source.put("one", BODY);
    workers.runReady();
    isDown[0] = false;
    workers.pass(400_000);
    source.put("two", BODY);
    workers.runReady();
    run.pause();
    workers.runReady();
    assertThat(target.get("two")).isPresent();
    refuses = id -> false;

    betweenTwoElsewhere();

    assertThat(target.get("bad")).isPresent();
  }

  /** What one of them had counted was believed for as long as it lived. */
  @Test
  void retry_letterThatAnotherRunOfTheSameHasWritten_isSent() {
    FaultyPeer to = new FaultyPeer(picky, () -> false);
    ReplicationOptions live = ReplicationOptions.DEFAULT.continuously();
    Replication first = new Replication(LocalPeer.of(source), to, live, workers, source);
    first.start();
    workers.runReady();
    first.pause();
    workers.runReady();
    source.put("bad", BODY);
    push();
    assertThat(DeadLetters.of(source).list()).hasSize(1);
    refuses = id -> false;

    DeadLetters.of(source).retryAll();
    first.resume();
    workers.runReady();

    assertThat(target.get("bad")).isPresent();
    assertThat(DeadLetters.of(source).list()).isEmpty();
  }

  @Test
  void discarded_laterEditArrives_staysOnRecord() {
    RevisionId first = source.put("bad", BODY);
    DeadLetters letters = push().deadLetters().orElseThrow();
    letters.discard(letters.list().get(0), "not needed");
    refuses = id -> false;
    source.put("bad", first, JsonObject.parse("{\"n\": 1}"));

    push();

    assertThat(target.get("bad")).isPresent();
    assertThat(DeadLetters.of(source).discarded())
        .extracting(DeadLetter::discarded)
        .containsExactly("not needed");
  }

  @Test
  void run_nobodyKeepsWhatALaterSessionOfferedAnew_goesOnWhereThatEnded() {
    source.put("bad", BODY);
    betweenTwoElsewhere();
    push(); // who keeps it, and so begins where it knows
    refuses = id -> false;
    source.put("good", BODY);

    betweenTwoElsewhere();

    assertThat(target.get("bad")).isPresent();
    assertThat(target.get("good")).isPresent();
  }
}
