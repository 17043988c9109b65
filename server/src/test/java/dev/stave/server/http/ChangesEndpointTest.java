package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.server.databases.Databases;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChangesEndpointTest extends ServerTest {

  private static final String LONGPOLL_WITH_HEARTBEAT =
      "GET /db/_changes?feed=longpoll&heartbeat=100&since=now HTTP/1.1\r\n"
          + "Host: localhost\r\n\r\n";

  /** A chunk of one line end. */
  private static final String HEARTBEAT = "1\r\n\n\r\n";

  @BeforeEach
  void database() {
    createDb();
  }

  private void putThree() {
    putDoc("a", "{'n': 1}");
    String b = putDoc("b", "{'n': 2}");
    putDoc("c", "{'n': 3}");
    delete("/db/b?rev=" + b);
  }

  private String ids(String query) {
    Answer answer = get("/db/_changes?" + query);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return String.join(" ", answer.json().get("results").findValuesAsText("id"));
  }

  @Test
  void changes_all_areInOrderEachOnce() {
    putThree();

    JsonNode changes = get("/db/_changes").json();

    assertThat(changes.get("results").findValuesAsText("id")).containsExactly("a", "c", "b");
    assertThat(changes.at("/results/0/seq").asInt()).isEqualTo(1);
    assertThat(changes.at("/results/0/changes/0/rev").asText()).startsWith("1-");
    assertThat(changes.at("/results/0").has("deleted")).isFalse();
    assertThat(changes.at("/results/2/deleted").asBoolean()).isTrue();
    assertThat(changes.get("last_seq").asInt()).isEqualTo(4);
    assertThat(changes.get("pending").asInt()).isZero();
  }

  @Test
  void changes_sinceLimitAndDescending_areParts() {
    putThree();

    assertThat(ids("since=1")).isEqualTo("c b");
    assertThat(ids("since=4")).isEmpty();
    assertThat(ids("since=99")).isEmpty();
    assertThat(ids("since=now")).isEmpty();
    assertThat(ids("limit=1")).isEqualTo("a");
    assertThat(ids("limit=0")).isEqualTo("a");
    assertThat(ids("descending=true")).isEqualTo("b c a");
    assertThat(ids("descending=true&limit=1")).isEqualTo("b");
    JsonNode part = get("/db/_changes?limit=2").json();
    assertThat(part.get("last_seq").asInt()).isEqualTo(3);
    assertThat(part.get("pending").asInt()).isPositive();
    assertThat(get("/db/_changes?since=now").json().get("last_seq").asInt()).isEqualTo(4);
  }

  @Test
  void changes_moreThanAreReadAtOnce_areAllThere() {
    StringBuilder docs = new StringBuilder("{'docs': [");
    for (int i = 0; i < 1_200; i++) {
      docs.append(i == 0 ? "" : ",").append("{'_id': 'd").append(i).append("'}");
    }
    post("/db/_bulk_docs", docs + "]}");

    assertThat(get("/db/_changes").json().get("results")).hasSize(1_200);
    assertThat(get("/db/_changes?descending=true").json().get("results")).hasSize(1_200);
    assertThat(get("/db/_changes?since=100&limit=1001").json().get("results")).hasSize(1_001);
  }

  @Test
  void changes_includeDocs_hasEvenTombstones() {
    putThree();

    JsonNode results = get("/db/_changes?include_docs=true").json().get("results");

    assertThat(results.get(0).at("/doc/n").asInt()).isEqualTo(1);
    assertThat(results.get(2).at("/doc/_deleted").asBoolean()).isTrue();
  }

  @Test
  void changes_allDocsStyle_listsEveryLeaf() {
    putDoc("a", "{}");
    put("/db/a?new_edits=false", "{'_rev': '1-0'}");

    assertThat(get("/db/_changes").json().at("/results/0/changes")).hasSize(1);
    assertThat(get("/db/_changes?style=all_docs").json().at("/results/0/changes")).hasSize(2);
    assertThat(get("/db/_changes?include_docs=true&conflicts=true").json().at("/results/0/doc"))
        .anyMatch(member -> member.toString().contains("1-0"));
  }

  @Test
  void changes_filters_leaveOut() {
    putThree();

    JsonNode byId = post("/db/_changes?filter=_doc_ids", "{'doc_ids': ['a', 'b']}").json();
    JsonNode bySelector =
        post("/db/_changes?filter=_selector", "{'selector': {'n': {'$gt': 2}}}").json();

    assertThat(byId.get("results").findValuesAsText("id")).containsExactly("a", "b");
    assertThat(ids("filter=_doc_ids&doc_ids=%5B%22c%22%5D")).isEqualTo("c");
    assertThat(bySelector.get("results").findValuesAsText("id")).containsExactly("c");
    assertThat(bySelector.get("last_seq").asInt()).isEqualTo(4);
  }

  @Test
  void changes_leaving_tellsOfWhatDoesNotMatchAnyMore_toWhoAsks() {
    String first = putDoc("a", "{'n': 1}");
    put("/db/a?rev=" + first, "{'n': 2}");
    putDoc("b", "{'n': 1}");
    String gone = putDoc("c", "{'n': 1}");
    delete("/db/c?rev=" + gone);
    putDoc("d", "{'n': 2}");
    String selector = "{'selector': {'n': 1}}";

    JsonNode plain = post("/db/_changes?filter=_selector", selector).json().get("results");
    JsonNode all =
        post("/db/_changes?filter=_selector&leaving=0&include_docs=true", selector)
            .json()
            .get("results");
    JsonNode later = post("/db/_changes?filter=_selector&leaving=3", selector).json();

    assertThat(plain.findValuesAsText("id")).containsExactly("b");
    assertThat(all.findValuesAsText("id")).containsExactly("a", "b", "c");
    assertThat(all.get(0).get("leaving").asBoolean()).isTrue();
    assertThat(all.get(0).has("doc")).isFalse();
    assertThat(all.get(1).has("leaving")).isFalse();
    assertThat(all.get(1).has("doc")).isTrue();
    assertThat(all.get(2).get("deleted").asBoolean()).isTrue();
    assertThat(later.get("results").findValuesAsText("id")).containsExactly("b", "c");
    assertThat(post("/db/_changes?filter=_selector&leaving=x", selector).error())
        .isEqualTo("400 query_parse_error");
  }

  @Test
  void changes_wrongRequest_isRefused() {
    assertThat(get("/db/_changes?since=x").error()).isEqualTo("400 query_parse_error");
    assertThat(get("/db/_changes?style=odd").error()).isEqualTo("400 query_parse_error");
    assertThat(get("/db/_changes?feed=odd").error()).isEqualTo("400 bad_request");
    assertThat(get("/db/_changes?filter=design/x").error()).isEqualTo("404 not_found");
    assertThat(get("/db/_changes?filter=_doc_ids").error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_changes?filter=_selector", "{}").error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_changes?filter=_selector", "{'selector': {'a': {'$x': 1}}}").error())
        .isEqualTo("400 invalid_operator");
  }

  private CompletableFuture<Answer> poll(String query) {
    return CLIENT
        .sendAsync(
            request("/db/_changes?feed=longpoll&" + query).GET().build(), BodyHandlers.ofString())
        .thenApply(r -> new Answer(r.statusCode(), r.body(), r));
  }

  @Test
  void longpoll_changesAreThere_answersAtOnce() throws Exception {
    putDoc("a", "{}");

    assertThat(poll("since=0").get(30, TimeUnit.SECONDS).json().get("results")).hasSize(1);
  }

  @Test
  void longpoll_write_wakesIt() throws Exception {
    CompletableFuture<Answer> poll = poll("since=0");
    Thread.sleep(200);
    assertThat(poll).isNotDone();

    putDoc("a", "{}");

    JsonNode changes = poll.get(30, TimeUnit.SECONDS).json();
    assertThat(changes.at("/results/0/id").asText()).isEqualTo("a");
    assertThat(changes.get("last_seq").asInt()).isEqualTo(1);
  }

  @Test
  void longpoll_unwantedWrite_waitsOn() throws Exception {
    CompletableFuture<Answer> poll = poll("since=0&filter=_doc_ids&doc_ids=%5B%22b%22%5D");
    Thread.sleep(100);
    putDoc("a", "{}");
    Thread.sleep(100);
    assertThat(poll).isNotDone();

    putDoc("b", "{}");

    JsonNode changes = poll.get(30, TimeUnit.SECONDS).json();
    assertThat(changes.get("results").findValuesAsText("id")).containsExactly("b");
  }

  @Test
  void longpoll_timeout_isEmpty() throws Exception {
    putDoc("a", "{}");
    long start = System.nanoTime();

    JsonNode changes = poll("since=1&timeout=300").get(30, TimeUnit.SECONDS).json();

    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(250L, 30_000L);
    assertThat(changes.get("results")).isEmpty();
    assertThat(changes.get("last_seq").asInt()).isEqualTo(1);
  }

  @Test
  void longpoll_heartbeat_isWhiteSpaceBeforeTheAnswer() throws Exception {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(LONGPOLL_WITH_HEARTBEAT);
      assertThat(socket.readUntil(HEARTBEAT)).startsWith("HTTP/1.1 200 ");
      socket.readUntil(HEARTBEAT);

      putDoc("a", "{}");

      assertThat(socket.readUntil("}")).contains("\"id\":\"a\"");
    }
  }

  @Test
  void longpoll_aThousandOfThem_needNoThousandThreads() throws Exception {
    List<CompletableFuture<Answer>> polls = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      polls.add(poll("since=0"));
    }
    Thread.sleep(1_000);
    assertThat(polls).noneMatch(CompletableFuture::isDone);
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("XNIO"))
        .hasSizeLessThan(100);

    putDoc("a", "{}");

    for (CompletableFuture<Answer> poll : polls) {
      assertThat(poll.get(30, TimeUnit.SECONDS).json().get("results")).hasSize(1);
    }
  }

  @Test
  void longpoll_clientsThatLeave_harmNobody() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (RawSocket socket = new RawSocket(server.address())) {
        String heartbeat = i % 2 == 0 ? "&heartbeat=100" : "";
        socket.send(
            "GET /db/_changes?feed=longpoll&since=now"
                + heartbeat
                + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      }
    }
    Thread.sleep(300);

    putDoc("a", "{}");

    assertThat(ids("since=0")).isEqualTo("a");
  }

  @Test
  void longpoll_databaseDropped_isToldAtTheNextLook() throws Exception {
    CompletableFuture<Answer> poll = poll("since=now&timeout=500");
    Thread.sleep(100);

    delete("/db");

    assertThat(poll.get(30, TimeUnit.SECONDS).error()).isEqualTo("404 not_found");
  }

  @Test
  void close_withWaiting_answersThemAndIsQuick() throws Exception {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(LONGPOLL_WITH_HEARTBEAT);
      socket.readUntil(HEARTBEAT);
      long start = System.nanoTime();

      server.close();

      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
          .isLessThan(limits().shutdownMillis());
      assertThat(socket.readAll()).contains("\"results\":[]");
    }
    server = HttpServer.start(Databases.open(folder.resolve("data")), "127.0.0.1", 0, limits());
  }

  @Test
  void longpoll_databaseDropped_isAnsweredAtOnce() throws Exception {
    CompletableFuture<Answer> poll =
        CompletableFuture.supplyAsync(
            () -> get("/db/_changes?feed=longpoll&heartbeat=60000&since=now"));
    Thread.sleep(300);

    delete("/db");

    Answer answer = poll.get(30, TimeUnit.SECONDS);
    assertThat(answer.error()).isEqualTo("404 not_found");
    assertThat(answer.reason()).isEqualTo("Database does not exist.");
  }

  @Test
  void longpoll_droppedAfterHeartbeats_isCutShort() throws Exception {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(LONGPOLL_WITH_HEARTBEAT);
      assertThat(socket.readUntil(HEARTBEAT)).startsWith("HTTP/1.1 200 ");

      delete("/db");

      assertThat(socket.readAll()).doesNotContain("{", "\r\n0\r\n");
    }
  }

  @Test
  void changes_lastEventIdInTheUrl_isSince() {
    putDoc("a", "{}");
    putDoc("b", "{}");

    assertThat(get("/db/_changes?last-event-id=1").json().at("/results/0/id").asText())
        .isEqualTo("b");
  }

  /** Of so many the index is asked; what it does not have is read. */
  @Test
  void selector_ofManyChanges_tellsWhatAScanWould() {
    StringBuilder docs = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      docs.append(i == 0 ? "" : ",").append("{'_id': 'd" + i + "', 'n': " + i % 500 + "}");
    }
    post("/db/_bulk_docs", "{'docs': [" + docs + "]}");
    putDoc("_design/x", "{'n': 7}");
    String rev = get("/db/d7").json().get("_rev").asText();
    post(
        "/db/_bulk_docs",
        "{'docs': [{'_id': 'd7', '_rev': '" + rev + "', '_deleted': true, 'n': 7}]}");
    String other = get("/db/d507").json().get("_rev").asText();
    put("/db/d507?rev=" + other, "{'n': 8}");
    String third = get("/db/d8").json().get("_rev").asText();
    put("/db/d8?rev=" + third, "{'n': 7}");

    assertThat(filtered("{'n': 7}", ""))
        .containsExactly("d1007", "d1507", "d2007", "d2507", "_design/x", "d7", "d8");
    assertThat(filtered("{'n': 7}", "&descending=true&limit=3"))
        .containsExactly("d8", "d7", "_design/x");
    assertThat(filtered("{'n': {'$gte': 0}}", "")).hasSize(3_001);
    assertThat(filtered("{'n': {'$gte': 7, '$lt': 8}}", "&since=2000")).hasSize(5);
  }

  private List<String> filtered(String selector, String parameters) {
    return post("/db/_changes?filter=_selector" + parameters, "{'selector': " + selector + "}")
        .json()
        .get("results")
        .findValuesAsText("id");
  }
}
