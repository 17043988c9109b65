package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.sync.peer.LocalPeer;
import org.junit.jupiter.api.Test;

/** No checkpoint was written in a long run until the clock was again where it had been. */
class ClockSetBackTest {

  private static final long DAY_MILLIS = 86_400_000;

  @Test
  void copy_clockSetBack_checkpointsAreStillWritten() {
    try (Database source = Database.inMemory();
        Database target = Database.inMemory()) {
      for (int i = 0; i < 100; i++) {
        source.put("d" + i, JsonObject.parse("{}"));
      }
      FakeWorkers workers = new FakeWorkers(1);
      ReplicationOptions options =
          ReplicationOptions.DEFAULT.withBatchSize(1).withCheckpointMillis(1_000);
      Replication replication =
          new Replication(LocalPeer.of(source), LocalPeer.of(target), options, workers, source)
              .start();
      workers.step();
      workers.moveClock(-DAY_MILLIS);

      while (target.count() < 50) {
        workers.step();
        workers.moveClock(100);
      }

      assertThat(Long.parseLong(replication.progress().checkpoint())).isGreaterThan(20);
      workers.runReady();
      assertThat(replication.await().written()).isEqualTo(100);
    }
  }
}
