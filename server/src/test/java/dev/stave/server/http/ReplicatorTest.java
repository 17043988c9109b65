package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.server.databases.Databases;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code _replicate}, {@code _replicator} and what is told of them. */
class ReplicatorTest extends ServerTest {

  @BeforeEach
  void databases() {
    put("/a", "");
    put("/b", "");
    put("/a/one", "{'n': 1}");
    put("/a/two", "{'n': 2}");
  }

  private void allowInner() {
    put("/_node/_local/_config/replicator/inner_addresses", "'allow'");
  }

  private static void await(BooleanSupplier condition) {
    for (int i = 0; i < 3_000 && !condition.getAsBoolean(); i++) {
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private String state(String document) {
    return get("/_scheduler/docs/_replicator/" + document).json().path("state").asText();
  }

  private long count(String database) {
    return get("/" + database).json().get("doc_count").asLong();
  }

  @Test
  void replicate_withPurge_targetHasJustWhatMatches() {
    String wish = "{'source': 'a', 'target': 'b', 'selector': {'n': 1}, 'purge': true}";
    assertThat(post("/_replicate", wish).status()).isEqualTo(200);
    assertThat(count("b")).isEqualTo(1);

    String rev = get("/a/one").json().get("_rev").asText();
    put("/a/one?rev=" + rev, "{'n': 5}");
    put("/b/own", "{'n': 1}");
    assertThat(post("/_replicate", wish).status()).isEqualTo(200);

    assertThat(get("/b/one").status()).isEqualTo(404);
    assertThat(get("/b/own").status()).isEqualTo(200);
    String far = "{'source': 'a', 'target': 'http://127.0.0.1:1/b', 'purge': true}";
    assertThat(post("/_replicate", far).error()).isEqualTo("400 bad_request");
  }

  @Test
  void replicate_once_answersWhatItDid() {
    Answer done = post("/_replicate", "{'source': 'a', 'target': 'b'}");

    assertThat(done.status()).as(done.text()).isEqualTo(200);
    JsonNode json = done.json();
    assertThat(json.get("ok").asBoolean()).isTrue();
    assertThat(json.at("/history/0/docs_written").asInt()).isEqualTo(2);
    assertThat(json.get("source_last_seq").asLong()).isEqualTo(2);
    assertThat(count("b")).isEqualTo(2);
    Answer again = post("/_replicate", "{'source': 'a', 'target': 'b'}");
    assertThat(again.json().get("no_changes").asBoolean()).isTrue();
  }

  @Test
  void replicate_intoADatabaseThatIsNotThere_makesItIfAsked() {
    Answer missing = post("/_replicate", "{'source': 'a', 'target': 'c'}");
    assertThat(missing.error()).isEqualTo("404 db_not_found");

    Answer made = post("/_replicate", "{'source': 'a', 'target': 'c', 'create_target': true}");

    assertThat(made.status()).isEqualTo(200);
    assertThat(count("c")).isEqualTo(2);
  }

  @Test
  void replicate_withSelectorIdsOrFilter_copiesThoseOnly() {
    put(
        "/a/_design/f",
        "{'filters': {'of': 'function(doc, req) { return doc.n == req.query.n; }'}}");
    String to = "{'source': 'a', 'create_target': true, 'target': ";

    post("/_replicate", to + "'s1', 'selector': {'n': 2}}");
    post("/_replicate", to + "'s2', 'doc_ids': ['one']}");
    post("/_replicate", to + "'s3', 'filter': 'f/of', 'query_params': {'n': '2'}}");

    assertThat(get("/s1/two").status()).isEqualTo(200);
    assertThat(count("s1")).isEqualTo(1);
    assertThat(get("/s2/one").status()).isEqualTo(200);
    assertThat(count("s2")).isEqualTo(1);
    assertThat(get("/s3/two").status()).isEqualTo(200);
    assertThat(count("s3")).isEqualTo(1);
    assertThat(post("/_replicate", to + "'s4', 'selector': {}, 'doc_ids': []}").error())
        .isEqualTo("400 bad_request");
  }

  @Test
  void replicate_intoADatabaseWithValidation_leavesOutWhatItRefuses() {
    put(
        "/b/_design/v",
        "{'validate_doc_update': 'function(doc) { if (doc.n == 2) throw({forbidden: \\'no\\'});"
            + " }'}");

    Answer done = post("/_replicate", "{'source': 'a', 'target': 'b'}");

    assertThat(done.json().at("/history/0/doc_write_failures").asInt()).isEqualTo(1);
    assertThat(get("/b/one").status()).isEqualTo(200);
    assertThat(get("/b/two").status()).isEqualTo(404);
  }

  @Test
  void replicate_continuously_goesOnUntilCancelled() {
    Answer begun = post("/_replicate", "{'source': 'a', 'target': 'b', 'continuous': true}");
    assertThat(begun.status()).isEqualTo(202);
    String id = begun.json().get("_local_id").asText();
    await(() -> count("b") == 2);
    put("/a/three", "{}");
    await(() -> count("b") == 3);

    JsonNode task = get("/_active_tasks").json().get(0);
    assertThat(task.get("type").asText()).isEqualTo("replication");
    assertThat(task.get("replication_id").asText()).isEqualTo(id).endsWith("+continuous");
    assertThat(task.get("docs_written").asInt()).isEqualTo(3);
    JsonNode job = get("/_scheduler/jobs").json().at("/jobs/0");
    assertThat(job.get("source").asText()).isEqualTo("a");
    assertThat(get("/_scheduler/jobs/" + id).json().get("id").asText()).isEqualTo(id);

    String same = "{'source': 'a', 'target': 'b', 'continuous': true, 'cancel': true}";
    assertThat(post("/_replicate", same).json().get("ok").asBoolean()).isTrue();
    assertThat(post("/_replicate", same).error()).isEqualTo("404 not_found");
    assertThat(get("/_active_tasks").json()).isEmpty();
  }

  @Test
  void replicate_withAnInnerAddress_isRefusedUnlessItIsAllowed() {
    String body = "{'source': '%s', 'target': 'b'}".formatted(at("/a"));

    Answer refused = post("/_replicate", body);
    assertThat(refused.error()).isEqualTo("403 forbidden");
    assertThat(refused.reason()).contains("inner address");
    String named = "{'source': '%s', 'target': 'b'}";
    String byName = at("/a").toString().replace("127.0.0.1", "localhost");
    assertThat(post("/_replicate", named.formatted(byName)).error()).isEqualTo("403 forbidden");

    allowInner();
    assertThat(post("/_replicate", body).json().at("/history/0/docs_written").asInt()).isEqualTo(2);

    put("/_node/_local/_config/replicator/inner_addresses", "'refuse'");
    assertThat(post("/_replicate", body).error()).as("connected before").isEqualTo("403 forbidden");
  }

  /** They were ignored, and everything was copied. */
  @Test
  void replicate_withAScopeOfAnotherKind_isRefused() {
    for (String scope :
        List.of(
            "'doc_ids': 'one'",
            "'doc_ids': {'a': 1}",
            "'doc_ids': [1]",
            "'selector': 'x'",
            "'selector': []",
            "'filter': 5",
            "'since_seq': 'garbage'",
            "'since_seq': {}")) {
      Answer answer = post("/_replicate", "{'source': 'a', 'target': 'b', " + scope + "}");
      assertThat(answer.error()).as(scope).isEqualTo("400 bad_request");
    }
    assertThat(count("b")).isZero();
    post("/_replicate", "{'source': 'a', 'target': 'b', 'doc_ids': null, 'since_seq': null}");
    assertThat(count("b")).isEqualTo(2);
  }

  /** The next one believed that what was before had been copied. */
  @Test
  void replicate_since_saysNothingOfWhatWasBefore() {
    String last = get("/a").json().path("update_seq").asText();
    post("/_replicate", "{'source': 'a', 'target': 'b', 'since_seq': '" + last + "'}");
    assertThat(count("b")).isZero();

    post("/_replicate", "{'source': 'a', 'target': 'b'}");

    assertThat(count("b")).isEqualTo(2);
  }

  /** It was gone from every list, as if nobody had asked for it. */
  @Test
  void replicate_continuousWithARefusedLogin_staysAmongTheJobs() {
    allowInner();
    put("/_node/_local/_config/admins/root", "'pass'");
    String[] root = {"Authorization", "Basic cm9vdDpwYXNz", "Content-Type", "application/json"};
    String to = at("/b").toString().replace("://", "://root:wrong@");
    String wish = "{'source': 'a', 'target': '" + to + "', 'continuous': true}";

    send(request("/_replicate", root).POST(BodyPublishers.ofString(json(wish))));

    await(() -> get("/_scheduler/jobs", root).json().at("/jobs/0/history/0/reason").isTextual());
    JsonNode job = get("/_scheduler/jobs", root).json().at("/jobs/0");
    assertThat(job.at("/history/0/type").asText()).isEqualTo("crashed");
    assertThat(job.toString()).doesNotContain("wrong");
    assertThat(get("/_active_tasks", root).json()).isEmpty();
  }

  @Test
  void replicatorDocument_ofADatabaseThatIsMadeAnew_goesOn() {
    put("/_replicator", "");
    put("/_replicator/job", "{'source': 'a', 'target': 'c', 'continuous': true}");
    await(() -> state("job").equals("failed"));

    put("/c", "");
    await(() -> count("c") == 2);
    delete("/c");
    put("/a/three", "{}");
    await(() -> state("job").equals("failed"));
    put("/c", "");

    await(() -> count("c") == 3);
    assertThat(state("job")).isEqualTo("running");
  }

  /** The error of the job was the storage's own, with the place of its files. */
  @Test
  void replicatorDocument_ofADatabaseThatIsDropped_doesNotSayWhereFilesAre() {
    put("/_replicator", "");
    put("/_replicator/job", "{'source': 'a', 'target': 'b', 'continuous': true}");
    await(() -> count("b") == 2);

    delete("/a");
    await(() -> state("job").equals("crashing") || state("job").equals("failed"));

    Answer told = get("/_scheduler/docs/_replicator/job");
    assertThat(told.text()).contains("the database is closed: a").doesNotContain("closed: /");
  }

  @Test
  void replicate_withWrongRequests_saysWhatIsWrong() {
    assertThat(post("/_replicate", "{'source': 'a'}").error()).isEqualTo("400 bad_request");
    assertThat(post("/_replicate", "{'source': 'A', 'target': 'b'}").error())
        .isEqualTo("400 bad_request");
    assertThat(post("/_replicate", "{'source': 'ftp://x/a', 'target': 'b'}").error())
        .isEqualTo("400 bad_request");
    assertThat(post("/_replicate", "{'source': 'a', 'target': 'b', 'proxy': 'http://x'}").error())
        .isEqualTo("501 not_implemented");
  }

  @Test
  void replicate_withCredentials_showsThemNowhere() {
    allowInner();
    put("/_node/_local/_config/admins/root", "'top'");
    String[] root = {"Authorization", "Basic cm9vdDp0b3A=", "Content-Type", "application/json"};
    String url = at("/a").toString().replace("://", "://root:top@");
    String body = json("{'source': '%s', 'target': 'b', 'continuous': true}".formatted(url));

    assertThat(post("/_replicate", body).status()).isEqualTo(401);
    Answer begun =
        send(
            request("/_replicate", root)
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body)));

    assertThat(begun.status()).isEqualTo(202);
    await(() -> get("/b", root).json().get("doc_count").asInt() == 2);
    String told = get("/_active_tasks", root).text() + get("/_scheduler/jobs", root).text();
    assertThat(told).contains("\"docs_written\":2").doesNotContain("top@").doesNotContain("root:");
    assertThat(get("/_scheduler/jobs").status()).isEqualTo(401);
  }

