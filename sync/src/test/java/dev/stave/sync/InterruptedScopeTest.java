package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Scope;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What comes in the middle of a change of scope.
 *
 * <p>A replica that ended while another scope had things purged, and was begun again with the scope
 * of before, believed the checkpoint of that: what was purged never came again. And an edit between
 * the question whether the peer has all of a document and its purge, which was not done then, was
 * no departure.
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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void setScope_editAtAnyRequest_isADeparture(boolean isPushed) {
    int edited = 0;
    for (int at = 1; at < 60; at++) {
      try (Database phone = Database.inMemory();
          Database office = Database.inMemory()) {
        office.put("a", JsonObject.parse("{\"who\": \"ada\"}"));
        int[] requests = {Integer.MAX_VALUE};
        JsonObject mine = JsonObject.parse("{\"who\": \"ada\", \"mine\": true}");
        boolean[] isEdited = {false};
        FaultyPeer far =
            new FaultyPeer(
                LocalPeer.of(office),
                () -> {
                  Optional<Document> here = phone.get("a");
                  if (--requests[0] == 0 && here.isPresent()) {
                    isEdited[0] = true;
                    phone.put("a", here.get().revision(), mine);
                  }
                  return false;
                });
        FakeWorkers before = new FakeWorkers(at);
        Replica first = start(phone, far, isPushed, before);
        first.pause(); // which writes down how far it is
        before.runReady();
        first.close();

        requests[0] = at;
        Replica replica = start(phone, far, BOBS, isPushed, new FakeWorkers(at));

        edited += isEdited[0] ? 1 : 0;
        assertThat(replica.departures().open()).as("at %s", at).hasSize(isEdited[0] ? 1 : 0);
        assertThat(phone.get("a").isPresent()).isEqualTo(isEdited[0]);
      }
    }
    assertThat(edited).isPositive();
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
