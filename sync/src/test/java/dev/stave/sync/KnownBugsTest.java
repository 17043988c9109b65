package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import dev.stave.database.IdRange;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.sync.Progress.State;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.Scope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What went wrong in the replications of others. */
class KnownBugsTest {

  private static final JsonObject BODY = JsonObject.parse("{}");

  private final FakeWorkers workers = new FakeWorkers(1);
  private final Database here = Database.inMemory();
  private final Database there = Database.inMemory();
  private boolean isDown;
  private final FaultyPeer far = new FaultyPeer(LocalPeer.of(there), () -> isDown);

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  private Replication live() {
    ReplicationOptions options = ReplicationOptions.DEFAULT.continuously();
    return new Replication(LocalPeer.of(here), far, options, workers, here).start();
  }

  /** A task of another span at 100 % of a processor when the source stood still. */
  @Test
  void live_sourceStandsStill_doesNothingAtAll() {
    here.put("a", BODY);
    Replication replication = live();
    workers.pass(1_000);
    int calls = far.calls;

    workers.pass(24 * 60 * 60 * 1_000);

    assertThat(replication.progress().state()).isEqualTo(State.IDLE);
    assertThat(far.calls).isEqualTo(calls);
    assertThat(workers.nextTimer()).isEqualTo(-1);
  }

  /** A filtered feed cost a checkpoint for each commit that is none of its business. */
  @Test
  void live_commitsOutOfScope_costNoRequestsOfTheTarget() {
    ReplicationOptions options =
        ReplicationOptions.DEFAULT.continuously().withScope(Scope.ids(List.of("wanted")));
    new Replication(LocalPeer.of(here), far, options, workers, here).start();
    workers.runReady();
    int calls = far.calls;

    for (int i = 0; i < 20; i++) {
      here.put("d" + i, BODY);
      workers.runReady();
    }

    assertThat(far.calls - calls).isLessThanOrEqualTo(6); // of a checkpoint now and then
    here.put("wanted", BODY);
    workers.runReady();
    assertThat(there.get("wanted")).isPresent();
  }

  /** A write of an attachment only never woke a continuous task. */
  @Test
  void live_onlyAnAttachmentIsWritten_isCopied() throws IOException {
    RevisionId first = here.put("a", BODY);
    live();
    workers.pass(1_000);

    here.attachments().put("a", first, "x", "image/png", new ByteArrayInputStream(new byte[9]));
    workers.pass(1_000);

    assertThat(there.get("a")).isEqualTo(here.get("a"));
  }

  /** A checkpoint that could not be read killed the run. */
  @Test
  void checkpoints_thatMakeNoSense_beginAnew() {
    here.put("a", BODY);
    Replication.run(here, there);
    List<String> ids = new ArrayList<>();
    here.forEachLocal(IdRange.ALL, (id, checkpoint) -> ids.add(id));
    for (String garbage : List.of("{}", "{\"session_id\": 7}", sessions("[]"), sessions("{}"))) {
      for (Database side : List.of(here, there)) {
        side.putLocal(ids.get(0), JsonObject.parse(garbage));
      }
      here.put("b" + here.count(), BODY);

      Replication.run(here, there);

      assertThat(there.count()).as(garbage).isEqualTo(here.count());
    }
  }

  private static String sessions(String sequence) {
    return "{\"session_id\": \"x\", \"source_last_seq\": "
        + sequence
        + ", \"history\": [{\"session_id\": \"x\", \"recorded_seq\": "
        + sequence
        + "}, 7]}";
  }

  /** A side that was set back by a backup is given what it has lost. */
  @Test
  void target_setBack_getsWhatItLost() {
    here.put("a", BODY);
    Replication.run(here, there);
    List<JsonObject> before = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    there.forEachLocal(
        IdRange.ALL,
        (id, checkpoint) -> {
          ids.add(id);
          return before.add(checkpoint);
        });
    here.put("b", BODY);
    Replication.run(here, there);
    // the backup knows the first run only, and not the document of the second
    there.putLocal(ids.get(0), before.get(0));

    assertThat(Replication.run(here, there).changes()).isEqualTo(1);
  }

  /** One that was killed between two requests had lost its last commits, and nobody noticed. */
  @Test
  void target_startedAnewBetweenTwoRequests_getsWhatItLost() {
    live();
    workers.pass(1_000);
    far.afterGraft =
        () -> {
          there.purge(Map.of("a", List.of(there.get("a").orElseThrow().revision())));
          far.instance = "another";
          far.afterGraft = () -> {};
        };

    here.put("a", BODY);
    workers.pass(10_000);

    assertThat(there.get("a")).isEqualTo(here.get("a"));
  }

  /** Whoever paused and went on at once was not told of changes any more. */
  @Test
  void live_pausedAndResumedAtOnce_goesOn() {
    ReplicationOptions options =
        ReplicationOptions.DEFAULT.continuously().withScope(Scope.ids(List.of("wanted")));
    Replication replication =
        new Replication(LocalPeer.of(here), far, options, workers, here).start();
    workers.runReady();
    here.put("other", BODY); // read, and not worth a checkpoint
    workers.runReady();

    replication.pause();
    replication.resume();
    workers.runReady();
    here.put("wanted", BODY);
    workers.runReady();

    assertThat(there.get("wanted")).isPresent();
  }

