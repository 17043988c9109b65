package dev.stave.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.http.HttpServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SyncCommandTest extends CommandTest {

  private HttpServer server;
  private Database there;
  private Database elsewhere;

  @BeforeEach
  void serve() {
    Databases databases = Databases.open(folder.resolve("served"));
    there = databases.create(new DatabaseName("notes")).orElseThrow();
    elsewhere = databases.create(new DatabaseName("elsewhere")).orElseThrow();
    server = HttpServer.start(databases, "127.0.0.1", 0, HttpLimits.DEFAULT);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String remote() {
    return server.address() + "notes";
  }

  private long countHere(String query) {
    return runOnData("query", "db", query).lines().size();
  }

  @Test
  void sync_bothWays_tellsWhatItDid() {
    fill(20);
    there.put("theirs", JsonObject.parse("{}"));

    Outcome outcome = runOnData("sync", "db", remote());

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.lines()).hasSize(2);
    assertThat(outcome.lines().get(0))
        .startsWith("here -> " + remote() + ": 21 changed documents, 21 revisions written in ");
    assertThat(outcome.lines().get(1)).contains(" -> here: ").contains("1 revisions written");
    assertThat(there.count()).isEqualTo(21);
    assertThat(countHere("{\"_id\": \"theirs\"}")).isEqualTo(1);
  }

  @Test
  void sync_oneWayWithAFilter_copiesThat() {
    there.put("a", JsonObject.parse("{\"n\": 1}"));
    there.put("b", JsonObject.parse("{\"n\": 2}"));

    Outcome missing = runOnData("sync", "--pull", "db", remote());
    assertFailed(missing, 1, "there is no data folder");
    Outcome outcome =
        runOnData("sync", "--pull", "--create", "--filter", "{\"n\": 2}", "db", remote());

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.lines()).hasSize(1);
    assertThat(countHere("{}")).isEqualTo(1);
    assertThat(there.count()).isEqualTo(2);
  }

  @Test
  void sync_byPath_andPurge_followsWhatLeaves() {
    there.put("a", JsonObject.parse("{\"site\": {\"paris\": 1}}"));
    var b = there.put("b", JsonObject.parse("{\"site\": {\"paris\": 1}}"));
    there.put("c", JsonObject.parse("{\"site\": {\"nice\": 1}}"));
    String[] sync = {
      "sync", "--pull", "--create", "--path", "/site/paris", "--purge", "db", remote()
    };

    assertThat(runOnData(sync).exitCode()).isZero();
    assertThat(countHere("{}")).isEqualTo(2);
    there.put("b", b, JsonObject.parse("{\"site\": {\"nice\": 1}}"));
    assertThat(runOnData(sync).exitCode()).isZero();

    assertThat(countHere("{}")).isEqualTo(1);
    try (Database here = Database.open(Path.of(data).resolve("db"))) {
      here.put("a", here.get("a").orElseThrow().revision(), JsonObject.parse("{\"mine\": 1}"));
    }
    there.put("a", there.get("a").orElseThrow().revision(), JsonObject.parse("{\"n\": 1}"));
    Outcome departed = runOnData(sync);
    assertThat(departed.err()).contains("a has left with edits that B lacks");
    Outcome both = runOnData("sync", "--path", "/a", "--filter", "{}", "db", remote());
    assertFailed(both, 2, "--filter and --path exclude each other");
    Outcome live = runOnData("sync", "--verify", "--live", "db", remote());
    assertFailed(live, 2, "--verify copies nothing: it goes without --live and directions");
    Outcome purge = runOnData("sync", "--purge", "--pull", "db", remote());
    assertFailed(purge, 2, "--purge is for --pull with --filter or --path");
  }

  @Test
  void sync_documentsThatAreRefused_areNamed() {
    fill(2);
    String check = "function(doc) { if (doc._id == 'newest') throw({forbidden: 'too new'}); }";
    there.put("_design/check", JsonObject.from(Map.of("validate_doc_update", check)));

    for (int i = 0; i < 2; i++) { // the second time, too: it is not there still
      Outcome outcome = runOnData("sync", "--push", "db", remote());

      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.out()).contains(", 1 refused");
      assertThat(outcome.err()).startsWith("newest 1-").contains("too new").hasLineCount(1);
    }
    there.delete("_design/check", there.get("_design/check").orElseThrow().revision());
    assertThat(runOnData("sync", "--push", "db", remote()).exitCode()).isZero();
    assertThat(there.get("newest")).isPresent();
  }

  /** Neither is here, so that nobody keeps what is refused. */
  @Test
  void sync_betweenTwoElsewhere_namesWhatIsRefused_untilItIsTaken() {
    String check = "function(doc) { if (doc.n == 2) throw({forbidden: 'two'}); }";
    JsonObject rule = JsonObject.from(Map.of("validate_doc_update", check));
    elsewhere.put("_design/check", rule);
    there.put("a", JsonObject.parse("{\"n\": 1}"));
    there.put("b", JsonObject.parse("{\"n\": 2}"));
    String[] sync = {"sync", "--push", remote(), server.address() + "elsewhere"};

    for (int i = 0; i < 2; i++) {
      Outcome refused = run(sync);
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.err())
          .startsWith("b 1-")
          .contains("is refused: forbidden: two")
          .hasLineCount(1);
    }
    elsewhere.delete("_design/check", elsewhere.get("_design/check").orElseThrow().revision());

    assertThat(run(sync).exitCode()).isZero();
    assertThat(elsewhere.get("b")).isPresent();
  }

  @Test
  void sync_verify_saysWhetherTheyHoldTheSame_andCopiesNothing() {
    fill(5);
    Outcome before = runOnData("sync", "--verify", "db", remote());
    runOnData("sync", "db", remote());
    Outcome after = runOnData("sync", "--verify", "db", remote());

    assertThat(before.exitCode()).isEqualTo(1);
    assertThat(before.lines().get(0)).startsWith("They differ, first at ");
    assertThat(before.lines().get(1)).matches("  A has [0-9]+-[0-9a-f]{32}");
    assertThat(before.lines().get(2)).isEqualTo("  B has nothing");
    assertThat(after.exitCode()).as(after.err()).isZero();
    assertThat(after.out()).startsWith("They hold the same: 6 documents");
  }

  @Test
  void sync_withoutAPeer_saysSoWithoutPasswords() {
    fill(1);
    Outcome none = runOnData("sync", "db", "http://me:sesame@127.0.0.1");
    assertFailed(none, 2, "an address is none");
    assertThat(none.err()).doesNotContain("sesame");
    assertThat(runOnData("sync", "db", "No").exitCode()).isEqualTo(2);
  }

  @Test
  void sync_scopesThatAreNone_areWronglyAsked() {
    fill(1);
    Outcome half = runOnData("sync", "--filter", "{\"n\":", "db", remote());
    assertFailed(half, 2, "--filter: ");
    Outcome unknown = runOnData("sync", "--filter", "{\"n\": {\"$near\": 1}}", "db", remote());
    assertFailed(unknown, 2, "--filter: ");
    Outcome noPointer = runOnData("sync", "--path", "site", "db", remote());
    assertFailed(noPointer, 2, "--path: ");
    Outcome whole = runOnData("sync", "--path", "", "db", remote());
    assertFailed(whole, 2, "--path: a path names a member at least, such as /site");
    assertThat(there.count()).isZero();
  }
}
