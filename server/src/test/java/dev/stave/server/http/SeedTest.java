package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.revision.RevisionId;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.sync.Replica;
import dev.stave.sync.Replication;
import dev.stave.sync.ReplicationOptions;
import dev.stave.sync.http.HttpPeer;
import dev.stave.sync.peer.LocalPeer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** First syncs of whole databases from a real server, by files, and what may come in between. */
class SeedTest extends ServerTest {

  private static final int DOCUMENTS = 3_000;

  @TempDir Path local;
  private Database here;
  private Database there;

  @BeforeEach
  void create() {
    createDb();
    there = databases.find(new DatabaseName("db")).orElseThrow();
    there.put("d-1", body("{'n': 0}"));
    there.put("d-2", body("{'n': 0}"));
    fill(there, 3, DOCUMENTS);
    edit(there, "d-1"); // so that sequences are not those that a feed would give
    here = Database.open(local.resolve("here"));
  }

  @AfterEach
  void close() {
    here.close();
  }

  private static JsonObject body(String json) {
    return JsonObject.parse(json(json));
  }

  private static void fill(Database database, int from, int to) {
    WriteBatch batch = new WriteBatch();
    String text = "y".repeat(900);
    for (int i = from; i <= to; i++) {
      batch.put("d-" + i, body("{'n': " + i + ", 'text': '" + text + "'}"));
    }
    database.write(batch);
  }

