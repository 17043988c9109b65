package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.merge.MergePolicy;
import dev.stave.merge.Strategy;
import dev.stave.review.MergeRequest;
import dev.stave.review.MergeRequests;
import dev.stave.review.ReviewRules;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.LocalPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was edited here without a network, and at the office meanwhile. */
class ReplicaPolicyTest {

  private static final MergePolicy HIGHEST = MergePolicy.NONE.with("n", Strategy.Plain.MAX);

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

  private Replica start(Replica.Builder asked) {
    Replica replica = asked.run(workers, ReplicationOptions.DEFAULT).start();
    workers.runReady();
    return replica;
  }

  private Replica.Builder asked() {
    return Replica.of(phone).with(far);
  }

  private static JsonObject json(String text) {
    return JsonObject.parse(text);
  }

  /** Both edit {@code id} while the network is down. */
  private void editBoth(Replica replica, String id, String here, String there) {
    isDown = false;
    RevisionId first = phone.put(id, json("{\"n\": 1}"));
    workers.runReady();
    isDown = true;
    phone.put(id, first, json(here));
    office.put(id, first, json(there));
    workers.runReady();
    isDown = false;
    replica.hint();
    workers.runReady();
  }

  @Test
  void policy_whatFits_isMergedHere_andGoesToThePeer() {
    Replica replica = start(asked().policy(MergePolicy.NONE));

    editBoth(replica, "a", "{\"n\": 1, \"x\": 1}", "{\"n\": 1, \"y\": 1}");

    JsonObject merged = json("{\"n\": 1, \"x\": 1, \"y\": 1}");
    assertThat(phone.get("a").orElseThrow().body()).isEqualTo(merged);
    assertThat(MergeRequests.of(phone).count()).isZero();
    assertThat(office.get("a")).isEqualTo(phone.get("a"));
    assertThat(MergeRequests.of(office).count()).isZero();
    assertThat(replica.state().isInStep()).isTrue();
  }

  @Test
  void policy_clash_isSettledByIt_orWaitsForSomebody() {
    Replica replica = start(asked().policy(HIGHEST));

    editBoth(replica, "fits", "{\"n\": 2}", "{\"n\": 3}");
    editBoth(replica, "waits", "{\"n\": 1, \"x\": 1}", "{\"n\": 1, \"x\": 2}");

    assertThat(phone.get("fits").orElseThrow().body()).isEqualTo(json("{\"n\": 3}"));
    assertThat(MergeRequests.of(phone).open())
        .extracting(MergeRequest::document)
        .containsExactly("waits");
  }

  @Test
  void noPolicy_conflict_waitsForSomebody() {
    editBoth(start(asked()), "a", "{\"n\": 1, \"x\": 1}", "{\"n\": 1, \"y\": 1}");

    assertThat(MergeRequests.of(phone).count()).isEqualTo(1);
  }

  @Test
  void policy_rulesWantAReview_waits() {
    MergeRequests.of(phone)
        .setRules(ReviewRules.NONE.with(ReviewRules.Required.by("editor", "{}")));

    editBoth(
        start(asked().policy(MergePolicy.NONE)),
        "a",
        "{\"n\": 1, \"x\": 1}",
        "{\"n\": 1, \"y\": 1}");

    assertThat(MergeRequests.of(phone).count()).isEqualTo(1);
  }

  /** From a time without a policy. */
  @Test
  void policy_conflictsThatWereThere_areMerged() {
    Replica before = start(asked());
    editBoth(before, "a", "{\"n\": 1, \"x\": 1}", "{\"n\": 1, \"y\": 1}");
    before.pause();
    workers.runReady();

    start(asked().policy(MergePolicy.NONE));

    assertThat(MergeRequests.of(phone).count()).isZero();
    assertThat(office.get("a")).isEqualTo(phone.get("a"));
  }

  /** Each of two makes the same merge: there is no second conflict of two merges. */
  @Test
  void policy_twoReplicasOfOneOffice_makeTheSameMerge() {
    try (Database tablet = Database.inMemory()) {
      Replica mine = start(asked().policy(HIGHEST));
      start(Replica.of(tablet).with(LocalPeer.of(office)).policy(HIGHEST));

      editBoth(mine, "a", "{\"n\": 2, \"x\": 1}", "{\"n\": 3, \"y\": 1}");
      workers.pass(60_000);

      JsonObject merged = json("{\"n\": 3, \"x\": 1, \"y\": 1}");
      for (Database each : new Database[] {phone, office, tablet}) {
        assertThat(each.get("a").orElseThrow().body()).isEqualTo(merged);
        assertThat(MergeRequests.of(each).count()).isZero();
      }
    }
  }

  @Test
  void start_policyAndNothingComes_isRefused() {
    assertThatThrownBy(() -> asked().push().policy(HIGHEST).start())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("pull()");
    ReplicationOptions options = ReplicationOptions.DEFAULT.withPolicy(HIGHEST);
    assertThatThrownBy(() -> Replication.of(LocalPeer.of(phone), far, options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("only in a database of this process");
  }
}
