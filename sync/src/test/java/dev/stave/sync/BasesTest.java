package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.review.AutomaticMerging;
import dev.stave.review.MergeOutcome;
import dev.stave.review.MergeRequests;
import dev.stave.review.Preview;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets a conflict gets what it takes to merge it, as far as whom it comes from has it. */
class BasesTest {

  private static final JsonObject BASE = JsonObject.parse("{\"x\": 1, \"y\": 1}");

  @TempDir Path folder;
  private final List<Database> peers = new ArrayList<>();

  @AfterEach
  void close() {
    peers.forEach(Database::close);
  }

  /** A peer that keeps the bodies of so many ancestors. */
  private Database peer(int bodies) {
    DatabaseOptions options = DatabaseOptions.DEFAULT.withRetention(1_000, bodies);
    Database peer = Database.open(folder.resolve("peer-" + peers.size()), options);
    peers.add(peer);
    return peer;
  }

  private static RevisionId edit(Database peer, String json) {
    RevisionId old = peer.get("a").orElseThrow().revision();
    return peer.put("a", old, JsonObject.parse(json));
  }

  /** Edits x, {@code times} times, so that the body of what was there is soon an old one. */
  private static void editX(Database peer, int times) {
    for (int i = 1; i <= times; i++) {
      edit(peer, "{\"x\": " + (1 + i) + ", \"y\": 1}");
    }
  }

  private static void assertMerges(Database peer, String expected) {
    MergeRequests requests = MergeRequests.of(peer);
    Preview preview = requests.preview(requests.openOf("a").orElseThrow());
    assertThat(preview.held()).isEmpty();
    assertThat(preview.base()).isEqualTo(BASE.tree());
    assertThat(requests.mergeByPolicy(preview.request())).isInstanceOf(MergeOutcome.Merged.class);
    assertThat(peer.get("a").orElseThrow().body()).isEqualTo(JsonObject.parse(expected));
  }

  private static boolean isBaseKept(Database peer) {
    MergeRequests requests = MergeRequests.of(peer);
    return requests.preview(requests.openOf("a").orElseThrow()).isBaseKept();
  }

  @Test
  void run_targetThatIsNew_getsTheBaseWithTheConflict() {
    Database alice = peer(5);
    Database bob = peer(5);
    RevisionId first = alice.put("a", BASE);
    Replication.run(alice, bob);
    editX(alice, 2);
    edit(bob, "{\"x\": 1, \"y\": 2}");
    Replication.run(bob, alice);
    Database carol = peer(0);

    Replication.Summary summary = Replication.run(alice, carol);

    assertThat(summary).isEqualTo(new Replication.Summary(1, 2)); // bases are no leaves
    assertThat(carol.get("a", first)).isEqualTo(alice.get("a", first));
    assertThat(carol.get("a")).isEqualTo(alice.get("a"));
    assertMerges(carol, "{\"x\": 3, \"y\": 2}");
    assertThat(carol.get("a", first)).isEmpty(); // nobody needs it any more
    assertThat(carol.checkIndex()).isEmpty();
    assertMerges(alice, "{\"x\": 3, \"y\": 2}");
    assertThat(alice.get("a")).isEqualTo(carol.get("a"));
  }

  @Test
  void run_chainOfThree_theLastOneCanMerge() {
    Database a = peer(5);
    Database b = peer(0);
    Database c = peer(0);
    a.put("a", BASE);
    Replication.run(a, b);
    editX(a, 1);
    edit(b, "{\"x\": 1, \"y\": 2}"); // and with that b forgets the base

    Replication.run(a, b);
    Replication.run(b, c);

    assertMerges(c, "{\"x\": 2, \"y\": 2}");
  }