  private static RevisionId edit(Database database, String id) {
    return database.put(
        id, database.get(id).orElseThrow().revision(), body("{'edited': '" + id + "'}"));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 6_000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private Replication.Summary pull(URI from) {
    try (HttpPeer peer = HttpPeer.at(from)) {
      return Replication.run(peer, LocalPeer.of(here));
    }
  }

  /** By the feed they would be numbered anew. */
  private boolean cameInFiles() {
    return here.changes(0, 10_000).equals(there.changes(0, 10_000));
  }

  @Test
  void replica_nothingHere_beginsWithFiles_andIsInStepBothWays() throws InterruptedException {
    try (Replica replica = Replica.of(here).with(at("/db")).start()) {
      await(() -> replica.state().isInStep() && here.count() == DOCUMENTS);

      assertThat(cameInFiles()).isTrue();
      assertThat(here.uuid()).isNotEqualTo(there.uuid());
      assertThat(replica.state().push().orElseThrow().changes()).isZero(); // nothing goes back
      RevisionId mine = here.put("mine", body("{}"));
      assertThat(replica.awaitAcknowledged("mine", mine, Duration.ofSeconds(30)).isFinal())
          .isTrue();
      edit(there, "d-2");
      await(() -> here.get("d-2").equals(there.get("d-2")));
      assertThat(here.find(Query.where(json("{'edited': 'd-1'}")))).hasSize(1);
    }
    here.close();
    here = Database.open(local.resolve("here"));
    fill(there, 10_000, 10_010);

    assertThat(pull(at("/db")).changes()).isLessThan(20); // it goes on, and does not begin again
    assertThat(here.count()).isEqualTo(there.count());
    assertThat(here.checkIndex()).isEmpty();
  }

  @Test
  void replication_somethingIsHere_comesByTheFeed() {
    here.put("mine", body("{}"));

    pull(at("/db"));

    assertThat(here.count()).isEqualTo(DOCUMENTS + 1);
    assertThat(cameInFiles()).isFalse();
  }

  @Test
  void replication_aPartOnly_comesByTheFeed() {
    ReplicationOptions some =
        ReplicationOptions.DEFAULT.withScope(
            dev.stave.sync.peer.Scope.selector(json("{'n': {'$lt': 100}}")));
    try (HttpPeer peer = HttpPeer.at(at("/db"))) {
      Replication.of(peer, LocalPeer.of(here), some).start().await();
    }

    assertThat(here.count()).isLessThan(101).isPositive();
  }

  @Test
  void replication_betweenDatabasesOfThisProcess_takesFiles() {
    Replication.run(there, here);

    assertThat(cameInFiles()).isTrue();
    assertThat(Replication.run(there, here).changes()).isZero();
    assertThat(Replication.run(here, there).changes()).isZero();
  }

  @Test
  void seed_rightsAndLocalDocuments_doNotTravel() {
    put("/db/_security", "{'admins': {'names': ['boss']}}");
    there.putLocal("l", body("{'secret': 1}"));

    pull(at("/db"));

    assertThat(cameInFiles()).isTrue();
    List<String> locals = new ArrayList<>();
    here.forEachLocal(dev.stave.database.IdRange.ALL, (id, doc) -> locals.add(id));
    locals.removeIf(id -> id.startsWith("stave.peer.")); // whom it has met
    assertThat(locals).allMatch(id -> id.startsWith("stave-")).hasSize(2); // there and back
  }

  @Test
  void seed_ofTheServersOwn_isNone() {
    put("/_users", "");

    assertThat(get("/_users/_seed").status()).isEqualTo(404);
    assertThat(get("/db/_seed/1-1-0000000000000000/MANIFEST").status()).isEqualTo(404);
    assertThat(get("/db/_seed/..%2f..%2f/MANIFEST").status()).isEqualTo(404);
    String id = get("/db/_seed").json().path("id").asText();
    assertThat(get("/db/_seed/" + id + "/LOCK").status()).isEqualTo(404);
    assertThat(get("/db/_seed/" + id + "/..%2fMANIFEST").status()).isEqualTo(404);
    assertThat(get("/db/_seed/" + id + "/MANIFEST").status()).isEqualTo(200);
    Answer range = get("/db/_seed/" + id + "/MANIFEST", "Range", "bytes=6-12");
    assertThat(range.status() + " " + range.text()).isEqualTo("206 storage");
  }

  /** The real server behind something that changes what it says. */
  private final class Between implements AutoCloseable {
    final com.sun.net.httpserver.HttpServer listening;
    final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    final UnaryOperator<byte[]> change;

    /** {@code change} gets what is answered about seeds; null breaks the connection off. */
    Between(UnaryOperator<byte[]> change) throws IOException {
      this.change = change;
      this.listening =
          com.sun.net.httpserver.HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      listening.setExecutor(Executors.newCachedThreadPool());
      listening.createContext("/", this::pass);
      listening.start();
    }

    URI address() {
      return URI.create("http://127.0.0.1:" + listening.getAddress().getPort() + "/db");
    }

    private void pass(HttpExchange exchange) throws IOException {
      String path = exchange.getRequestURI().toString();
      asked.add(exchange.getRequestMethod() + " " + path);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(at("/").resolve("/") + path.substring(1)))
              .method(
                  exchange.getRequestMethod(),
                  HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
      for (String header : List.of("Content-Type", "Content-Encoding", "Accept", "Range")) {
        String value = exchange.getRequestHeaders().getFirst(header);
        if (value != null) {
          request.header(header, value);
        }
      }
      try {
        HttpResponse<byte[]> answer =
            CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        byte[] bytes = answer.body();
        boolean isSeed = path.contains("/_seed");
        byte[] changed = isSeed ? change.apply(bytes) : bytes;
        for (String header : List.of("Content-Type", "Content-Range", "Stave-Sync")) {
          answer
              .headers()
              .firstValue(header)
              .ifPresent(value -> exchange.getResponseHeaders().set(header, value));
        }
        if (changed == null) {
          exchange.sendResponseHeaders(answer.statusCode(), bytes.length);
          exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
          exchange.close(); // in the middle
          return;
        }
        exchange.sendResponseHeaders(
            answer.statusCode(), changed.length == 0 ? -1 : changed.length);
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(changed);
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    long asked(String part) {
      return asked.stream().filter(each -> each.contains(part)).count();
    }

    @Override
    public void close() {
      listening.stop(0);
    }
  }

  private static boolean isList(byte[] answer) {
    return new String(answer, StandardCharsets.ISO_8859_1).startsWith("{\"id\"");
  }

  @Test
  void replica_connectionBreaksOff_goesOnWithWhatIsHere() throws Exception {
    int[] count = {0};
    try (Between broken = new Between(answer -> ++count[0] % 3 == 2 ? null : answer);
        Replica replica = Replica.of(here).with(broken.address()).pull().start()) {
      await(
          () -> {
            replica.hint();
            return here.count() == DOCUMENTS;
          });

      assertThat(cameInFiles()).isTrue();
      assertThat(broken.asked("_bulk_get")).isZero();
    }
  }

  @Test
  void replica_aByteIsWrong_nothingOfItIsSeen_andAllComesByTheFeed() throws Exception {
    UnaryOperator<byte[]> wrong =
        answer -> {
          byte[] changed = answer.clone();
          if (!isList(answer)) {
            changed[changed.length / 2] ^= 1;
          }
          return changed;
        };
    try (Between hostile = new Between(wrong)) {
      pull(hostile.address());

      assertThat(here.count()).isEqualTo(DOCUMENTS);
      assertThat(cameInFiles()).isFalse();
      assertThat(hostile.asked("_seed/")).isPositive();
      assertThat(local.resolve("here/seeds/incoming")).doesNotExist();
    }
  }

  @Test
  void replica_namesAndLengthsThatLie_areRefused_andAllComesByTheFeed() throws Exception {
    List<String> lies =
        List.of(
            "[]",
            "[{'name': '../../x', 'length': 5}, {'name': 'MANIFEST', 'length': 5}]",
            "[{'name': '0000000001.rows', 'length': 9223372036854775807}, {'name': 'MANIFEST',"
                + " 'length': 5}]",
            "[{'name': 'MANIFEST', 'length': 9223372036854775807}]",
            "[{'name': 'MANIFEST', 'length': -1}]",
            "7");
    for (String lie : lies) {
      here.close();
      here = Database.open(local.resolve("here" + lies.indexOf(lie)));
      UnaryOperator<byte[]> lying =
          answer -> {
            try {
              JsonNode list = MAPPER.readTree(answer);
              ((ObjectNode) list).set("files", MAPPER.readTree(json(lie)));
              return MAPPER.writeValueAsBytes(list);
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          };
      try (Between hostile = new Between(lying)) {
        pull(hostile.address());

        assertThat(here.count()).as(lie).isEqualTo(DOCUMENTS);
        assertThat(cameInFiles()).isFalse();
        assertThat(hostile.asked("_seed/")).as(lie).isZero();
      }
    }
  }

  @Test
  void replica_answersThatAreTooLong_areNotReadToTheEnd() throws Exception {
    UnaryOperator<byte[]> endless =
        answer -> isList(answer) ? answer : Arrays.copyOf(answer, answer.length + (64 << 20));
    try (Between hostile = new Between(endless)) {
      pull(hostile.address());

      assertThat(here.count()).isEqualTo(DOCUMENTS);
      assertThat(cameInFiles()).isTrue(); // what was asked for was right
    }
  }

  @Test
  void replica_writtenMeanwhile_losesNothing() throws Exception {
    RevisionId[] mine = new RevisionId[1];
    UnaryOperator<byte[]> late =
        answer -> {
          if (mine[0] == null) {
            mine[0] = here.put("mine", body("{'offline': true}"));
          }
          return answer;
        };
    try (Between between = new Between(late)) {
      pull(between.address());

      assertThat(here.count()).isEqualTo(DOCUMENTS + 1);
      assertThat(here.get("mine").orElseThrow().revision()).isEqualTo(mine[0]);
      assertThat(cameInFiles()).isFalse();
    }
  }

  @Test
  void replica_serverStartsAnew_keepsTheSeed() throws Exception {
    String id = get("/db/_seed").json().path("id").asText();

    server.close();
    databases = Databases.open(folder.resolve("data"));
    server = HttpServer.start(databases, "127.0.0.1", 0, limits());
    there = databases.find(new DatabaseName("db")).orElseThrow();

    assertThat(get("/db/_seed").json().path("id").asText()).isEqualTo(id);
    pull(at("/db"));
    assertThat(cameInFiles()).isTrue();
  }
}
