package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.review.MergeRequests;
import dev.stave.review.Preview;
import dev.stave.revision.Retention;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.ChangesPage;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerChange;
import dev.stave.sync.peer.Scope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Documents that leave the scope of a replica, of a database of this process. */
class LeavingTest {

  private static final Scope ADAS = Scope.selector("{\"who\": \"ada\"}");

  private final Database phone = Database.inMemory();
  private final Database office = Database.inMemory();
  private final FakeWorkers workers = new FakeWorkers(1);
  private boolean isDown;
  private final FaultyPeer far = new FaultyPeer(LocalPeer.of(office), () -> isDown);

  @AfterEach
  void close() {
    phone.close();
    office.close();
  }

  private static JsonObject of(String who, int number) {
    return JsonObject.parse("{\"who\": \"" + who + "\", \"n\": " + number + "}");
  }

  private Replica start(Replica.Builder asked) {
    Replica replica = asked.run(workers, ReplicationOptions.DEFAULT).start();
    workers.runReady();
    return replica;
  }

  private Replica both() {
    return start(Replica.of(phone).with(far).scope(ADAS));
  }

  private Replica pull() {
    return start(Replica.of(phone).with(far).scope(ADAS).pull());
  }

  private List<PeerChange> told(Scope scope) {
    return LocalPeer.of(office).changes(Peer.BEGINNING, 100, scope).changes();
  }

  // What an edit here takes out of scope

  private List<Departure> editedAwayOffline(int times) {
    RevisionId last = office.put("a", of("ada", 1));
    Replica replica = both();
    isDown = true;
    for (int i = 0; i < times; i++) {
      last = phone.put("a", last, of("bob", i));
      workers.runReady();
    }
    isDown = false;
    replica.hint();
    workers.runReady();
    return replica.departures().open();
  }

  @Test
  void departures_editedAwayAsOftenAsBodiesAreKept_hasIt() {
    assertThat(editedAwayOffline(Retention.DEFAULT.bodies()))
        .extracting(Departure::document)
        .containsExactly("a");
  }

  /** The peer is not asked: it would learn of documents that were never for it. */
  @Test
  void departures_editedAwayOftener_staysAndNobodyKnows() {
    assertThat(editedAwayOffline(Retention.DEFAULT.bodies() + 1)).isEmpty();
    assertThat(phone.get("a")).isPresent();
  }

  @Test
  void departures_editedAwayOftenerAndMoreBodiesAreKept_hasIt() {
    phone.setRetention(new Retention(1_000, 20));

    assertThat(editedAwayOffline(20)).extracting(Departure::document).containsExactly("a");
  }

  // What the source tells

  @Test
  void changes_editedAway_areLeaving_butWhatNeverMatchedIsNot() {
    RevisionId first = office.put("a", of("ada", 1));
    office.put("a", first, of("bob", 1));
    office.put("b", office.put("b", of("bob", 1)), of("bob", 2));
    office.put("c", of("bob", 1));
    office.put("d", of("ada", 1));

    assertThat(told(ADAS)).extracting(PeerChange::id).containsExactly("a", "d");
    assertThat(told(ADAS)).extracting(PeerChange::isLeaving).containsExactly(true, false);
  }

  @Test
  void changes_whoseOldBodiesAreNotKept_mayHaveMatched() {
    RevisionId last = office.put("a", of("ada", 1));
    for (int i = 0; i < 10; i++) {
      last = office.put("a", last, of("bob", i));
    }

    assertThat(told(ADAS)).extracting(PeerChange::isLeaving).containsExactly(true);
  }