  /** A peer that took a request and never answered kept a server from stopping. */
  @Test
  void server_withAPeerThatNeverAnswers_stopsAllTheSame() throws Exception {
    allowInner();
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String body = "{'source': 'http://127.0.0.1:%d/x', 'target': 'b', 'continuous': true}";
      post("/_replicate", body.formatted(silent.getLocalPort()));
      silent.accept();

      CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);

      closed.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void replicatorDocument_once_isCompleted_alsoAfterARestart() {
    put("/_replicator", "");
    put("/_replicator/job", "{'source': 'a', 'target': 'b'}");
    await(() -> state("job").equals("completed"));
    assertThat(count("b")).isEqualTo(2);
    delete("/b/one?rev=" + get("/b/one").json().get("_rev").asText());

    restart();

    await(() -> state("job").equals("completed"));
    JsonNode told = get("/_replicator/job").json();
    assertThat(told.path("_replication_state").asText()).isEqualTo("completed");
    assertThat(told.path("_replication_state_time").asText()).startsWith("20");
    JsonNode row = get("/_scheduler/docs").json().at("/docs/0");
    assertThat(row.get("doc_id").asText()).isEqualTo("job");
    assertThat(row.at("/info/docs_written").asInt()).isEqualTo(2);
    int sent = put("/_replicator/job", told.toString()).status(); // what it is told means nothing
    assertThat(sent).isEqualTo(201);
  }

