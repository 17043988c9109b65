package dev.stave.spec.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Tests in JavaScript, of {@code spec/clients}, which Node runs. */
final class NodeTests {

  static final Path FOLDER = Path.of("clients").toAbsolutePath();

  private static final int MINUTES = 3;

  private NodeTests() {}

  /** Skips the test where npm's packages are not. */
  static void assumeInstalled() {
    assumeThat(FOLDER.resolve("node_modules"))
        .as("npm's clients are installed; without them they are not tested: .ci/install-test-tools")
        .isDirectory();
  }

  /** Runs those of {@code file}, all of which have to pass, and keeps what they print. */
  static void run(String file, URI server, Path printed, Map<String, String> more)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("node", "--test", "--test-reporter=spec", file)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile());
    builder.environment().put("STAVE", server.toString());
    builder.environment().putAll(more);
    Process node = builder.start();
    boolean ended = node.waitFor(MINUTES, TimeUnit.MINUTES);
    node.destroyForcibly();

    String text = Files.readString(printed, StandardCharsets.UTF_8);
    assertThat(ended).as(text).isTrue();
    assertThat(node.exitValue()).as(text).isZero();
  }

  /** Gives a server its administrator: root, whose password is "secret". */
  static void makeAdministrator(URI server) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("_node/_local/_config/admins/root"))
            .PUT(BodyPublishers.ofString("\"secret\""))
            .build();
    int status = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode();
    assertThat(status).isEqualTo(200);
  }
}
