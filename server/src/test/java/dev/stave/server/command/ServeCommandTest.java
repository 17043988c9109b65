package dev.stave.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stave.server.http.HttpServer;
import dev.stave.server.http.HttpServerException;
import dev.stave.server.sample.SampleData;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ServeCommandTest extends CommandTest {

  private final StringWriter out = new StringWriter();

  private ServeCommand parse(String... arguments) {
    ServeCommand command = new ServeCommand(new PrintWriter(out));
    new CommandLine(command).parseArgs(arguments);
    return command;
  }

  @Test
  void serve_anyPort_printsWhereItIs() {
    try (HttpServer server = parse("--data", data, "--port", "0").start()) {
      assertThat(out.toString())
          .contains("is at " + server.address() + " with its data in " + data)
          .contains("Console: " + server.address() + "_console")
          .contains("GraphQL: " + server.address() + "_graphiql")
          .contains("There is no administrator: EVERYBODY ON THIS MACHINE")
          .hasLineCount(4);
      assertThat(server.address().getPort()).isPositive();
    }
  }

  @Test
  void serve_queryTimeout_isTakenWithinItsBounds() {
    for (String seconds : List.of("1", "86400")) {
      try (HttpServer server =
          parse("--data", data, "--port", "0", "--query-timeout", seconds).start()) {
        assertThat(server.address().getPort()).isPositive();
      }
    }
    for (String seconds : List.of("0", "86401")) {
      assertThatThrownBy(() -> parse("--data", data, "--query-timeout", seconds).start())
          .hasMessage("--query-timeout is between 1 and 86400, not " + seconds);
    }
  }

  @Test
  void serve_durabilityAndMemory_areTakenAndServe() throws Exception {
    for (String durability : List.of("sync", "interval:10", "none")) {
      ServeCommand command =
          parse("--data", data, "--port", "0", "--durability", durability, "--memory", "2");
      try (HttpServer server = command.start()) {
        String file = file("docs.json", "[{'_id': '" + durability + "'}]");
        assertThat(run("import", file, "db", "--url", server.address().toString()).exitCode())
            .isZero();
      }
    }
    assertThat(runOnData("query", "db", "{}").lines()).hasSize(3);
  }

  @Test
  void serve_sample_printsLinesThatWork() throws Exception {
    try (HttpServer server = parse("--data", data, "--port", "0", "--sample").start()) {
      assertThat(server.address().getPort()).isPositive();
      List<String> curls = out.toString().lines().filter(l -> l.startsWith("curl ")).toList();
      assertThat(curls).hasSize(3);

      assertThat(shell(curls.get(0)).get("docs")).hasSizeGreaterThan(3);
      assertThat(shell(curls.get(1)).at("/plan/steps/exact").asBoolean()).isTrue();
      assertThat(shell(curls.get(2)).get("_conflicts")).hasSize(1);
    }
    try (HttpServer server = parse("--data", data, "--port", "0", "--sample").start()) {
      assertThat(run("query", "lighthouses", "{}", "--url", server.address().toString()).lines())
          .hasSize(SampleData.DOCUMENTS);
    }
  }

  private static JsonNode shell(String line) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sh", "-c", line).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return new ObjectMapper().readTree(output);
  }

  @Test
  void serve_hostThatOthersReach_isRefusedAndMakesNothing() {
    Outcome outcome = runOnData("serve", "--host", "0.0.0.0");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("administrator").hasLineCount(1);
    assertThat(Path.of(data)).doesNotExist();
  }

  @Test
  void serve_portInUse_saysSoAndReleasesTheData() {
    try (HttpServer server = parse("--data", data, "--port", "0").start()) {
      String port = "" + server.address().getPort();
      ServeCommand second = parse("--data", data + "2", "--port", port);

      assertThatThrownBy(second::start)
          .isInstanceOf(HttpServerException.class)
          .hasMessageContaining("choose another with --port");
      assertThat(Path.of(data + "2")).doesNotExist();
      parse("--data", data + "2", "--port", "0").start().close();
    }
  }

  @Test
  void serve_badArguments_areOneLine() throws IOException {
    assertThat(runOnData("serve", "--port", "x").exitCode()).isEqualTo(2);
    assertThat(runOnData("serve", "--port", "x").err()).contains("--port").hasLineCount(1);
    assertThat(runOnData("serve", "--port", "70000").err()).contains("65535").hasLineCount(1);
    for (String durability : List.of("", "maybe", "interval:", "interval:0", "interval:3600001")) {
      Outcome outcome = runOnData("serve", "--durability", durability);
      assertThat(outcome.exitCode()).isEqualTo(2);
      assertThat(outcome.err()).contains("--durability").hasLineCount(1);
    }
    assertFailed(runOnData("serve", "--memory", "0"), 1, "--memory is between 1 and 65536, not 0");
    assertThat(Path.of(data)).doesNotExist();
    String file = Files.writeString(folder.resolve("file"), "x").toString();
    assertThat(run("serve", "--data", file, "--port", "0").err())
        .contains("is a file")
        .hasLineCount(1);
  }

  @Test
  void stave_helpAndVersion_areThere() {
    assertThat(run("--help").out()).contains("serve").contains("import").contains("query");
    assertThat(run().exitCode()).isZero();
    assertThat(run("--version").out()).startsWith("stave ");
    assertThat(run("serve", "--help").out()).contains("--sample");
    assertThat(run("nonsense").exitCode()).isEqualTo(2);
    assertThat(run("nonsense").err()).hasLineCount(1);
  }
}
