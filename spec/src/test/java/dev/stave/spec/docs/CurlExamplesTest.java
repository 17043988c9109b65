package dev.stave.spec.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stave.spec.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The curl lines of the README work as they stand, against a server with sample data. */
class CurlExamplesTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;

  @Test
  void readme_curlLines_answerWhatTheySay() throws Exception {
    assumeThat(Files.isExecutable(Path.of("/usr/bin/curl")))
        .as("curl is installed; without it the README's curl lines are not tested")
        .isTrue();
    List<String> lines =
        Markdown.read(ROOT.resolve("README.md")).blocks("sh").stream()
            .flatMap(List::stream)
            .filter(line -> line.startsWith("curl"))
            .collect(Collectors.toList());
    assertThat(lines).hasSize(3);

    try (ServerProcess server = new ServerProcess(folder.resolve("data"), "--sample")) {
      JsonNode found = run(lines.get(0), server);
      JsonNode explained = run(lines.get(1), server);
      JsonNode conflict = run(lines.get(2), server);

      assertThat(found.get("docs")).isNotEmpty();
      assertThat(found.get("docs")).allSatisfy(doc -> assertThat(doc.has("name")).isTrue());
      assertThat(explained.at("/plan/documents_read").asInt())
          .isEqualTo(explained.at("/plan/returned").asInt())
          .isPositive();
      assertThat(conflict.get("_conflicts")).hasSize(1);
    }
  }

  private static JsonNode run(String line, ServerProcess server) throws Exception {
    String here = line.replace("localhost:5984", "127.0.0.1:" + server.address().getPort());
    Process shell = new ProcessBuilder("sh", "-c", here).start();
    byte[] answer = shell.getInputStream().readAllBytes();
    assertThat(shell.waitFor()).as(here).isZero();
    JsonNode json = new ObjectMapper().readTree(answer);
    assertThat(json.has("error")).as(new String(answer, StandardCharsets.UTF_8)).isFalse();
    return json;
  }
}
