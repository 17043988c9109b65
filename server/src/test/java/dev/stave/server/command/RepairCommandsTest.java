package dev.stave.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stave.database.Database;
import dev.stave.database.DatabaseFacts;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.http.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Restore, check, salvage, compact and stats. */
class RepairCommandsTest extends CommandTest {

  private Path database;
  private String backup;

  @BeforeEach
  void write() {
    database = fill(200);
    backup = folder.resolve("backup").toString();
    assertThat(runOnData("backup", "db", backup).exitCode()).isZero();
  }

  @Test
  void restore_aBackup_isADatabase() throws IOException {
    Outcome outcome = runOnData("restore", backup, "again");

    assertThat(outcome.out())
        .startsWith("again is restored in " + data + ": 200 documents, ")
        .hasLineCount(1);
    assertThat(outcome.exitCode()).isZero();
    assertThat(names(Path.of(data))).containsExactly("LOCK", "UUID", "again", "db");
    try (Databases databases = Databases.open(Path.of(data))) {
      Database original = databases.find(new DatabaseName("db")).orElseThrow();
      Database restored = databases.find(new DatabaseName("again")).orElseThrow();
      assertThat(restored.get("doc-7")).isEqualTo(original.get("doc-7")).isPresent();
      assertThat(restored.uuid()).isNotEqualTo(original.uuid());
    }
  }

  @Test
  void restore_ontoAnEmptyMachine_makesTheDataFolder() {
    String other = folder.resolve("other/data").toString();

    assertThat(run("restore", backup, "db", "--data", other).exitCode()).isZero();

    assertThat(run("query", "db", "{}", "--data", other).lines()).hasSize(200);
  }

  @Test
  void restore_whatCannotBe_isOneLineAndMakesNothing() throws IOException {
    assertFailed(runOnData("restore", backup, "db"), 1, "there is a database db in " + data);
    assertFailed(runOnData("restore", backup, "No"), 2, "Only lowercase characters");
    assertFailed(runOnData("restore", backup + "2", "x"), 1, "there is no folder " + backup + "2");
    assertFailed(runOnData("restore", folder.toString(), "x"), 1, "there is no database of Stave");
    assertThat(runOnData("restore", backup).exitCode()).isEqualTo(2);
    try (Database open = Database.open(Path.of(backup))) {
      assertThat(open.count()).isEqualTo(200);
      assertFailed(runOnData("restore", backup, "x"), 1, "the database is open already");
    }
    try (Databases serving = Databases.open(Path.of(data))) {
      assertThat(serving.list()).hasSize(1);
      assertFailed(runOnData("restore", backup, "x"), 1, "stop the server");
    }
    String nowhere = folder.resolve("nowhere").toString();
    damage(Path.of(backup), ".rows");
    Outcome damaged = run("restore", backup, "x", "--data", nowhere);
    assertThat(damaged.exitCode()).isEqualTo(1);
    assertThat(damaged.err()).contains("the backup is damaged (1 problem above)").hasLineCount(2);
    assertThat(Path.of(nowhere)).doesNotExist();
    assertThat(names(Path.of(data))).containsExactly("LOCK", "UUID", "db");
  }

  @Test
  void check_wholeDatabase_isZero() throws IOException {
    Outcome byName = runOnData("check", "db");
    Outcome byFolder = run("check", "--folder", backup);

    assertThat(byName.out())
        .matches(
            "whole: \\d+ files, [0-9.]+ kB, 201 documents \\(1 of them deleted\\), \\d+ revisions,"
                + " in [0-9.]+ s\n");
    assertThat(byName.exitCode()).isZero();
    assertThat(byFolder.out()).startsWith("whole: ");
    assertThat(byFolder.exitCode()).isZero();
    assertThat(run("check", "--folder", database.toString()).exitCode()).isZero();
  }

