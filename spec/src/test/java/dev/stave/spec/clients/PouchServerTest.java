package dev.stave.spec.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.stave.database.Database;
import dev.stave.document.Attachment;
import dev.stave.json.JsonObject;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.sync.Replica;
import dev.stave.sync.Replication;
import dev.stave.sync.ReplicationOptions;
import dev.stave.sync.http.HttpPeer;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Scope;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Our replication with PouchDB Server, as it comes from npm: sequences and revisions of others. */
class PouchServerTest {

  private static final Path CLIENTS = Path.of("clients").toAbsolutePath();

  private static Process node;
  private static URI server;
  private static int count;

  private final Database here = Database.inMemory();
  private final Database other = Database.inMemory();
  private HttpPeer peer;

  @BeforeAll
  static void start() throws IOException {
    assumeThat(CLIENTS.resolve("node_modules/express-pouchdb"))
        .as("PouchDB Server is installed; without it it is not tested: .ci/install-test-tools")
        .isDirectory();
    node =
        new ProcessBuilder("node", "pouchdb-server.js")
            .directory(CLIENTS.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
    server = URI.create(out.readLine());
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.destroyForcibly();
    }
  }

  @BeforeEach
  void create() {
    peer = HttpPeer.at(server.resolve("db" + count++));
    peer.create();
  }

  @AfterEach
  void close() {
    peer.close();
    here.close();
    other.close();
  }

  private static JsonObject body(int n) {
    return JsonObject.parse("{\"n\": " + n + "}");
  }

  private static Replication.Summary push(Database from, HttpPeer to) {
    return Replication.run(LocalPeer.of(from), to);
  }

  private static Replication.Summary pull(HttpPeer from, Database to) {
    return Replication.run(from, LocalPeer.of(to));
  }

  private static List<RevisionId> leaves(Database database, String id) {
    return database.tree(id).leaves().stream().map(Revision::id).toList();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 3_000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void documents_thereAndBack_areTheSame() {
    RevisionId first = here.put("a", body(1));
    here.put("a", first, body(2));
    here.delete("b", here.put("b", body(1)));
    for (int i = 0; i < 300; i++) {
      here.put("d" + i, body(i));
    }

    assertThat(push(here, peer).written()).isEqualTo(302);
    assertThat(pull(peer, other).written()).isEqualTo(302);

    assertThat(other.get("a")).isEqualTo(here.get("a"));
    assertThat(leaves(other, "b")).isEqualTo(leaves(here, "b"));
    assertThat(other.count()).isEqualTo(301);
    assertThat(push(here, peer)).isEqualTo(new Replication.Summary(0, 0));
    assertThat(pull(peer, other)).isEqualTo(new Replication.Summary(0, 0));
  }

  @Test
  void conflict_ofTwoThatMetThere_isTheSameEverywhere() {
    RevisionId first = here.put("a", body(1));
    push(here, peer);
    pull(peer, other);
    here.put("a", first, body(2));
    other.put("a", first, body(3));

    push(here, peer);
    push(other, peer);
    pull(peer, here);
    pull(peer, other);

    assertThat(leaves(here, "a")).hasSize(2).isEqualTo(leaves(other, "a"));
    assertThat(here.get("a")).isEqualTo(other.get("a"));
  }

  @Test
  void attachments_thereAndBack_areTheSameBytes() throws IOException {
    byte[] large = new byte[400_000];
    new Random(1).nextBytes(large);
    RevisionId first =
        here.attachments().put("a", null, "large", "image/png", new ByteArrayInputStream(large));
    first =
        here.attachments()
            .put("a", first, "s", "text/plain", new ByteArrayInputStream(new byte[9]));
    push(here, peer);
    here.put("a", first, body(1), here.get("a").orElseThrow().attachments());
    push(here, peer);

    pull(peer, other);

    assertThat(other.get("a").orElseThrow().revision())
        .isEqualTo(here.get("a").orElseThrow().revision());
    Attachment attachment = other.get("a").orElseThrow().attachments().get("large");
    try (InputStream in = other.attachments().open(attachment)) {
      assertThat(in.readAllBytes()).isEqualTo(large);
    }
    assertThat(other.get("a").orElseThrow().attachments()).containsKey("s");
  }

  @Test
  void scope_isDecidedThere() {
    for (int i = 0; i < 10; i++) {
      here.put("d" + i, body(i));
    }
    push(here, peer);
    Scope ids = Scope.ids(List.of("d1", "d7"));

    Replication.of(peer, LocalPeer.of(other), ReplicationOptions.DEFAULT.withScope(ids))
        .start()
        .await();

    assertThat(other.count()).isEqualTo(2);
  }

  @Test
  void live_twoReplicas_meetThere() throws InterruptedException {
    try (Replica one = Replica.of(here).with(peer).start();
        Replica two = Replica.of(other).with(peer).start()) {
      here.put("a", body(1));
      await(() -> other.get("a").isPresent());
      other.put("b", body(2));
      await(() -> here.get("b").isPresent());
      await(() -> one.state().isInStep() && two.state().isInStep());
    }
  }
}