  private void restart() {
    int port = server.address().getPort();
    server.close();
    databases = Databases.open(folder.resolve("data"));
    server = HttpServer.start(databases, "127.0.0.1", port, limits());
  }

  @Test
  void replicatorDocument_continuous_isResumedAtStart_andEndsWithTheDocument() {
    put("/_replicator", "");
    put("/_replicator/live", "{'source': 'a', 'target': 'b', 'continuous': true}");
    await(() -> state("live").equals("running") && count("b") == 2);

    restart();
    put("/a/three", "{}");
    await(() -> count("b") == 3);
    assertThat(get("/_active_tasks").json().get(0).get("doc_id").asText()).isEqualTo("live");

    delete("/_replicator/live?rev=" + get("/_replicator/live").json().get("_rev").asText());
    await(() -> get("/_active_tasks").json().isEmpty());
    assertThat(get("/_scheduler/docs").json().get("total_rows").asInt()).isZero();
  }

  @Test
  void replicatorDocument_thatIsWrong_hasFailed_untilItIsWrittenAnew() {
    put("/_replicator", "");
    put("/_replicator/bad", "{'source': 'a'}");
    await(() -> state("bad").equals("failed"));
    assertThat(get("/_scheduler/docs/_replicator/bad").json().at("/info/error").asText())
        .contains("target");

    String rev = get("/_replicator/bad").json().get("_rev").asText();
    put("/_replicator/bad?rev=" + rev, "{'source': 'a', 'target': 'b'}");
    await(() -> state("bad").equals("completed"));
  }

  @Test
  void replicatorDocument_ofADroppedReplicator_ends() {
    put("/_replicator", "");
    put("/_replicator/live", "{'source': 'a', 'target': 'b', 'continuous': true}");
    await(() -> state("live").equals("running"));

    delete("/_replicator");

    await(() -> get("/_active_tasks").json().isEmpty());
  }
}
