package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.sync.DeadLetter;
import dev.stave.sync.DeadLetters;
import dev.stave.sync.Progress;
import dev.stave.sync.Replica;
import dev.stave.sync.RevisionStatus;
import dev.stave.sync.peer.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replicas of a real server's database. */
class ReplicaTest extends ServerTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final Database here = Database.inMemory();
  private Database there;

  @BeforeEach
  void create() {
    createDb();
    there = there();
  }

  private Database there() {
    return databases.find(new DatabaseName("db")).orElseThrow();
  }

  @AfterEach
  void close() {
    here.close();
  }

  private static JsonObject body(String json) {
    return JsonObject.parse(json(json));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 3_000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void replica_bothWays_isInStep_andTellsHowFarAnEditIs() throws InterruptedException {
    there.put("t", body("{}"));
    try (Replica replica = Replica.of(here).with(at("/db")).pull().push().start()) {
      RevisionId edit = here.put("h", body("{}"));

      assertThat(replica.awaitAcknowledged("h", edit, LONG))
          .isEqualTo(new RevisionStatus.Acknowledged());

      assertThat(there.get("h")).isPresent();
      await(() -> here.get("t").isPresent() && replica.state().isInStep());
      assertThatThrownBy(() -> replica.status("none", edit))
          .isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void replica_pullOnly_sendsNothing() throws InterruptedException {
    there.put("t", body("{}"));
    RevisionId edit = here.put("h", body("{}"));
    try (Replica replica = Replica.of(here).with(at("/db")).pull().start()) {
      await(() -> here.get("t").isPresent());

      assertThat(replica.status("h", edit)).isEqualTo(new RevisionStatus.OutOfScope());
      assertThat(there.get("h")).isEmpty();
      assertThat(replica.state().push()).isEmpty();
    }
  }

  @Test
  void replica_withASelector_leavesTheOthersWhereTheyAre() throws InterruptedException {
    there.put("t1", body("{'mine': true}"));
    there.put("t2", body("{'mine': false}"));
    RevisionId in = here.put("h1", body("{'mine': true}"));
    RevisionId out = here.put("h2", body("{'mine': false}"));
    try (Replica replica =
        Replica.of(here).with(at("/db")).selector(json("{'mine': true}")).start()) {
      assertThat(replica.awaitAcknowledged("h1", in, LONG))
          .isEqualTo(new RevisionStatus.Acknowledged());
      assertThat(replica.awaitAcknowledged("h2", out, LONG))
          .isEqualTo(new RevisionStatus.OutOfScope());
      await(() -> here.get("t1").isPresent());
      assertThat(there.get("h2")).isEmpty();
      assertThat(here.get("t2")).isEmpty();
    }
  }

  @Test
  void replica_documentsThatLeave_arePurged_andComeBack() throws InterruptedException {
    RevisionId first = there.put("t", body("{'mine': true}"));
    there.put("deep", body("{'site': {'paris': {'room': 1}}}"));
    try (Replica replica =
        Replica.of(here).with(at("/db")).selector(json("{'mine': true}")).start()) {
      await(() -> here.get("t").isPresent() && replica.state().isInStep());

      RevisionId second = there.put("t", first, body("{'mine': false}"));
      await(() -> here.tree("t").leaves().isEmpty());
      assertThat(there.get("t").orElseThrow().revision()).isEqualTo(second);

      there.put("t", second, body("{'mine': true}"));
      await(() -> here.get("t").isPresent());
      there.delete("t", there.get("t").orElseThrow().revision());
      await(() -> here.get("t").isEmpty());
      assertThat(here.deletedCount()).isEqualTo(1);

      replica.setScope(Scope.path("/site/paris"));
      await(() -> here.get("deep").isPresent() && here.deletedCount() == 0);
      replica.setScope(Scope.idPrefix("de"));
      await(() -> replica.state().isInStep() && here.get("deep").isPresent());
      replica.setScope(Scope.idPrefix("df"));
      await(() -> here.get("deep").isEmpty());
      assertThat(there.count()).isEqualTo(1);
    }
  }

  @Test
  void replica_unsentEditsOfWhatLeft_areADeparture_thatIsKept() throws InterruptedException {
    RevisionId first = there.put("t", body("{'mine': true}"));
    try (Replica replica =
        Replica.of(here).with(at("/db")).selector(json("{'mine': true}")).start()) {
      await(() -> here.get("t").isPresent() && replica.state().isInStep());

      RevisionId edit = here.put("t", first, body("{'mine': false}"));
      await(() -> replica.departures().of("t").isPresent());
      assertThat(there.get("t").orElseThrow().revision()).isEqualTo(first);
      replica.departures().keep(replica.departures().of("t").orElseThrow());

      await(() -> here.tree("t").leaves().isEmpty());
      assertThat(there.get("t").orElseThrow().revision()).isEqualTo(edit);
      await(() -> replica.departures().open().isEmpty());
    }
  }

  @Test
  void replica_withoutAServer_writesAllTheSame_andSendsItLater() throws Exception {
    var address = at("/db");
    server.close();
    try (Replica replica = Replica.of(here).with(address).start()) {
      RevisionId edit = here.put("h", body("{}"));
      await(() -> replica.state().push().orElseThrow().state() == Progress.State.RETRYING);
      assertThat(replica.status("h", edit)).isEqualTo(new RevisionStatus.Local());
      assertThat(replica.awaitAcknowledged("h", edit, Duration.ofMillis(1)))
          .isEqualTo(new RevisionStatus.Local());

      databases = Databases.open(folder.resolve("data"));
      server = HttpServer.start(databases, "127.0.0.1", address.getPort(), limits());
      replica.hint();

      assertThat(replica.awaitAcknowledged("h", edit, LONG))
          .isEqualTo(new RevisionStatus.Acknowledged());
      assertThat(there().get("h")).isPresent();
    }
  }

  @Test
  void refusedEdit_isSaidSo_andIsSettledByAnEditOrByHand() throws InterruptedException {
    String check = "function(doc) { if (doc.n < 0) throw({forbidden: 'negative'}); }";
    there.put("_design/check", JsonObject.from(Map.of("validate_doc_update", check)));
    try (Replica replica = Replica.of(here).with(at("/db")).push().start()) {
      RevisionId one = here.put("one", body("{'n': -1}"));
      RevisionId two = here.put("two", body("{'n': -2}"));
      RevisionId fine = here.put("fine", body("{'n': 1}"));

      RevisionStatus status = replica.awaitAcknowledged("one", one, LONG);
      assertThat(status).isInstanceOf(RevisionStatus.Refused.class);
      DeadLetter letter = ((RevisionStatus.Refused) status).letter();
      assertThat(letter.reason()).contains("negative");
      assertThat(replica.awaitAcknowledged("fine", fine, LONG))
          .isEqualTo(new RevisionStatus.Acknowledged());
      DeadLetters letters = replica.deadLetters().orElseThrow();
      await(() -> letters.list().size() == 2);
      List<String> watched = new ArrayList<>();
      letters.watch(() -> watched.add("changed"));

      RevisionId better = here.put("one", one, body("{'n': 1}"));
      assertThat(replica.awaitAcknowledged("one", better, LONG))
          .isEqualTo(new RevisionStatus.Acknowledged());
      assertThat(replica.status("one", one)).isEqualTo(new RevisionStatus.Acknowledged());
      letters.discard(letters.find("two", two).orElseThrow(), "nobody wants it");

      assertThat(letters.list()).isEmpty();
      assertThat(letters.discarded()).hasSize(1);
      assertThat(letters.discarded().get(0).discarded()).isEqualTo("nobody wants it");
      assertThat(watched).isNotEmpty();
    }
  }

  @Test
  void manyIdleReplicas_haveNoThreadsOfTheirOwn() throws InterruptedException {
    List<Database> devices = new ArrayList<>();
    List<Replica> replicas = new ArrayList<>();
    there.put("t", body("{}"));
    for (int i = 0; i < 60; i++) {
      Database device = Database.inMemory();
      devices.add(device);
      replicas.add(Replica.of(device).with(at("/db")).start());
    }
    for (Database device : devices) {
      await(() -> device.get("t").isPresent());
    }
    await(() -> replicas.stream().allMatch(replica -> replica.state().isInStep()));

    long threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("stave-sync"))
            .count();
    assertThat(threads).isLessThan(60);
    there.put("late", body("{}"));
    for (Database device : devices) {
      await(() -> device.get("late").isPresent());
    }
    replicas.forEach(Replica::close);
    devices.forEach(Database::close);
  }
}
