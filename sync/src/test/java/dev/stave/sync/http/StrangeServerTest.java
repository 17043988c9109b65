package dev.stave.sync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.sync.DeadLetter;
import dev.stave.sync.Progress;
import dev.stave.sync.Replication;
import dev.stave.sync.ReplicationOptions;
import dev.stave.sync.peer.ChangesPage;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.Scope;
import dev.stave.sync.peer.SentRevision;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that answers what a test says: other databases, old ones, and what is no database. */
class StrangeServerTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private record Answer(int status, String body) {}

  private final Map<String, Function<String, Answer>> answers = new ConcurrentHashMap<>();
  private final Map<String, String> locals = new TreeMap<>();
  private final List<String> asked = new ArrayList<>();
  private final Database here = Database.inMemory();
  private HttpServer server;
  private HttpPeer peer;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    peer = HttpPeer.at(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/db/"));
    says("", "{'db_name': 'db'}");
    says("_ensure_full_commit", "{\"ok\": true}");
  }

  @AfterEach
  void stop() {
    peer.close();
    server.stop(0);
    here.close();
  }

  private void says(String path, String body) {
    says(path, 200, body);
  }

  private void says(String path, int status, String body) {
    answers.put(
        "/db" + (path.isEmpty() ? "" : "/" + path), request -> new Answer(status, json(body)));
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    Answer answer;
    if (path.startsWith("/db/_local/")) {
      answer = local(exchange.getRequestMethod(), path, request);
    } else {
      try {
        answer =
            answers
                .getOrDefault(path, r -> new Answer(404, "{\"error\":\"not_found\"}"))
                .apply(request.isEmpty() ? "" + exchange.getRequestURI().getQuery() : request);
      } catch (IllegalStateException e) {
        exchange.close(); // without an answer
        return;
      }
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Retry-After", "7");
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Answer local(String method, String path, String request) {
    if (method.equals("PUT")) {
      locals.put(path, request);
      return new Answer(201, "{\"ok\":true}");
    }
    String known = locals.get(path);
    return known == null ? new Answer(404, "{}") : new Answer(200, known);
  }

  private Replication.Summary pull() {
    return Replication.run(peer, LocalPeer.of(here));
  }

  private Replication.Summary push() {
    return Replication.run(LocalPeer.of(here), peer);
  }

  private void hasOneChange() {
    says(
        "_changes",
        "{'results': [{'seq': '23-g1AAA', 'id': 'a', 'changes': [{'rev': '1-x'}]}],"
            + " 'last_seq': '23-g1AAA', 'pending': 0}");
  }

  @Test
  void pull_sequencesThatAreText_areKeptAsTheyAre() {
    hasOneChange();
    says(
        "_bulk_get",
        "{'results': [{'id': 'a', 'docs': [{'ok': {'_id': 'a', '_rev': '1-x', 'n': 1.50}}]}]}");

    assertThat(pull()).isEqualTo(new Replication.Summary(1, 1));

    assertThat(here.get("a").orElseThrow().body()).isEqualTo(JsonObject.parse("{\"n\": 1.50}"));
    assertThat(locals.values().iterator().next()).contains("\"source_last_seq\":\"23-g1AAA\"");
    says("_changes", "{'results': [], 'last_seq': '23-g1AAA', 'pending': 0}");
    assertThat(pull()).isEqualTo(new Replication.Summary(0, 0));
    assertThat(asked).anyMatch(each -> each.contains("since=23-g1AAA"));
  }

  /** A document that something in front of the server does not let through held up all others. */
  @Test
  void push_documentAtWhichTheLineBreaksOff_isADeadLetter_andOthersArrive() {
    for (int i = 0; i < 9; i++) {
      here.put(i == 4 ? "bad" : "good" + i, JsonObject.parse("{}"));
    }
    answers.put("/db/_revs_diff", offered -> new Answer(200, lacksAll(offered)));
    List<String> taken = new ArrayList<>();
    answers.put(
        "/db/_bulk_docs",
        sent -> {
          if (sent.contains("\"bad\"")) {
            throw new IllegalStateException("the line breaks off");
          }
          taken.add(sent);
          return new Answer(201, "[]");
        });
    ReplicationOptions options = ReplicationOptions.DEFAULT.continuously();
    try (Replication push = Replication.of(LocalPeer.of(here), peer, options).start()) {
      for (int i = 0; i < 2_000 && push.progress().state() != Progress.State.IDLE; i++) {
        push.hint();
        pause();
      }

      assertThat(push.progress().state()).isEqualTo(Progress.State.IDLE);
      assertThat(push.deadLetters().orElseThrow().list())
          .extracting(DeadLetter::document)
          .containsExactly("bad");
    }
    assertThat(String.join("", taken)).contains("good0", "good3", "good5", "good8");
  }

  private static String lacksAll(String offered) {
    try {
      ObjectNode missing = MAPPER.createObjectNode();
      MAPPER
          .readTree(offered)
          .properties()
          .forEach(each -> missing.putObject(each.getKey()).set("missing", each.getValue()));
      return missing.toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Some hundred deleted conflicts of one document made an address that nobody takes. */
  @Test
  void pull_hundredsOfConflictsWithoutBulkGet_asksForSomeAtATime() {
    String row = "{'seq': 1, 'id': 'a', 'changes': [";
    for (int i = 100; i < 400; i++) {
      row += (i == 100 ? "" : ",") + "{'rev': '2-" + "0".repeat(29) + i + "'}";
    }
    says("_changes", "{'results': [" + row + "]}], 'last_seq': 1, 'pending': 0}");
    says("_bulk_get", 404, "{}");
    answers.put("/db/a", query -> new Answer(200, json(openRevisions(query))));

    assertThat(pull().written()).isEqualTo(300);

    assertThat(here.tree("a").leaves()).hasSize(300);
    assertThat(asked).allMatch(each -> each.length() < 4_000);
  }

  private static String openRevisions(String query) {
    StringBuilder all = new StringBuilder();
    Matcher named = Pattern.compile("2-([0-9]{32})").matcher(query);
    while (named.find()) {
      all.append(all.length() == 0 ? "[" : ",");
      all.append("{'ok': {'_id': 'a', '_rev': '").append(named.group());
      all.append("', '_deleted': true, '_revisions': {'start': 2, 'ids': ['");
      all.append(named.group(1)).append("', 'x']}}}");
    }
    return all.append("]").toString();
  }

  @Test
  void pull_fromAServerWithoutBulkGet_asksForEachDocument() {
    hasOneChange();
    says("_bulk_get", 405, "{'error': 'method_not_allowed'}");
    says(
        "a",
        "[{'ok': {'_id': 'a', '_rev': '1-x', '_revisions': {'start': 1, 'ids': ['x']}, 'n': 1}}]");

    assertThat(pull().written()).isEqualTo(1);

    assertThat(asked).anyMatch(each -> each.startsWith("GET /db/a?open_revs="));
  }

  @Test
  void pull_revisionsThatAreLeftOut_areNotTakenForCopied() {
    hasOneChange();
    says("_bulk_get", "{'results': []}");

    PeerException failure = failureOf(() -> peer.read(Map.of("a", List.of(rev())), null));

    assertThat(failure.kind()).isEqualTo(PeerException.Kind.WRONG_ANSWER);
    assertThat(failure).hasMessageContaining("leaves out");
  }

  private static RevisionId rev() {
    return RevisionId.parse("1-x");
  }

  private static PeerException failureOf(Runnable call) {
    try {
      call.run();
    } catch (PeerException e) {
      return e;
    }
    throw new AssertionError("it did not fail");
  }

  @Test
  void pull_revisionThatIsGone_isLeftToALaterChange() {
    hasOneChange();
    says(
        "_bulk_get",
        "{'results': [{'id': 'a', 'docs': [{'error': {'id': 'a', 'rev': '1-x', 'error':"
            + " 'not_found', 'reason': 'missing'}}]}]}");

    assertThat(pull()).isEqualTo(new Replication.Summary(1, 0));
  }

  @Test
  void pull_documentThatCanBeNoneHere_isADeadLetter() {
    hasOneChange();
    says(
        "_bulk_get",
        "{'results': [{'id': 'a', 'docs': [{'ok': {'_id': 'a', '_rev': '1-x', '_strange': 1}}]}]}");
    Replication replication =
        Replication.of(peer, LocalPeer.of(here), ReplicationOptions.DEFAULT).start();

    replication.await();

    List<DeadLetter> letters = replication.deadLetters().orElseThrow().list();
    assertThat(letters).extracting(DeadLetter::document).containsExactly("a");
    assertThat(letters.get(0).reason()).contains("_strange");
  }

  @Test
  void answers_thatAreNone_areSaidToBeThat() {
    for (String garbage : List.of("<html>login</html>", "{'results': [", "[]", "{}", "")) {
      says("_changes", garbage);
      PeerException failure = failureOf(() -> peer.changes("0", 10, Scope.ALL));
      assertThat(failure.kind()).as(garbage).isEqualTo(PeerException.Kind.WRONG_ANSWER);
      assertThat(failure.isTransient()).isTrue();
    }
    says("_changes", "{'results': [{'id': 'a', 'changes': [{'rev': 'none'}]}], 'last_seq': 1}");
    assertThat(failureOf(() -> peer.changes("0", 10, Scope.ALL)).kind())
        .isEqualTo(PeerException.Kind.WRONG_ANSWER);
  }

  @Test
  void statuses_saySoonOrNever() {
    says("_changes", 429, "{'error': 'too_many'}");
    PeerException busy = failureOf(() -> peer.changes("0", 10, Scope.ALL));
    assertThat(busy.isTransient()).isTrue();
    assertThat(busy.retryAfterMillis()).hasValue(7_000);
    for (int status : new int[] {408, 500, 502, 503, 504}) {
      says("_changes", status, "oh");
      assertThat(failureOf(() -> peer.changes("0", 10, Scope.ALL)).isTransient()).isTrue();
    }
    for (int status : new int[] {400, 401, 403, 404, 410, 501}) {
      says("_changes", status, "{'error': 'e', 'reason': 'r'}");
      PeerException hard = failureOf(() -> peer.changes("0", 10, Scope.ALL));
      assertThat(hard.isTransient()).isFalse();
      assertThat(hard).hasMessageContaining("e: r");
    }
  }

  @Test
  void changes_ofAnOldServer_withNumbersAndWithoutPending_areRead() {
    says(
        "_changes",
        "{'results': [{'seq': 7, 'id': 'a', 'changes': [{'rev': '1-x'}]}], 'last_seq': 7}");

    ChangesPage page = peer.changes("0", 1, Scope.ALL);

    assertThat(page.lastSequence()).isEqualTo("7");
    assertThat(page.pending()).isEqualTo(-1);
    assertThat(page.hasMore()).isTrue();
  }

  private List<String> idsOf(String bulk) {
    try {
      List<String> ids = new ArrayList<>();
      for (JsonNode each : MAPPER.readTree(bulk).get("docs")) {
        ids.add(each.get("_id").asText());
      }
      return ids;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void lacksAll() {
    answers.put(
        "/db/_revs_diff",
        request -> new Answer(200, request.replace("[", "{\"missing\":[").replace("]", "]}")));
  }

  @Test
  void push_whatIsTooMuchAtOnce_isHalved_andWhatIsTooMuchAlone_isADeadLetter() {
    for (int i = 0; i < 9; i++) {
      here.put("d" + i, JsonObject.parse("{}"));
    }
    lacksAll();
    answers.put(
        "/db/_bulk_docs",
        request -> {
          List<String> ids = idsOf(request);
          boolean tooMuch = ids.size() > 4 || ids.contains("d3");
          return tooMuch
              ? new Answer(413, json("{'error': 'too_large', 'reason': 'the limit'}"))
              : new Answer(201, "[]");
        });
    Replication replication =
        Replication.of(LocalPeer.of(here), peer, ReplicationOptions.DEFAULT).start();

    assertThat(replication.await().written()).isEqualTo(8);

    assertThat(replication.deadLetters().orElseThrow().list())
        .extracting(DeadLetter::document)
        .containsExactly("d3");
  }

  @Test
  void push_refusalsWithoutAnId_areFoundOut() {
    for (int i = 0; i < 5; i++) {
      here.put("d" + i, JsonObject.parse("{}"));
    }
    lacksAll();
    answers.put(
        "/db/_bulk_docs",
        request ->
            new Answer(
                201,
                idsOf(request).contains("d2")
                    ? json("[{'id': null, 'error': 'bad_request', 'reason': 'what?'}]")
                    : "[]"));
    Replication replication =
        Replication.of(LocalPeer.of(here), peer, ReplicationOptions.DEFAULT).start();

    assertThat(replication.await().written()).isEqualTo(4);
    assertThat(replication.deadLetters().orElseThrow().list())
        .extracting(DeadLetter::document)
        .containsExactly("d2");
  }

  @Test
  void push_toWhatIsNoDatabase_isNotTakenForDone() {
    here.put("a", JsonObject.parse("{}"));
    lacksAll();
    says("_bulk_docs", "{'ok': true}");

    assertThat(failureOf(() -> peer.graft(List.of(sent()))).kind())
        .isEqualTo(PeerException.Kind.WRONG_ANSWER);
    says("_bulk_docs", 403, "{'error': 'forbidden'}");
    assertThatThrownBy(this::push).hasMessageContaining("does not let us in");
  }

  private SentRevision sent() {
    List<SentRevision> read = new ArrayList<>();
    LocalPeer.of(here)
        .read(
            Map.of("a", List.of(here.get("a").orElseThrow().revision())),
            new Peer.RevisionVisitor() {
              @Override
              public void take(SentRevision revision) {
                read.add(revision);
              }

              @Override
              public void refuse(String id, RevisionId revision, String reason) {
                throw new AssertionError(reason);
              }
            });
    return read.get(0);
  }

  @Test
  void credentials_areSentToTheServerThatWasNamedOnly() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    List<String> seen = new ArrayList<>();
    other.createContext(
        "/",
        exchange -> {
          seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Secret")));
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    other.start();
    server.createContext(
        "/away",
        exchange -> {
          seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Secret")));
          exchange
              .getResponseHeaders()
              .set("Location", "http://127.0.0.1:" + other.getAddress().getPort() + "/db");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    Credentials secret = Credentials.none().with("X-Secret", "sesame");
    URI away = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/away");

    try (HttpPeer redirected = HttpPeer.at(away, secret)) {
      redirected.getLocal("x");
    }

    other.stop(0);
    assertThat(seen).containsExactly("sesame", "null");
    assertThat(secret.toString()).doesNotContain("sesame");
  }

  /** Nothing seemed to be missing there. */
  @Test
  void push_answersAreNone_nothingIsAcknowledged() {
    here.put("a", JsonObject.parse("{}"));
    says("_revs_diff", "[1, 2, 3]");
    assertThatThrownBy(this::push).hasMessageContaining("it is no object");
    assertThat(locals).isEmpty();

    says("", "[1, 2, 3]");
    assertThatThrownBy(this::push).hasMessageContaining("it does not tell of a database");
    says("", "{}");
    assertThatThrownBy(this::push).hasMessageContaining("it does not tell of a database");
  }

  /** A POST became a GET on its way, and the answer one to that. */
  @Test
  void push_redirected_saysWhereTo() {
    here.put("a", JsonObject.parse("{}"));
    server.createContext(
        "/db/_revs_diff",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/other/_revs_diff?secret=1");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });

    assertThatThrownBy(this::push)
        .hasMessageContaining("the peer redirects what is written")
        .hasMessageContaining("/other/_revs_diff")
        .hasMessageNotContaining("secret");
  }

  /** It ended a continuous replication for good. */
  @Test
  void missing_revisionsThatAreNone_isAWrongAnswer() {
    RevisionId revision = here.put("a", JsonObject.parse("{}"));
    says("_revs_diff", "{'a': {'missing': ['nonsense']}}");

    assertThatThrownBy(() -> peer.missing(Map.of("a", List.of(revision))))
        .isInstanceOfSatisfying(
            PeerException.class,
            e -> assertThat(e.kind()).isEqualTo(PeerException.Kind.WRONG_ANSWER));
  }
}