  @Test
  void check_damagedDatabase_isOneAndNamesFileAndOffset() throws IOException {
    Path rows = damage(database, ".rows");
    Path bodies = damage(database, ".bodies");

    Outcome outcome = runOnData("check", "db");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .containsPattern("file=" + rows + ", offset=\\d+\n")
        .containsPattern("file=" + bodies + ", offset=\\d+\n")
        .hasLineCount(2);
    assertThat(outcome.out()).startsWith("damaged: 2 problems in ").hasLineCount(1);
  }

  @Test
  void check_whatCannotBeChecked_isTwo() throws IOException {
    assertFailed(runOnData("check", "other"), 2, "there is no database other");
    assertFailed(runOnData("check", "../db"), 2, "Only lowercase characters");
    assertFailed(run("check", "db", "--data", data + "2"), 2, "there is no data folder");
    assertFailed(run("check", "--folder", data), 2, "there is no database of Stave in " + data);
    assertFailed(run("check", "--folder", data + "2"), 2, "there is no folder");
    assertFailed(run("check"), 2, "give the name of a database, or its folder with --folder");
    assertFailed(run("check", "db", "--folder", backup), 2, "give the name of a database, or");
    try (Databases serving = Databases.open(Path.of(data))) { // nobody has asked for db yet
      assertThat(serving.list()).hasSize(1);
      assertFailed(runOnData("check", "db"), 2, "stave backup DB TARGET --url URL");
      assertFailed(
          run("check", "--folder", database.toString()), 2, "stave backup DB TARGET --url URL");
    }
    try (Database open = Database.open(Path.of(backup))) {
      assertThat(open.count()).isEqualTo(200);
      assertFailed(run("check", "--folder", backup), 2, "the database is open already");
    }
    Files.writeString(Path.of(backup, "MANIFEST"), "stave-storage 9\ncrc 0\n");
    assertThat(run("check", "--folder", backup).exitCode()).isEqualTo(1);
  }