  /** A body that one side does not take ended the replication of all that came after it. */
  @Test
  void base_thatIsTooLargeForTheTarget_isLeftOut(@TempDir Path folder) {
    JsonObject large = JsonObject.parse("{\"text\": \"" + "x".repeat(2_000) + "\"}");
    RevisionId first = here.put("a", large);
    DatabaseOptions strict = DatabaseOptions.DEFAULT.withMaxDocumentBytes(1_000);
    try (Database small = Database.open(folder, strict);
        Database other = Database.inMemory()) {
      Replication.run(here, other);
      other.put("a", first, JsonObject.parse("{\"n\": 1}"));
      here.put("a", first, JsonObject.parse("{\"n\": 2}"));
      Replication.run(other, here);
      here.put("b", BODY);

      Replication.run(here, small);

      assertThat(small.tree("a").leaves()).hasSize(2);
      assertThat(small.tree("a").missingBases()).containsExactly(first);
      assertThat(small.get("b")).isPresent();
    }
  }

  /** An outbox said that it is empty while the line was down. */
  @Test
  void lineDown_lagGrows_untilAllIsThere() {
    Replication replication = live();
    workers.pass(1_000);
    assertThat(replication.progress().lagMillis()).isZero();
    isDown = true;
    here.put("a", BODY);
    workers.pass(100_000);
    assertThat(replication.progress().lagMillis()).isEqualTo(100_000);
    isDown = false;
    replication.hint();
    workers.pass(1_000);

    assertThat(replication.progress().lagMillis()).isZero();
    assertThat(replication.progress().perSecond()).isPositive();
  }

  /** Retries went on for ever in a loop without a pause, all at the same time. */
  @Test
  void failures_inARow_areFurtherAndFurtherApart_upToABound() {
    isDown = true;
    Replication replication = live();
    workers.runReady();
    long longest = 0;
    for (int i = 0; i < 40; i++) {
      assertThat(replication.progress().state()).isEqualTo(State.RETRYING);
      long next = workers.nextTimer();
      longest = Math.max(longest, next);
      assertThat(next).isBetween(1L, 300_001L);
      workers.pass(next);
    }
    assertThat(longest).isGreaterThan(60_000);
    assertThat(replication.progress().error()).contains("the line is down");
    isDown = false;
    here.put("a", BODY);
    replication.hint();
    workers.runReady();
    assertThat(there.get("a")).isPresent();
    assertThat(replication.progress().attempts()).isZero();
  }

  /** What the peer asks to wait is waited. */
  @Test
  void busyPeer_thatSaysWhen_isNotAskedBefore() {
    far.failure = new PeerException(PeerException.Kind.BUSY, 120_000, null, "too many requests");
    isDown = true;
    live();
    workers.runReady();

    assertThat(workers.nextTimer()).isBetween(120_000L, 121_001L);
  }

  /** A refused login was hammered. */
  @Test
  void login_thatIsRefused_endsIt() {
    far.failure =
        new PeerException(PeerException.Kind.LOGIN_REFUSED, null, "the peer does not let us in");
    isDown = true;
    Replication replication = live();
    workers.pass(1_000_000);

    assertThat(replication.progress().state()).isEqualTo(State.FAILED);
    assertThat(replication.progress().errorKind()).isEqualTo(PeerException.Kind.LOGIN_REFUSED);
    assertThat(far.calls).isEqualTo(1);
  }

  /** A run that is not live gave up at the first trouble, or never. */
  @Test
  void once_triesSomeTimes_andThenSaysWhy() {
    isDown = true;
    Replication replication =
        new Replication(LocalPeer.of(here), far, ReplicationOptions.DEFAULT, workers, here);
    replication.start();
    workers.pass(1_000_000);

    assertThat(replication.progress().state()).isEqualTo(State.FAILED);
    assertThat(replication.progress().attempts()).isEqualTo(4);
  }

  /** A discarded letter came back when its document was looked at again. */
  @Test
  void discardedLetter_staysDiscarded() {
    far.refuses = sent -> sent.id().equals("bad");
    here.put("bad", BODY);
    Replication replication = live();
    workers.pass(1_000);
    DeadLetters letters = replication.deadLetters().orElseThrow();
    letters.discard(letters.list().get(0), "no");
    here.put("other", BODY);
    JsonObject nothing = JsonObject.of((ObjectNode) BODY.tree());
    here.forEachLocal(IdRange.ALL, (id, json) -> !id.startsWith("stave-") || forget(id, nothing));
    replication.stopLater();
    workers.runReady();

    Replication again = live();
    workers.pass(1_000);

    assertThat(again.progress().refused()).isEqualTo(1); // it was offered once more
    assertThat(again.deadLetters().map(DeadLetters::list)).isEqualTo(Optional.of(List.of()));
    assertThat(letters.discarded()).hasSize(1);
  }

  private boolean forget(String id, JsonObject nothing) {
    there.putLocal(id, nothing);
    return true;
  }
}
