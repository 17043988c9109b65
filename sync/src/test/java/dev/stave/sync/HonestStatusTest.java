package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.revision.Retention;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.SentRevision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was told of edits was wrong: that they are acknowledged, though the peer had them not. */
class HonestStatusTest {

  private final Database here = Database.inMemory();
  private final Database there = Database.inMemory();
  private final FakeWorkers workers = new FakeWorkers(1);
  private boolean isDown;
  private final FaultyPeer far = new FaultyPeer(LocalPeer.of(there), () -> isDown);

  private Replica push() {
    Replica replica =
        Replica.of(here).with(far).push().run(workers, ReplicationOptions.DEFAULT).start();
    workers.runReady();
    return replica;
  }

  /** Of an edit that was edited again before it was sent only the later one is sent. */
  @Test
  void status_laterEditRefused_isRefused() {
    far.refuses = sent -> true;
    RevisionId first = here.put("a", JsonObject.parse("{\"n\": 1}"));
    RevisionId second = here.put("a", first, JsonObject.parse("{\"n\": 2}"));

    Replica replica = push();

    assertThat(replica.status("a", second)).isInstanceOf(RevisionStatus.Refused.class);
    assertThat(replica.status("a", first)).isEqualTo(replica.status("a", second));
  }

  @Test
  void status_oneOfTwoLaterEditsRefused_isAcknowledged() {
    RevisionId first = here.put("a", JsonObject.parse("{\"n\": 1}"));
    RevisionId second = here.put("a", first, JsonObject.parse("{\"n\": 2}"));
    there.put("a", JsonObject.parse("{\"n\": 1}"));
    there.put("a", first, JsonObject.parse("{\"n\": 3}"));
    Replication.run(there, here); // a conflict
    far.refuses = sent -> sent.revision().equals(second);

    Replica replica = push();

    assertThat(replica.status("a", second)).isInstanceOf(RevisionStatus.Refused.class);
    assertThat(replica.status("a", first)).isEqualTo(new RevisionStatus.Acknowledged());
  }

  /** After a restart in the train, all seemed not to be sent. */
  @Test
  void status_withoutANetwork_isWhatWasKnown() {
    RevisionId sent = here.put("a", JsonObject.parse("{}"));
    RevisionId refused = here.put("no", JsonObject.parse("{}"));
    far.refuses = each -> each.id().equals("no");
    new Replication(LocalPeer.of(here), far, ReplicationOptions.DEFAULT, workers, here).start();
    workers.runReady();
    RevisionId offline = here.put("b", JsonObject.parse("{}"));
    isDown = true;

    Replica replica = push();

    assertThat(replica.status("a", sent)).isEqualTo(new RevisionStatus.Acknowledged());
    assertThat(replica.status("no", refused)).isInstanceOf(RevisionStatus.Refused.class);
    assertThat(replica.status("b", offline)).isEqualTo(new RevisionStatus.Local());
    isDown = false;
    replica.hint();
    workers.runReady();
    assertThat(replica.status("b", offline)).isEqualTo(new RevisionStatus.Acknowledged());
    isDown = true;
    here.put("c", JsonObject.parse("{}"));
    workers.runReady();
    assertThat(replica.status("b", offline)).isEqualTo(new RevisionStatus.Acknowledged());
  }

  /** A base that comes later moves the document in the feed: away from before what was written. */
  @Test
  void status_baseCameLater_isLocalUntilThatIsWritten() {
    JsonObject base = JsonObject.parse("{\"n\": 0}");
    RevisionId first = RevisionId.parse("1-" + "a".repeat(32));
    RevisionId one = RevisionId.parse("2-" + "b".repeat(32));
    RevisionId other = RevisionId.parse("2-" + "c".repeat(32));
    for (RevisionId leaf : List.of(one, other)) {
      here.write(
          new WriteBatch()
              .graft(
                  "a",
                  new RevisionPath(List.of(leaf, first), false),
                  JsonObject.parse("{\"n\": \"" + leaf + "\"}"),
                  Map.of(),
                  Map.of()));
    }
    here.put("b", base);
    RevisionPath path = new RevisionPath(List.of(first), false);
    LocalPeer.of(here)
        .giveBases(List.of(new SentRevision("a", path, base, Map.of(), Map.of(), List.of())));
    Replica replica =
        Replica.of(here)
            .with(far)
            .push()
            .run(workers, ReplicationOptions.DEFAULT.withBatchSize(1))
            .start();
    while (there.count() == 0) {
      workers.step();
    }

    assertThat(there.get("b")).isPresent();
    assertThat(replica.status("a", one)).isNotEqualTo(new RevisionStatus.Acknowledged());
    workers.runReady();
    assertThat(replica.status("a", one)).isEqualTo(new RevisionStatus.Acknowledged());
    assertThat(there.tree("a").get(one)).isPresent();
  }

