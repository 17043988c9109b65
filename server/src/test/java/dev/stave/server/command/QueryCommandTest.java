package dev.stave.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.http.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueryCommandTest extends CommandTest {

  @BeforeEach
  void documents() throws IOException {
    String file =
        file(
            "a.ndjson",
            "{'_id': 'a', 'n': 1, 'x': 1.10}\n{'_id': 'b', 'n': 9007199254740993}\n{'_id': 'c', 'n': 2}\n");
    runOnData("import", file, "db");
  }

  @Test
  void query_selector_printsADocumentALine() {
    Outcome outcome = runOnData("query", "db", "{\"n\": {\"$lt\": 3}}", "--sort", "n");

    assertThat(outcome.lines()).hasSize(2);
    assertThat(outcome.lines().get(0)).matches(".\"_id\":\"a\",\"_rev\":\"1-.*\"n\":1,\"x\":1.10}");
    assertThat(runOnData("query", "db", "{}", "--sort", "n", "--desc", "--limit", "1").lines())
        .singleElement()
        .asString()
        .contains("9007199254740993");
  }

  @Test
  void query_explain_printsThePlanAsATree() {
    Outcome outcome =
        runOnData("query", "db", "{\"n\": {\"$lt\": 3}, \"x\": {\"$gt\": 1}}", "--explain");

    assertThat(outcome.lines()).hasSizeGreaterThan(3);
    assertThat(outcome.out()).contains("\n  index: ").contains("order: ").contains("read: ");
  }

  @Test
  void query_overHttp_printsTheSame() {
    List<String> local = runOnData("query", "db", "{}", "--sort", "n").lines();
    try (HttpServer server =
        HttpServer.start(Databases.open(Path.of(data)), "127.0.0.1", 0, HttpLimits.DEFAULT)) {
      String url = server.address().toString();

      assertThat(run("query", "db", "{}", "--sort", "n", "--url", url).lines()).isEqualTo(local);
      assertThat(run("query", "db", "{}", "--explain", "--url", url).out()).contains("order: ");
      assertThat(run("query", "none", "{}", "--url", url).err())
          .contains("404 not_found: Database does not exist.");
    }
  }

  @Test
  void query_wrong_saysSoInOneLine() {
    assertThat(runOnData("query", "none", "{}").err()).contains("there is no database none");
    assertThat(run("query", "db", "{}", "--data", folder + "/none").err())
        .contains("there is no data folder");
    assertThat(runOnData("query", "db", "{").err()).startsWith("stave: malformed JSON");
    assertThat(runOnData("query", "db", "{\"a\": {\"$x\": 1}}").err())
        .isEqualTo("stave: Invalid operator: $x\n");
    assertThat(runOnData("query", "db", "{}", "--desc").exitCode()).isEqualTo(1);
    assertThat(runOnData("query", "db", "{}", "--limit", "-1").err()).hasLineCount(1);
    assertThat(runOnData("query", "db").exitCode()).isEqualTo(2);
  }

  @Test
  void query_folderOfSomethingElse_isLeftAsItIs() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));

    assertThat(run("query", "db", "{}", "--data", other.toString()).err())
        .isEqualTo("stave: " + other + " is not a data folder of Stave\n");
    assertThat(other).isEmptyDirectory();
  }

  @Test
  void query_wrongWords_areToldPlainly() {
    assertThat(runOnData("query", "db", "[]").err()).contains("a selector is a JSON object");
    assertThat(run("query", "db", "{}", "--url", "foo").err())
        .isEqualTo(
            "stave: --url is the address of a server, such as http://127.0.0.1:5984, not foo\n");
    assertThat(run("query", "db", "{}", "--data", "x", "--url", "y").err())
        .doesNotContain("Error: ");
  }
}
