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

    assertThat(departures.toComeAgain("office")).containsExactly("a");
    assertThat(departures.toComeAgain("home")).containsExactly("a");
    assertThat(departures.documents("office")).isEmpty();
    assertThat(departures.discarded()).hasSize(1);
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