  /** A deletion matches no selector: it stayed here, and was told to have arrived. */
  @Test
  void status_deletedBeforeItWasSent_isAcknowledgedWhenTheDeletionArrived() {
    isDown = true;
    Replica replica =
        Replica.of(here)
            .with(far)
            .selector("{\"n\": 1}")
            .run(workers, ReplicationOptions.DEFAULT)
            .start();
    RevisionId first = here.put("a", JsonObject.parse("{\"n\": 1}"));
    RevisionId deleted = here.delete("a", first);
    RevisionId other = here.delete("b", here.put("b", JsonObject.parse("{\"n\": 2}")));
    workers.runReady();
    assertThat(replica.status("a", first)).isEqualTo(new RevisionStatus.Local());

    isDown = false;
    replica.hint();
    workers.runReady();

    assertThat(there.tree("a").get(deleted)).isPresent();
    assertThat(replica.status("a", first)).isEqualTo(new RevisionStatus.Acknowledged());
    assertThat(there.tree("b").leaves()).isEmpty();
    assertThat(replica.status("b", other)).isEqualTo(new RevisionStatus.OutOfScope());
  }

  /** After a break it goes on at the checkpoint, and so did what had been told to be over there. */
  @Test
  void status_afterABreak_staysAcknowledged() {
    here.put("a", JsonObject.parse("{}"));
    Replica replica = push();
    RevisionId sent = here.put("b", JsonObject.parse("{}"));
    workers.runReady();
    assertThat(replica.status("b", sent)).isEqualTo(new RevisionStatus.Acknowledged());
    isDown = true;
    RevisionId offline = here.put("c", JsonObject.parse("{}"));
    workers.runReady();

    isDown = false;
    replica.hint();
    do {
      assertThat(replica.status("b", sent)).isEqualTo(new RevisionStatus.Acknowledged());
    } while (workers.step());

    assertThat(replica.status("c", offline)).isEqualTo(new RevisionStatus.Acknowledged());
  }

  /** But not what a peer may have lost. */
  @Test
  void status_afterAPeerWasStartedAnew_isWhatBothKnow() {
    here.put("a", JsonObject.parse("{}"));
    Replica replica = push();
    RevisionId sent = here.put("b", JsonObject.parse("{}"));
    workers.runReady();
    isDown = true;
    here.put("c", JsonObject.parse("{}"));
    workers.runReady();

    there.purge(Map.of("b", List.of(sent)));
    far.instance = "anew";
    isDown = false;
    replica.hint();
    boolean wasLocal = false;
    while (workers.step()) {
      wasLocal |= !replica.status("b", sent).equals(new RevisionStatus.Acknowledged());
    }

    assertThat(wasLocal).isTrue();
    assertThat(there.get("b")).isPresent();
  }

  /** Where no old body is kept, nobody knows whether the document was in scope: it is sent. */
  @Test
  void status_deletedWithNoBodyKept_isAcknowledged() {
    here.setRetention(new Retention(1_000, 0));
    isDown = true;
    Replica replica =
        Replica.of(here)
            .with(far)
            .selector("{\"n\": 1}")
            .run(workers, ReplicationOptions.DEFAULT)
            .start();
    RevisionId deleted = here.delete("a", here.put("a", JsonObject.parse("{\"n\": 1}")));
    workers.runReady();
    assertThat(replica.status("a", deleted)).isEqualTo(new RevisionStatus.Local());

    isDown = false;
    replica.hint();
    workers.runReady();

    assertThat(there.tree("a").get(deleted)).isPresent();
    assertThat(replica.status("a", deleted)).isEqualTo(new RevisionStatus.Acknowledged());
  }
}
