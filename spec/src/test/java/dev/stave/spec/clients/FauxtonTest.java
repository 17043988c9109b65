package dev.stave.spec.clients;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.stave.spec.Browser;
import dev.stave.spec.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fauxton, CouchDB's admin page, as an administrator uses it in Chromium. */
class FauxtonTest {

  private static final Path PAGES = NodeTests.FOLDER.resolve("fauxton/package");

  /** To be looked at: {@code spec/target/fauxton}. */
  private static final Path PICTURES = Path.of("target", "fauxton").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void fauxton_clickedThrough_isNeverAnsweredWithAnError() throws Exception {
    NodeTests.assumeInstalled();
    assumeThat(Browser.executable())
        .as("Chromium is installed: .ci/install-test-tools")
        .isPresent();
    assumeThat(PAGES).as("Fauxton is installed: .ci/install-test-tools").isDirectory();
    Files.createDirectories(PICTURES);
    Path data = folder.resolve("data");
    try (ServerProcess server = new ServerProcess(data, "--utils", PAGES.toString())) {
      NodeTests.makeAdministrator(server.address());
      NodeTests.run(
          "fauxton.test.js",
          server.address(),
          folder.resolve("log"),
          Map.of(
              "CHROMIUM", Browser.executable().orElseThrow().toString(),
              "PICTURES", PICTURES.toString()));
    }
  }
}
