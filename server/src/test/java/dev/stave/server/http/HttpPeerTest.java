package dev.stave.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.AttachmentUpload;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.server.databases.DatabaseName;
import dev.stave.sync.DeadLetter;
import dev.stave.sync.DeadLetters;
import dev.stave.sync.Progress;
import dev.stave.sync.Replication;
import dev.stave.sync.ReplicationOptions;
import dev.stave.sync.http.Credentials;
import dev.stave.sync.http.HttpPeer;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.Scope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database of this process and one at a real server, replicated over HTTP. */
class HttpPeerTest extends ServerTest {

  private final Database here = Database.inMemory();
  private Database there;
  private HttpPeer peer;

  @BeforeEach
  void connect() {
    createDb();
    there = databases.find(new DatabaseName("db")).orElseThrow();
    peer = connect(at("/db"));
  }

  /** As a Stave that is told what the server knows. */
  HttpPeer connect(URI address) {
    return HttpPeer.at(address);
  }

  @AfterEach
  void close() {
    peer.close();
    here.close();
  }

  private static JsonObject body(String json) {
    return JsonObject.parse(json(json));
  }

  private Replication.Summary push() {
    return Replication.run(LocalPeer.of(here), peer);
  }

  private Replication.Summary pull() {
    return Replication.run(peer, LocalPeer.of(here));
  }