  @Test
  void salvage_damagedDatabase_savesTheRestAndNamesTheLost() throws IOException {
    Path bodies = damage(database, ".bodies");

    Outcome outcome = runOnData("salvage", "db", "saved");

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.lines().get(0)).startsWith("damaged: ").contains("file=" + bodies);
    assertThat(outcome.lines().get(1)).startsWith("lost: document doc-");
    assertThat(outcome.lines().get(outcome.lines().size() - 1))
        .startsWith("saved: 20")
        .contains(Path.of(data, "saved").toString());
    assertThat(runOnData("check", "saved").exitCode()).isZero();
    assertThat(runOnData("check", "db").exitCode()).isEqualTo(1);
    assertThat(names(Path.of(data))).containsExactly("LOCK", "UUID", "db", "saved");
  }

  @Test
  void salvage_manifestLost_savesAllThatThereIs() throws IOException {
    Files.delete(database.resolve("MANIFEST"));

    assertThat(runOnData("check", "db").err()).startsWith("the file is missing: file=");
    assertThat(runOnData("salvage", "db", "saved").exitCode()).isEqualTo(1);

    assertThat(DatabaseFacts.of(Path.of(data, "saved")).documents()).isEqualTo(200);
  }

  @Test
  void salvage_wholeDatabase_isZero() {
    Outcome byName = runOnData("salvage", "db", "saved");
    Outcome byFolder = run("salvage", "--folder", backup, folder.resolve("new").toString());

    assertThat(byName.out()).startsWith("saved: 201 documents, ").endsWith("nothing is lost\n");
    assertThat(byName.exitCode()).isZero();
    assertThat(byFolder.exitCode()).isZero();
    assertThat(DatabaseFacts.of(folder.resolve("new")).documents()).isEqualTo(200);
  }

  @Test
  void salvage_whatCannotBe_isTwoAndMakesNothing() throws IOException {
    assertFailed(runOnData("salvage", "db", "db"), 2, "there is a database db");
    assertFailed(runOnData("salvage", "other", "saved"), 2, "there is no database other");
    assertFailed(runOnData("salvage", "db"), 2, "give the names of the database and of a new one");
    assertFailed(run("salvage", "--folder", backup, backup), 2, "not empty: choose a new one");
    assertThat(runOnData("salvage").exitCode()).isEqualTo(2);
    assertThat(names(Path.of(data))).containsExactly("LOCK", "UUID", "db");
  }

  @Test
  void compact_ofAFolder_saysBeforeAndAfter() {
    Outcome outcome = runOnData("compact", "db");

    assertThat(outcome.out()).matches("db is compacted: .*B before, .*B after, in [0-9.]+ s\n");
    assertThat(DatabaseFacts.of(database).documents()).isEqualTo(200);
    assertFailed(runOnData("compact", "other"), 1, "there is no database other");
    assertFailed(run("compact", "db", "--data", data + "2"), 1, "there is no data folder");
    assertThat(Path.of(data + "2")).doesNotExist();
  }

  @Test
  void stats_ofAFolder_areLinesOrJson() throws IOException {
    assertThat(runOnData("stats", "db").out())
        .startsWith("documents               200, and 1 deleted\non disk                 ")
        .doesNotContain("since");
    JsonNode json = new ObjectMapper().readTree(runOnData("stats", "db", "--json").out());
    assertThat(json.get("doc_count").asInt()).isEqualTo(200);
    assertThat(json.get("segments").asInt()).isEqualTo(1);
    assertFailed(runOnData("stats", "other"), 1, "there is no database other");
  }

  @Test
  void compactAndStats_ofAServer_areAskedOfIt() throws Exception {
    Databases databases = Databases.open(Path.of(data));
    try (HttpServer server = HttpServer.start(databases, "127.0.0.1", 0, HttpLimits.DEFAULT)) {
      String url = server.address().toString();

      assertThat(run("compact", "db", "--url", url).out())
          .isEqualTo("the server has begun to compact db\n");
      assertThat(run("stats", "db", "--url", url).out())
          .contains("longest stall", "write amplification", "  trouble               none\n");
      assertFailed(runOnData("compact", "db"), 1, "give its --url instead of --data");
      assertFailed(runOnData("stats", "db"), 1, "give its --url instead of --data");
      assertFailed(run("stats", "other", "--url", url), 1, "Database does not exist");
      assertFailed(run("compact", "other", "--url", url), 1, "Database does not exist");
    }
  }

  @Test
  void help_ofEachCommand_namesItsExitCodes() {
    for (String command :
        new String[] {"backup", "restore", "check", "salvage", "compact", "stats"}) {
      assertThat(run("--help").out()).contains("\n  " + command + " ");
      assertThat(run(command, "--help").out()).contains("Exit codes:\n  0 ", "\n  1 ", "\n  2 ");
    }
    assertThat(run("--help").out()).contains("Exit codes:\n  0 ");
  }

  @Test
  void checkIndex_ofAFolderAndOfAServer_isRightAndIsMadeAnew() throws IOException {
    assertThat(runOnData("check", "db", "--index").out()).startsWith("the index is right: ");
    assertThat(runOnData("check", "db", "--index", "--rebuild").out())
        .startsWith("the index is right: made anew, ");
    try (Databases databases = Databases.open(Path.of(data));
        HttpServer server = HttpServer.start(databases, "127.0.0.1", 0, HttpLimits.DEFAULT)) {
      String url = server.address().toString();
      assertThat(run("check", "db", "--index", "--url", url).out())
          .startsWith("the index is right: ");
      assertThat(run("check", "db", "--index", "--rebuild", "--url", url).out())
          .startsWith("the index is right: made anew, ");
    }
    assertFailed(runOnData("check", "--index"), 2, "with --index give a database's name");
    assertFailed(runOnData("check", "db", "--rebuild"), 2, "--url and --rebuild are for --index");
    assertFailed(runOnData("check", "none", "--index"), 2, "there is no database none");
  }
}