  @Test
  void run_sourceLacksTheBaseToo_isGivenByOneThatHasItLater() {
    Database a = peer(0);
    Database b = peer(0);
    Database d = peer(0);
    a.put("a", BASE);
    Replication.run(a, b);
    Replication.run(a, d); // where it is the leaf
    editX(a, 1);
    edit(b, "{\"x\": 1, \"y\": 2}");
    Database c = peer(0);
    Replication.run(a, c);
    Replication.run(b, c);
    Replication.run(d, c);
    assertThat(isBaseKept(c)).isTrue();

    Replication.run(a, b);
    assertThat(isBaseKept(b)).isFalse();
    Database last = peer(0);
    Replication.run(b, last);
    assertThat(isBaseKept(last)).isFalse();

    assertThat(Replication.run(c, b).written()).isZero();
    assertThat(isBaseKept(b)).isTrue();
    Replication.run(b, last);
    assertMerges(last, "{\"x\": 2, \"y\": 2}");
    assertMerges(b, "{\"x\": 2, \"y\": 2}");
  }

  @Test
  void run_nothingIsNewAtTheSource_asksForTheBaseAllTheSame() {
    Database a = peer(0);
    Database b = peer(0);
    Database c = peer(0);
    a.put("a", BASE);
    Replication.run(a, b);
    Replication.run(a, c);
    editX(b, 1);
    edit(c, "{\"x\": 1, \"y\": 2}");
    Database d = peer(0);
    Replication.run(a, d);
    editX(d, 3); // so it forgets what it had
    Replication.run(b, d);
    Replication.run(c, d);
    assertThat(isBaseKept(d)).isFalse();

    assertThat(Replication.run(a, d)).isEqualTo(new Replication.Summary(0, 0));

    assertThat(isBaseKept(d)).isTrue();
  }

  @Test
  void run_noConflict_bringsNoOldBodies() {
    Database a = peer(5);
    RevisionId first = a.put("a", BASE);
    editX(a, 2);
    Database b = peer(5);

    Replication.run(a, b);

    assertThat(b.get("a", first)).isEmpty();
    assertThat(b.tree("a").revisions()).filteredOn(Revision::hasBody).hasSize(1);
  }

  @Test
  void run_baseThatDeletes_isOneThere() {
    Database a = peer(5);
    Database b = peer(5);
    a.delete("a", a.put("a", BASE));
    Replication.run(a, b);
    RevisionId deleted = a.tree("a").winner().orElseThrow().id();
    a.put("a", JsonObject.parse("{\"x\": 2}"));
    b.put("a", JsonObject.parse("{\"y\": 2}"));
    Replication.run(b, a);
    Database c = peer(5);

    Replication.run(a, c);

    assertThat(c.get("a", deleted).orElseThrow().deleted()).isTrue();
    assertThat(c.tree("a").get(deleted).orElseThrow().deleted()).isTrue();
    MergeRequests requests = MergeRequests.of(c);
    requests.mergeByPolicy(requests.openOf("a").orElseThrow());
    assertThat(c.get("a").orElseThrow().body()).isEqualTo(JsonObject.parse("{\"x\": 2, \"y\": 2}"));
  }

  @Test
  void run_automaticMerging_goesOnWhenTheBaseComes() {
    Database a = peer(0);
    Database b = peer(0);
    Database has = peer(0);
    RevisionId first = a.put("a", BASE);
    Replication.run(a, b);
    Replication.run(a, has);
    editX(a, 1);
    edit(b, "{\"x\": 1, \"y\": 2}");
    List<MergeOutcome> outcomes = new ArrayList<>();
    try (AutomaticMerging merging =
        AutomaticMerging.start(MergeRequests.of(b), (request, outcome) -> outcomes.add(outcome))) {
      Replication.run(a, b);
      merging.await();
      assertThat(outcomes) // perhaps twice: when it began to look, and when the conflict came
          .containsOnly(
              new MergeOutcome.Held(
                  List.of("there are clashes", "the body of the base is not kept here")));
      Optional<Document> base = has.get("a", first);
      assertThat(base).isPresent();
      Replication.run(has, b);
      merging.await();
    }

    assertThat(outcomes.get(outcomes.size() - 1)).isInstanceOf(MergeOutcome.Merged.class);
    assertThat(b.get("a").orElseThrow().body()).isEqualTo(JsonObject.parse("{\"x\": 2, \"y\": 2}"));
  }
}