  @Test
  void changes_many_areFoundByTheIndex_inSmallPages() {
    for (int i = 0; i < 1_500; i++) {
      office.put("b" + i, of("bob", i));
    }
    for (int i = 0; i < 30; i++) {
      RevisionId first = office.put("a" + i, of("ada", i));
      if (i % 3 == 0) {
        office.put("a" + i, first, of("bob", i));
      }
    }
    LocalPeer peer = LocalPeer.of(office);
    int in = 0;
    int left = 0;
    String at = Peer.BEGINNING;
    ChangesPage page;
    do {
      page = peer.changes(at, 7, ADAS);
      assertThat(page.changes()).hasSizeLessThanOrEqualTo(7);
      for (PeerChange change : page.changes()) {
        in += change.isLeaving() ? 0 : 1;
        left += change.isLeaving() ? 1 : 0;
      }
      at = page.lastSequence();
    } while (page.hasMore());

    assertThat(in).isEqualTo(20);
    assertThat(left).isEqualTo(10);
    assertThat(at).isEqualTo(Long.toString(office.lastSequence()));
  }

  // What the replica does

  @Test
  void leaves_isPurged_andNothingOfThatTravelsBack() {
    RevisionId first = office.put("a", of("ada", 1));
    Replica replica = both();
    assertThat(phone.get("a")).isPresent();

    RevisionId second = office.put("a", first, of("bob", 1));
    workers.runReady();

    assertThat(phone.tree("a").leaves()).isEmpty();
    assertThat(office.get("a").orElseThrow().revision()).isEqualTo(second);
    assertThat(replica.departures().open()).isEmpty();
    assertThat(replica.state().isInStep()).isTrue();
  }

  @Test
  void leaves_andMatchesAgainWithTheSameRevision_comesAgain() {
    RevisionId first = office.put("a", of("ada", 1));
    both();
    RevisionId second = office.put("a", first, of("bob", 1));
    workers.runReady();
    assertThat(phone.get("a")).isEmpty();

    office.purge(Map.of("a", List.of(second)));
    assertThat(office.get("a")).isEmpty(); // with its history
    office.put("a", of("ada", 1));
    workers.runReady();

    assertThat(phone.get("a").orElseThrow().revision()).isEqualTo(first);
  }

  /** Both are read ahead: the second must not be compared with what is there before the purge. */
  @Test
  void leaves_andComesBackWhileThePurgeIsUnderWay_isThere() {
    RevisionId last = office.put("a", of("ada", 0));
    pull();
    for (int i = 0; i < 40; i++) {
      last = office.put("a", last, of(i % 2 == 0 ? "bob" : "ada", i));
      for (int step = 0; step < i % 5; step++) {
        workers.step();
      }
    }
    workers.runReady();

    assertThat(phone.get("a")).isEqualTo(office.get("a"));
  }

  @Test
  void deletion_arrivesAsATombstone_andOnlyWhereTheDocumentWas() {
    RevisionId first = office.put("a", of("ada", 1));
    office.delete("b", office.put("b", of("ada", 1)));
    pull();

    office.delete("a", first);
    workers.runReady();

    assertThat(phone.get("a")).isEmpty();
    assertThat(phone.deletedCount()).isEqualTo(1);
    assertThat(phone.tree("b").leaves()).isEmpty();
  }

  @Test
  void leaves_withAnEditThatIsPushed_isPurgedWhenThePeerHasIt() {
    RevisionId first = office.put("a", of("ada", 1));
    Replica replica = both();
    replica.pause();
    workers.runReady();
    RevisionId mine = phone.put("a", first, of("ada", 2));
    RevisionId theirs = office.put("a", first, of("bob", 3));
    theirs = office.put("a", theirs, of("bob", 4)); // and wins

    replica.resume();
    workers.runReady();

    assertThat(office.tree("a").get(mine)).isPresent();
    assertThat(MergeRequests.of(office).open()).hasSize(1);
    assertThat(office.get("a").orElseThrow().revision()).isEqualTo(theirs);
    assertThat(phone.tree("a").leaves()).isEmpty();
    assertThat(replica.departures().open()).isEmpty();
  }

