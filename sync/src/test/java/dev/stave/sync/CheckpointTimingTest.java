package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.sync.Progress.State;
import dev.stave.sync.peer.LocalPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** While edits are copied one by one, each had a checkpoint, which cost more than the edit. */
class CheckpointTimingTest {

  private static final JsonObject BODY = JsonObject.parse("{}");
  private static final int EDITS = 10;
  private static final long DUE_MILLIS = ReplicationOptions.DEFAULT.checkpointMillis();

  private final Database here = Database.inMemory();
  private final Database there = Database.inMemory();
  private final FakeWorkers workers = new FakeWorkers(1);
  private boolean isDown;
  private final FaultyPeer far = new FaultyPeer(LocalPeer.of(there), () -> isDown);
  private final Replication push =
      new Replication(
          LocalPeer.of(here), far, ReplicationOptions.DEFAULT.continuously(), workers, here);

  @BeforeEach
  void start() {
    push.start();
    workers.runReady();
    here.put("first", BODY);
    workers.pass(2 * DUE_MILLIS);
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  private void edit(int number) {
    here.put("d" + number, BODY);
    workers.runReady();
    assertThat(there.get("d" + number)).isPresent();
  }

  private String checkpoint() {
    return push.progress().checkpoint();
  }

  private String written() {
    return push.progress().sequence();
  }

  @Test
  void live_editsOneByOne_shareACheckpoint() {
    assertThat(checkpoint()).isEqualTo(written());
    edit(0); // due long ago: it has one of its own
    String before = checkpoint();
    int calls = far.calls;

    for (int i = 1; i <= EDITS; i++) {
      edit(i);
    }

    assertThat(far.calls - calls).isEqualTo(EDITS * 3 * 2); // missing, graft, bases: there and back
    assertThat(checkpoint()).isEqualTo(before);
    assertThat(written()).isEqualTo(Long.toString(here.lastSequence()));
    workers.pass(DUE_MILLIS);
    assertThat(checkpoint()).isEqualTo(written());
    assertThat(push.progress().state()).isEqualTo(State.IDLE);
    assertThat(workers.nextTimer()).isEqualTo(-1);
  }

  @Test
  void pause_checkpointIsNotDue_isWritten() {
    edit(0);
    edit(1);

    push.pause();
    workers.runReady();

    assertThat(checkpoint()).isEqualTo(written());
    assertThat(workers.nextTimer()).isEqualTo(-1);
  }

  @Test
  void live_checkpointFailsWhileIdle_isWrittenLater() {
    edit(0);
    edit(1);
    isDown = true;
    workers.pass(DUE_MILLIS);
    assertThat(push.progress().state()).isEqualTo(State.RETRYING);

    isDown = false;
    workers.pass(10 * 60_000);

    assertThat(checkpoint()).isEqualTo(Long.toString(here.lastSequence()));
    assertThat(push.progress().state()).isEqualTo(State.IDLE);
    edit(2);
  }

  @Test
  void hint_whileTheCheckpointIsWritten_isNotLost() {
    edit(0);
    edit(1);
    far.onLine =
        () -> {
          far.onLine = () -> {};
          push.hint();
          here.put("meanwhile", BODY);
        };

    workers.pass(2 * DUE_MILLIS);

    assertThat(there.get("meanwhile")).isPresent();
    assertThat(checkpoint()).isEqualTo(Long.toString(here.lastSequence()));
  }
}
