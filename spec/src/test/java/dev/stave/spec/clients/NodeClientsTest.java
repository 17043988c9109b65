package dev.stave.spec.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.stave.spec.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CouchDB's clients for Node, as they come from npm, against a real server. */
class NodeClientsTest {

  private static final Path CLIENTS = Path.of("clients").toAbsolutePath();
  private static final int MINUTES = 3;

  @TempDir private static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws IOException {
    assumeThat(CLIENTS.resolve("node_modules"))
        .as("npm's clients are installed; without them they are not tested: .ci/install-test-tools")
        .isDirectory();
    server = new ServerProcess(folder.resolve("data"));
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nano.test.js", "pouchdb.test.js", "pouchdb-attachments.test.js"})
  void client_itsTests_pass(String tests) throws Exception {
    Path printed = folder.resolve(tests + ".log");
    ProcessBuilder builder =
        new ProcessBuilder("node", "--test", "--test-reporter=spec", tests)
            .directory(CLIENTS.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile());
    builder.environment().put("STAVE", server.address().toString());
    Process node = builder.start();
    boolean ended = node.waitFor(MINUTES, TimeUnit.MINUTES);
    node.destroyForcibly();

    String text = Files.readString(printed, StandardCharsets.UTF_8);
    assertThat(ended).as(text).isTrue();
    assertThat(node.exitValue()).as(text).isZero();
    assertThat(text).contains("fail 0");
  }
}