  @Test
  void leaves_withAnEditThatIsNotPushed_isAnOpenRequest_untilSomebodyDiscardsIt() {
    RevisionId first = office.put("a", of("ada", 1));
    Replica replica = pull();
    RevisionId mine = phone.put("a", first, of("ada", 2));
    office.put("a", first, of("bob", 3));
    workers.runReady();

    Departure departure = replica.departures().of("a").orElseThrow();
    assertThat(departure.request().base()).isEqualTo(first);
    assertThat(departure.request().sides()).containsExactly(mine);
    assertThat(replica.state().departures()).isEqualTo(1);
    Preview preview = MergeRequests.of(phone).preview(departure.request());
    assertThat(preview.result().value().path("n").asInt()).isEqualTo(2);
    assertThat(preview.base().path("n").asInt()).isEqualTo(1);
    assertThat(preview.sides()).hasSize(1);
    assertThat(preview.sides().get(0).diff().toJson().toString()).contains("/n");
    assertThat(preview.isBaseKept()).isTrue();
    assertThat(phone.get("a").orElseThrow().revision()).isEqualTo(mine);

    RevisionId more = phone.put("a", mine, of("ada", 5));
    assertThat(replica.departures().discard(departure, "nobody needs it")).isFalse();
    departure = replica.departures().of("a").orElseThrow();
    assertThat(departure.request().sides()).containsExactly(more);
    assertThat(replica.departures().discard(departure, "nobody needs it")).isTrue();

    assertThat(phone.tree("a").leaves()).isEmpty();
    assertThat(replica.departures().open()).isEmpty();
    Departure record = replica.departures().discarded().get(0);
    assertThat(record.request().sides()).containsExactly(more);
    assertThat(record.discarded()).isEqualTo("nobody needs it");
  }

  @Test
  void departure_ofARefusedEdit_isKept_sentAgain_andPurgedWhenTaken() {
    RevisionId first = office.put("a", of("ada", 1));
    far.refuses = sent -> true;
    Replica replica = both();
    RevisionId mine = phone.put("a", first, of("ada", 2));
    workers.runReady();
    RevisionId theirs = office.put("a", first, of("bob", 3));
    office.put("a", theirs, of("bob", 4));
    workers.runReady();
    Departure departure = replica.departures().of("a").orElseThrow();

    replica.departures().keep(departure);
    workers.runReady();
    assertThat(replica.departures().of("a").orElseThrow().state()).isEqualTo(Departure.State.OPEN);
    assertThat(office.tree("a").get(mine)).isEmpty();

    far.refuses = sent -> false;
    replica.departures().keep(replica.departures().of("a").orElseThrow());
    workers.runReady();

    assertThat(office.tree("a").get(mine)).isPresent();
    assertThat(phone.tree("a").leaves()).isEmpty();
    assertThat(replica.departures().open()).isEmpty();
    assertThat(replica.deadLetters().orElseThrow().list()).isEmpty();
  }

  @Test
  void departure_whoseDocumentComesBack_ends() {
    RevisionId first = office.put("a", of("ada", 1));
    Replica replica = pull();
    phone.put("a", first, of("ada", 2));
    RevisionId theirs = office.put("a", first, of("bob", 3));
    workers.runReady();
    assertThat(replica.departures().open()).hasSize(1);

    office.put("a", theirs, of("ada", 4));
    workers.runReady();

    assertThat(replica.departures().open()).isEmpty();
    assertThat(phone.tree("a").conflicts()).hasSize(1);
  }

  @Test
  void leaves_butAnotherReplicaHoldsIt_stays() {
    Database home = Database.inMemory();
    RevisionId first = office.put("a", of("ada", 1));
    start(Replica.of(phone).with(LocalPeer.of(home)).selector("{\"n\": 1}"));
    both();

    office.put("a", first, of("bob", 1));
    workers.runReady();

    assertThat(phone.get("a")).isPresent();
    assertThat(home.get("a")).isPresent();

    Replica.forgetPeers(phone); // there is no home any more
    start(Replica.of(phone).with(far).scope(ADAS));
    office.put("a", office.get("a").orElseThrow().revision(), of("bob", 2));
    workers.runReady();
    assertThat(phone.get("a")).isEmpty();
    home.close();
  }

  // Another scope

