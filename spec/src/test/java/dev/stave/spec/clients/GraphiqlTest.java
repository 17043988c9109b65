package dev.stave.spec.clients;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.stave.spec.Browser;
import dev.stave.spec.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GraphiQL as the server has it, typed into in Chromium. */
class GraphiqlTest {

  /** To be looked at: {@code spec/target/graphiql}. */
  private static final Path PICTURES = Path.of("target", "graphiql").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void graphiql_typedInto_answersAndAsksNobodyElse() throws Exception {
    NodeTests.assumeInstalled();
    assumeThat(Browser.executable())
        .as("Chromium is installed: .ci/install-test-tools")
        .isPresent();
    Files.createDirectories(PICTURES);
    try (ServerProcess server = new ServerProcess(folder.resolve("data"))) {
      NodeTests.makeAdministrator(server.address());
      NodeTests.run(
          "graphiql.test.js",
          server.address(),
          folder.resolve("log"),
          Map.of(
              "CHROMIUM", Browser.executable().orElseThrow().toString(),
              "PICTURES", PICTURES.toString()));
    }
  }
}
