package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A replica that ended while another scope had things purged, and was begun again with the scope of
 * before, believed the checkpoint of that: what was purged never came again.
 */
class InterruptedScopeTest {

  private static final Scope ADAS = Scope.selector("{\"who\": \"ada\"}");
  private static final Scope BOBS = Scope.selector("{\"who\": \"bob\"}");

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void setScope_endsAtAnyRequest_andTheScopeOfBeforeIsBegunAgain_hasAllOfIt(boolean isPushed) {
    int interrupted = 0;
    for (int last = 1; last < 60; last++) {
      try (Database phone = Database.inMemory();
          Database office = Database.inMemory()) {
        office.put("a", JsonObject.parse("{\"who\": \"ada\"}"));
        int[] requests = {Integer.MAX_VALUE};
        FaultyPeer far = new FaultyPeer(LocalPeer.of(office), () -> requests[0]-- <= 0);
        Replica replica = start(phone, far, isPushed, new FakeWorkers(last));
        assertThat(phone.get("a")).isPresent();

        requests[0] = last;
        FakeWorkers ending = new FakeWorkers(last);
        start(phone, far, BOBS, isPushed, ending);
        interrupted += requests[0] < 0 ? 1 : 0;
        requests[0] = Integer.MAX_VALUE;
        replica = start(phone, far, isPushed, new FakeWorkers(last));

        assertThat(phone.get("a")).as("after %s requests", last).isPresent();
        assertThat(replica.state().isInStep()).isTrue();
      }
    }
    assertThat(interrupted).isPositive();
  }

  private static Replica start(
      Database phone, FaultyPeer far, boolean isPushed, FakeWorkers workers) {
    return start(phone, far, ADAS, isPushed, workers);
  }

  private static Replica start(
      Database phone, FaultyPeer far, Scope scope, boolean isPushed, FakeWorkers workers) {
    Replica.Builder asked = Replica.of(phone).with(far).scope(scope);
    Replica replica =
        (isPushed ? asked : asked.pull()).run(workers, ReplicationOptions.DEFAULT).start();
    workers.runReady();
    return replica;
  }
}
