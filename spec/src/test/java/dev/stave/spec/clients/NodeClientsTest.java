package dev.stave.spec.clients;

import dev.stave.spec.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of CouchDB and GraphQL for Node, as they come from npm, against a real server. */
class NodeClientsTest {

  @TempDir private static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws IOException {
    NodeTests.assumeInstalled();
    server = new ServerProcess(folder.resolve("data"));
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nano.test.js",
        "pouchdb.test.js",
        "pouchdb-attachments.test.js",
        "rxdb.test.js",
        "graphql.test.js"
      })
  void client_itsTests_pass(String tests) throws Exception {
    NodeTests.run(tests, server.address(), folder.resolve(tests + ".log"), Map.of());
  }
}