  @Test
  void setScope_whatIsNew_comes_andWhatLeft_isPurged() {
    office.put("a", of("ada", 1));
    office.put("b", of("bob", 1));
    phone.put("own", of("carl", 1));
    Replica replica = both();
    assertThat(phone.get("b")).isEmpty();

    replica.setScope(Scope.selector("{\"who\": \"bob\"}"));
    workers.runReady();

    assertThat(phone.tree("a").leaves()).isEmpty();
    assertThat(phone.get("b")).isPresent();
    assertThat(phone.get("own")).isPresent();
    assertThat(office.get("own")).isEmpty();

    replica.setScope(Scope.ALL);
    workers.runReady();
    assertThat(phone.get("a")).isEqualTo(office.get("a"));
    assertThat(office.get("own")).isEqualTo(phone.get("own"));
    replica.setScope(Scope.ids(List.of("a")));
    workers.runReady();
    assertThat(phone.count()).isEqualTo(1);
    assertThat(office.count()).isEqualTo(3);
  }

  @Test
  void setScope_withoutANetwork_isDoneWhenThereIsOne_andNothingIsLost() {
    RevisionId first = office.put("a", of("ada", 1));
    office.put("b", of("ada", 1));
    office.put("c", of("bob", 1));
    Replica replica = both();
    isDown = true;
    RevisionId edit = phone.put("a", first, of("ada", 2));
    RevisionId unsent = phone.put("new", of("ada", 2));
    replica.setScope(Scope.selector("{\"who\": \"bob\"}"));
    workers.runReady();
    assertThat(phone.count()).isEqualTo(3);
    replica.close();

    isDown = false;
    replica = start(Replica.of(phone).with(far).selector("{\"who\": \"bob\"}"));

    assertThat(phone.get("b")).isEmpty();
    assertThat(phone.get("c")).isPresent();
    assertThat(replica.departures().open())
        .extracting(Departure::document)
        .containsExactlyInAnyOrder("a", "new");
    assertThat(replica.departures().of("a").orElseThrow().request().base()).isEqualTo(first);
    replica.departures().open().forEach(replica.departures()::keep);
    workers.runReady();

    assertThat(office.tree("a").get(edit)).isPresent();
    assertThat(office.tree("new").get(unsent)).isPresent();
    assertThat(phone.get("a")).isEmpty();
    assertThat(phone.get("new")).isEmpty();
    assertThat(replica.departures().open()).isEmpty();
  }

  @Test
  void setScope_pullOnly_leavesWhatIsOnlyHere() {
    office.put("a", of("ada", 1));
    Replica replica = start(Replica.of(phone).with(far).pull());
    phone.put("own", of("ada", 1));

    replica.setScope(Scope.selector("{\"who\": \"bob\"}"));
    workers.runReady();

    assertThat(phone.get("a")).isEmpty();
    assertThat(phone.get("own")).isPresent();
    assertThat(replica.departures().open()).isEmpty();
  }

  @Test
  void setScope_whilePaused_isPausedStill() {
    office.put("a", of("ada", 1));
    Replica replica = both();
    replica.pause();
    workers.runReady();

    replica.setScope(Scope.selector("{\"who\": \"bob\"}"));
    workers.runReady();
    assertThat(phone.get("a")).isPresent();
    replica.resume();
    workers.runReady();

    assertThat(phone.get("a")).isEmpty();
    replica.close();
    assertThatThrownBy(() -> replica.setScope(Scope.ALL)).hasMessageContaining("closed");
  }

  @Test
  void purging_aTargetThatIsElsewhere_isRefusedAtTheDoor() {
    ReplicationOptions options = ReplicationOptions.DEFAULT.withPurging();

    assertThatThrownBy(() -> Replication.of(LocalPeer.of(phone), far, options))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusedHere_listsWhatThePullCouldNotWrite() {
    Replica replica = pull();
    assertThat(replica.refusedHere().orElseThrow().list()).isEmpty();
    assertThat(replica.deadLetters()).isEmpty();
  }
}