  private static List<RevisionId> leaves(Database database, String id) {
    return database.tree(id).leaves().stream().map(Revision::id).toList();
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static byte[] read(Database database, String id, String name) throws IOException {
    Attachment attachment = database.get(id).orElseThrow().attachments().get(name);
    try (InputStream in = database.attachments().open(attachment)) {
      return in.readAllBytes();
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 3_000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void push_documentsWithHistory_areTheSameThere() {
    RevisionId first = here.put("a", body("{'n': 12345678901234567890.10, 's': 'é'}"));
    RevisionId second = here.put("a", first, body("{'n': 2}"));
    here.delete("b", here.put("b", body("{}")));
    here.put("_design/d", body("{'language': 'javascript'}"));
    here.put("q/ü ?&+%2F", body("{}"));

    assertThat(push()).isEqualTo(new Replication.Summary(4, 4));

    for (String id : List.of("a", "b", "_design/d", "q/ü ?&+%2F")) {
      assertThat(there.get(id)).isEqualTo(here.get(id));
      assertThat(leaves(there, id)).isEqualTo(leaves(here, id));
    }
    assertThat(there.tree("a").path(second)).extracting(Revision::id).contains(first);
    assertThat(push()).isEqualTo(new Replication.Summary(0, 0));
  }

  @Test
  void pull_documentsWithHistory_areTheSameHere() {
    RevisionId first = there.put("a", body("{'n': 12345678901234567890.10, 's': 'é'}"));
    there.put("a", first, body("{'n': 2.50}"));
    there.write(new WriteBatch().delete("b", there.put("b", body("{}")), body("{'why': 'old'}")));
    there.put("_design/d", body("{}"));

    assertThat(pull()).isEqualTo(new Replication.Summary(3, 3));

    assertThat(here.get("a")).isEqualTo(there.get("a"));
    RevisionId tombstone = leaves(there, "b").get(0);
    assertThat(here.get("b", tombstone)).isEqualTo(there.get("b", tombstone));
    assertThat(pull()).isEqualTo(new Replication.Summary(0, 0));
  }

  @Test
  void bothEdited_pullAndPush_areTheSameConflictOnBothSides() {
    RevisionId first = here.put("a", body("{'n': 1}"));
    push();
    RevisionId hers = there.put("a", first, body("{'n': 2}"));
    RevisionId his = here.put("a", first, body("{'n': 3}"));

    pull();
    push();

    assertThat(here.get("a")).isEqualTo(there.get("a"));
    assertThat(leaves(here, "a")).containsExactlyInAnyOrder(hers, his);
    assertThat(leaves(there, "a")).isEqualTo(leaves(here, "a"));
  }

  @Test
  void pull_afterOurOwnPush_asksForTheBaseOfAConflict() {
    RevisionId first = there.put("a", body("{'n': 1, 'm': 1}"));
    RevisionId hers = there.put("a", first, body("{'n': 2, 'm': 1}"));
    there.put("x", body("{}"));
    try (Database other = Database.inMemory()) {
      Replication.run(there, other);
      here.put("unrelated", body("{}"));
      pull();
      RevisionId his = other.put("a", hers, body("{'n': 2, 'm': 3}"));
      here.put("a", hers, body("{'n': 3, 'm': 1}"));
      Replication.run(other, there);

      pull();

      assertThat(leaves(here, "a")).contains(his);
      assertThat(here.tree("a").missingBases()).isEmpty();
    }
  }

  @Test
  void attachments_ofAllKinds_travelBothWays() throws IOException {
    byte[] large = noise(3_000_000);
    RevisionId first =
        here.attachments().put("a", null, "p.png", "image/png", new ByteArrayInputStream(large));
    byte[] text = "again and again ".repeat(20_000).getBytes();
    try (var upload = here.attachments().beginCompressed("text/plain")) {
      upload.write(text);
      first = here.attachments().put("a", first, "t \"é\".txt", upload.finish());
    }
    first =
        here.attachments()
            .put("a", first, "folder/s", "image/gif", new ByteArrayInputStream(noise(10)));
    here.attachments().put("small", null, "s", "image/gif", new ByteArrayInputStream(noise(10)));

    push();

    assertThat(there.get("a")).isEqualTo(here.get("a"));
    assertThat(there.get("small")).isEqualTo(here.get("small"));
    assertThat(read(there, "a", "p.png")).isEqualTo(large);
    assertThat(read(there, "a", "t \"é\".txt")).isEqualTo(text);
    there.put("a", first, body("{'n': 1}"), there.get("a").orElseThrow().attachments());
    try (Database fresh = Database.inMemory()) {
      Replication.run(peer, LocalPeer.of(fresh));
      assertThat(fresh.get("a")).isEqualTo(there.get("a"));
      assertThat(fresh.attachments().totals()).isEqualTo(there.attachments().totals());
      assertThat(read(fresh, "a", "p.png")).isEqualTo(large);
      assertThat(read(fresh, "a", "folder/s")).isEqualTo(noise(10));
    }
    pull();
    assertThat(here.get("a")).isEqualTo(there.get("a"));
  }

  /** A merge is named by them: two peers that store them otherwise would merge for ever. */
  @Test
  void attachments_areStoredOnBothSidesAlike_whoeverMadeThem() throws IOException {
    Attachment text;
    try (AttachmentUpload upload = here.attachments().begin("text/plain")) {
      upload.write("as it is".repeat(100).getBytes(UTF_8));
      text = upload.finish();
      here.write(new WriteBatch().put("ours", null, body("{}"), Map.of("a.txt", text)));
    }
    String data = Base64.getEncoder().encodeToString("compressed".repeat(100).getBytes(UTF_8));
    putDoc(
        "theirs",
        "{'_attachments': {'a.txt': {'content_type': 'text/plain', 'data': '" + data + "'}}}");

    push();
    pull();

    for (String id : List.of("ours", "theirs")) {
      assertThat(there.get(id).orElseThrow().attachments())
          .isEqualTo(here.get(id).orElseThrow().attachments());
    }
    assertThat(here.get("theirs").orElseThrow().attachments().get("a.txt").encoding())
        .isEqualTo("gzip");
  }

  @Test
  void attachments_betweenTwoServers_goThroughUsStreamed() throws IOException {
    put("/other", "");
    byte[] large = noise(2_000_000);
    there.attachments().put("a", null, "p", "image/png", new ByteArrayInputStream(large));
    try (var upload = there.attachments().beginCompressed("text/plain")) {
      upload.write(new byte[500_000]);
      there.attachments().put("b", null, "t", upload.finish());
    }

    try (HttpPeer other = HttpPeer.at(at("/other"))) {
      Replication.run(peer, other);
    }

    Database target = databases.find(new DatabaseName("other")).orElseThrow();
    assertThat(target.get("a")).isEqualTo(there.get("a"));
    assertThat(target.get("b")).isEqualTo(there.get("b"));
    assertThat(read(target, "a", "p")).isEqualTo(large);
  }

  @Test
  void editOfADocument_thatHasLongAttachments_sendsThemNotAgain() throws IOException {
    byte[] large = noise(1_000_000);
    RevisionId first =
        here.attachments().put("a", null, "p", "image/png", new ByteArrayInputStream(large));
    push();
    here.put("a", first, body("{'n': 1}"));

    push();

    assertThat(there.get("a")).isEqualTo(here.get("a"));
  }

  @Test
  void checkpoint_whoeverBeganIt_isFoundByTheOtherSide() {
    for (int i = 0; i < 10; i++) {
      here.put("d" + i, body("{}"));
    }
    push();

    // as if the other side pulled: its own database is the target, ours is asked over HTTP
    Replication.Summary summary = Replication.run(here, there);

    assertThat(summary).isEqualTo(new Replication.Summary(0, 0));
    String id = localIds().get(0);
    var checkpoint = get("/db/_local/" + id).json();
    assertThat(checkpoint.get("session_id").asText()).hasSize(32);
    assertThat(checkpoint.get("source_last_seq").asLong()).isEqualTo(here.lastSequence());
    assertThat(checkpoint.get("replication_id_version").asInt()).isEqualTo(4);
    assertThat(checkpoint.at("/history/0/docs_written").asInt()).isEqualTo(10);
    assertThat(checkpoint.at("/history/0/end_time").asText()).endsWith("GMT");
  }

  private List<String> localIds() {
    return get("/db/_local_docs").json().get("rows").findValuesAsText("id").stream()
        .map(id -> id.substring("_local/".length()))
        .filter(id -> id.startsWith("stave-"))
        .toList();
  }

  @Test
  void scope_bySelectorAndIds_isDecidedAtTheSource() {
    there.put("a", body("{'city': 'Paris'}"));
    RevisionId b = there.put("b", body("{'city': 'Lyon'}"));
    there.put("c", body("{'city': 'Nice'}"));
    ReplicationOptions options = ReplicationOptions.DEFAULT;

    run(peer, LocalPeer.of(here), options.withScope(Scope.selector(json("{'city': 'Paris'}"))));
    assertThat(here.count()).isEqualTo(1);
    run(peer, LocalPeer.of(here), options.withScope(Scope.ids(List.of("a", "b"))));
    assertThat(here.count()).isEqualTo(2);

    put("/other", "");
    Database other = databases.find(new DatabaseName("other")).orElseThrow();
    Scope lyon = Scope.selector(json("{'city': 'Lyon'}"));
    try (HttpPeer target = HttpPeer.at(at("/other"))) {
      run(LocalPeer.of(here), target, options.withScope(lyon));
      assertThat(other.count()).isEqualTo(1);
      here.delete("b", b);
      here.delete("a", here.get("a").orElseThrow().revision());
      run(LocalPeer.of(here), target, options.withScope(lyon));
      assertThat(other.get("b")).isEmpty(); // it hears of the end of what it has
      assertThat(other.tree("a").winner()).isEmpty(); // and of nothing else
    }
  }

  private static Replication.Summary run(Peer source, Peer target, ReplicationOptions options) {
    return Replication.of(source, target, options).start().await();
  }

  @Test
  void filterFunction_withParameters_runsAtTheSource() {
    put(
        "/db/_design/f",
        "{'filters': {'of': 'function(doc, req) { return doc.city == req.query.city; }'}}");
    there.put("a", body("{'city': 'Paris'}"));
    there.put("b", body("{'city': 'Lyon'}"));

    Scope scope = Scope.filter("f/of", Map.of("city", "Lyon"));
    run(peer, LocalPeer.of(here), ReplicationOptions.DEFAULT.withScope(scope));

    assertThat(here.get("b")).isPresent();
    assertThat(here.get("a")).isEmpty();
  }

  @Test
  void refusedDocument_isADeadLetter_andTheOthersGoOn() {
    String check =
        "function(doc) { if (doc.type == 'order' && !doc.total) throw({forbidden: 'no total'}); }";
    there.put(
        "_design/check",
        JsonObject.from(Map.of("language", "javascript", "validate_doc_update", check)));
    here.put("a", body("{'n': 1}"));
    RevisionId bad = here.put("b", body("{'type': 'order'}"));
    here.put("c", body("{'n': 1}"));

    Replication replication = Replication.of(LocalPeer.of(here), peer, ReplicationOptions.DEFAULT);
    replication.start().await();

    assertThat(there.get("a")).isPresent();
    assertThat(there.get("c")).isPresent();
    assertThat(there.get("b")).isEmpty();
    DeadLetters letters = replication.deadLetters().orElseThrow();
    assertThat(letters.list()).hasSize(1);
    DeadLetter letter = letters.list().get(0);
    assertThat(letter.document()).isEqualTo("b");
    assertThat(letter.revision()).isEqualTo(bad);
    assertThat(letter.reason()).contains("no total");
    assertThat(letter.attempts()).isEqualTo(1);

    letters.retry(letter);
    push();
    assertThat(letters.list()).hasSize(1);
    assertThat(letters.list().get(0).attempts()).isEqualTo(2);

    here.put("b", bad, body("{'type': 'order', 'total': 1}"));
    push();
    assertThat(there.get("b")).isEqualTo(here.get("b"));
    assertThat(letters.list()).isEmpty();
  }

  @Test
  void live_bothWays_eachSeesTheOthersEdits() throws InterruptedException {
    ReplicationOptions live = ReplicationOptions.DEFAULT.continuously();
    try (Replication push = Replication.of(LocalPeer.of(here), peer, live).start();
        Replication pull = Replication.of(peer, LocalPeer.of(here), live).start()) {
      for (int i = 0; i < 20; i++) {
        here.put("h" + i, body("{}"));
        there.put("t" + i, body("{}"));
      }
      await(() -> here.count() == 40 && there.count() == 40);
      await(() -> push.progress().state() == Progress.State.IDLE);
      await(() -> pull.progress().state() == Progress.State.IDLE);
      there.put("late", body("{}"));
      await(() -> here.get("late").isPresent());
      push.pause();
      await(() -> push.progress().state() == Progress.State.PAUSED);
      here.put("paused", body("{}"));
      push.resume();
      await(() -> there.get("paused").isPresent());
    }
  }

  @Test
  void serverThatIsAway_isTriedAgain_andAHintIsEnough() throws Exception {
    ReplicationOptions live = ReplicationOptions.DEFAULT.continuously();
    URI address = at("/db");
    here.put("a", body("{}"));
    server.close();
    CountDownLatch retrying = new CountDownLatch(1);
    try (Replication push = Replication.of(LocalPeer.of(here), peer, live)) {
      push.watch(
          progress -> {
            if (progress.state() == Progress.State.RETRYING) {
              retrying.countDown();
            }
          });
      push.start();
      assertThat(retrying.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(push.progress().error()).contains("cannot be reached");

      databases = dev.stave.server.databases.Databases.open(folder.resolve("data"));
      server = HttpServer.start(databases, "127.0.0.1", address.getPort(), limits());
      push.hint();
      await(
          () ->
              databases
                  .find(new DatabaseName("db"))
                  .flatMap(database -> database.get("a"))
                  .isPresent());
      await(() -> push.progress().error() == null);
    }
  }

  @Test
  void login_thatIsRefused_stopsTheJob_andNoPasswordIsShown() {
    here.put("a", body("{}"));
    put("/_node/_local/_config/admins/root", "'top'");
    URI address = URI.create(at("/db").toString().replace("://", "://root:sesame@"));

    try (HttpPeer wrong = HttpPeer.at(address)) {
      Replication push =
          Replication.of(LocalPeer.of(here), wrong, ReplicationOptions.DEFAULT.continuously());
      assertThatThrownBy(() -> push.start().await())
          .isInstanceOf(PeerException.class)
          .hasMessageContaining("does not let us in")
          .hasMessageNotContaining("sesame");
      assertThat(push.progress().state()).isEqualTo(Progress.State.FAILED);
      assertThat(wrong.toString() + push.progress()).doesNotContain("sesame");
    }
    try (HttpPeer right = HttpPeer.at(at("/db"), Credentials.basic("root", "top"))) {
      assertThat(Replication.run(LocalPeer.of(here), right).written()).isEqualTo(1);
    }
    try (HttpPeer cookie = HttpPeer.at(at("/db"), Credentials.cookie("root", "top"))) {
      assertThat(Replication.run(LocalPeer.of(here), cookie).written()).isZero();
    }
  }

  @Test
  void databaseThatIsNotThere_isSaidSo() {
    try (HttpPeer none = HttpPeer.at(at("/none"))) {
      assertThatThrownBy(() -> Replication.run(LocalPeer.of(here), none))
          .isInstanceOf(PeerException.class)
          .hasMessageContaining("no such database");
      none.create();
      none.create();
      assertThat(Replication.run(LocalPeer.of(here), none).written()).isZero();
    }
  }

  @Test
  void address_thatIsNone_isNotRepeated() {
    assertThatThrownBy(() -> HttpPeer.at(URI.create("ftp://u:secret@x/db")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> HttpPeer.at(URI.create("http://u:secret@x/")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void whoMadeARevision_isToldToo() {
    here.write(new WriteBatch().author("ann").reason("because").put("a", body("{}")));
    RevisionId ofAnn = here.get("a").orElseThrow().revision();
    push();
    assertThat(there.history("a").provenances())
        .isEqualTo(here.history("a").provenances())
        .hasSize(1);
    there.write(new WriteBatch().author("bob").put("a", ofAnn, body("{'n': 1}")));

    pull();

    assertThat(here.history("a").provenances())
        .isEqualTo(there.history("a").provenances())
        .hasSize(2);
    assertThat(get("/db/a").json().has("_stave")).isFalse();
    String graft =
        "{'new_edits': false, 'docs': [{'_id': 'x', '_rev': '1-a', '_stave': {'provenances': {'1-a': {}}}}]}";
    assertThat(post("/db/_bulk_docs", graft).text()).contains("doc_validation");
  }

  /** A deletion seemed to be of a document that the server never had, if that was edited there. */
  @Test
  void push_deletionOfWhatWasEditedThere_arrivesInScopeToo() {
    Scope mine = Scope.selector("{\"mine\": true}");
    ReplicationOptions options = ReplicationOptions.DEFAULT.withScope(mine);
    RevisionId first = here.put("a", body("{'mine': true}"));
    Replication.of(LocalPeer.of(here), peer, options).start().await();
    there.put("a", first, body("{'mine': true, 'n': 1}"));
    RevisionId end = here.delete("a", first);

    Replication.of(LocalPeer.of(here), peer, options).start().await();

    assertThat(leaves(there, "a")).contains(end);
  }

  /** Whoever was made anew under an old name was taken for the old one. */
  @Test
  void target_madeAnewUnderTheSameName_getsAll() {
    here.put("a", body("{}"));
    push();
    delete("/db");
    createDb();

    try (HttpPeer again = HttpPeer.at(at("/db"))) {
      assertThat(Replication.run(LocalPeer.of(here), again).written()).isEqualTo(1);
      put("/db/b", "{}");
      delete("/db");
      createDb();
      assertThat(Replication.run(LocalPeer.of(here), again).written()).isEqualTo(1);
    }
  }

  @Test
  void manyDocuments_smallBatches_allArrive() {
    for (int i = 0; i < 300; i++) {
      here.put("d" + i, body("{'n': " + i + "}"));
    }

    run(LocalPeer.of(here), peer, ReplicationOptions.DEFAULT.withBatchSize(7));
    try (Database other = Database.inMemory()) {
      run(peer, LocalPeer.of(other), ReplicationOptions.DEFAULT.withBatchSize(11));
      assertThat(other.count()).isEqualTo(300);
      assertThat(other.get("d17").map(Document::body))
          .isEqualTo(here.get("d17").map(Document::body));
    }
  }
}
