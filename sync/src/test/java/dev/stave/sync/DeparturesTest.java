package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.LocalPeer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is said of departures while they are under way. */
class DeparturesTest {

  private static final JsonObject BODY = JsonObject.parse("{}");

  private final Database phone = Database.inMemory();
  private final Departures departures = Departures.of(phone);

  private Departure.State state() {
    return departures.of("a").orElseThrow().state();
  }

  /** What was edited while it was sent was said to be sent, and waited for somebody again. */
  @Test
  void sent_editedMeanwhile_isToBeSentStill() {
    RevisionId first = phone.put("a", BODY);
    departures.add("office", "a", null, List.of(), Instant.EPOCH);
    departures.keep(departures.of("a").orElseThrow());
    List<Departure> sent = departures.toBeSent("office");
    phone.put("a", first, JsonObject.parse("{\"n\": 2}"));

    departures.sent("office", sent);
    assertThat(state()).isEqualTo(Departure.State.TO_BE_SENT);
    departures.sent("office", departures.toBeSent("office"));
    assertThat(state()).isEqualTo(Departure.State.OPEN);
  }

  @Test
  void sent_toOnePeer_isToBeSentToTheOther() {
    phone.put("a", BODY);
    departures.add("office", "a", null, List.of(), Instant.EPOCH);
    departures.add("home", "a", null, List.of(), Instant.EPOCH);
    departures.keep(departures.of("a").orElseThrow());

    departures.sent("office", departures.toBeSent("office"));

    assertThat(departures.toBeSent("office")).isEmpty();
    assertThat(departures.toBeSent("home")).hasSize(1);
  }

  @Test
  void discard_whatIsOpenWithTwoPeers_comesAgainFromBoth() {
    phone.put("a", BODY);
    departures.add("office", "a", null, List.of(), Instant.EPOCH);
    departures.add("home", "a", null, List.of(), Instant.EPOCH);

    assertThat(departures.discard(departures.of("a").orElseThrow(), "old")).isTrue();

    assertThat(departures.toComeAgain("office")).containsOnlyKeys("a");
    assertThat(departures.toComeAgain("home")).containsOnlyKeys("a");
    assertThat(departures.documents("office")).isEmpty();
    assertThat(departures.discarded()).hasSize(1);
  }

  private void discardA() {
    departures.add("office", "a", null, List.of(), Instant.EPOCH);
    assertThat(departures.discard(departures.of("a").orElseThrow(), "old")).isTrue();
  }

  /** The peer was asked for what was here still, sent nothing, and was not asked any more. */
  @Test
  void toComeAgain_whileItIsBeingDiscarded_waitsUntilItIsGone() throws Exception {
    phone.put("a", BODY);
    AtomicReference<Map<String, JsonObject>> asked = new AtomicReference<>(Map.of());
    Thread pull = new Thread(() -> asked.set(departures.toComeAgain("office")));

    synchronized (DatabaseLock.of(phone)) { // as it is while somebody discards
      pull.start();
      pull.join(200); // it cannot have ended, so this is how long the test takes
      discardA();
    }
    pull.join();

    assertThat(asked.get()).containsOnlyKeys("a");
  }

  @Test
  void cameAgain_discardedOnceMoreMeanwhile_isToComeAgainStill() {
    phone.put("a", BODY);
    discardA();
    Map<String, JsonObject> asked = departures.toComeAgain("office");
    phone.put("a", BODY);
    discardA();

    departures.cameAgain("office", asked);

    Map<String, JsonObject> again = departures.toComeAgain("office");
    assertThat(again).containsOnlyKeys("a");
    departures.cameAgain("office", again);
    assertThat(departures.toComeAgain("office")).isEmpty();
  }

  /** It was purged again when it had come, as one that had left. */
  @Test
  void add_discardedWhileThePeerWasAsked_isNone() {
    phone.put("a", BODY);
    discardA();

    departures.add("office", "a", null, List.of(), Instant.EPOCH);

    assertThat(departures.documents("office")).isEmpty();
  }

  /** Each progress counted departures, in a database that was closed by then. */
  @Test
  void close_afterItsDatabase_endsAndTells() {
    FakeWorkers workers = new FakeWorkers(1);
    Database office = Database.inMemory();
    Replica replica =
        Replica.of(phone)
            .with(LocalPeer.of(office))
            .run(workers, ReplicationOptions.DEFAULT)
            .start();
    workers.runReady();
    replica.pause();
    workers.runReady();
    List<ReplicaState> told = new ArrayList<>();
    replica.watch(told::add);
    phone.close();

    assertThatCode(replica::close).doesNotThrowAnyException();

    assertThat(told).isNotEmpty();
    office.close();
  }
}
