package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.watch.Watch;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchEndpointTest extends ServerTest {

  @BeforeEach
  void database() {
    createDb();
  }

  private String path(String selector, String... parameters) {
    String all = parameters.length == 0 ? "" : "&" + String.join("&", parameters);
    return "/db/_watch?selector=" + URLEncoder.encode(json(selector), StandardCharsets.UTF_8) + all;
  }

  private EventReader watch(String selector, String... parameters) throws Exception {
    return EventReader.open(CLIENT, request(path(selector, parameters)).GET().build());
  }

  private Database db() {
    return databases.find(new DatabaseName("db")).orElseThrow();
  }

  private void putMany(int count, String body) {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < count; i++) {
      batch.put("m" + db().lastSequence() + "-" + i, JsonObject.parse(json(body)));
    }
    db().write(batch);
  }

  @Test
  void watch_ofDocumentsThatComeChangeAndLeave_tellsEachOnceInOrder() throws Exception {
    String there = putDoc("there", "{'city': 'Paris',\n 'line': 'a\\nb'}");
    putDoc("x", "{'city': 'Rome'}");

    try (EventReader events = watch("{'city': 'Paris'}")) {
      assertThat(events.header("content-type")).isEqualTo("text/event-stream");
      EventReader.Event first = events.next();
      assertThat(first.name()).isEqualTo("snapshot");
      assertThat(first.id()).isEmpty();
      assertThat(first.json())
          .isEqualTo(
              MAPPER.readTree(
                  json("{'_id':'there','_rev':'" + there + "','city':'Paris','line':'a\\nb'}")));
      assertThat(events.next()).isEqualTo(new EventReader.Event("ready", "2", "{}"));

      String rev = get("/db/x").json().get("_rev").asText();
      rev = put("/db/x?rev=" + rev, "{'city': 'Paris'}").json().get("rev").asText();
      rev = put("/db/x?rev=" + rev, "{'city': 'Paris', 'n': 1}").json().get("rev").asText();
      rev = put("/db/x?rev=" + rev, "{'city': 'Lyon'}").json().get("rev").asText();
      delete("/db/x?rev=" + rev);
      delete("/db/there?rev=" + there);

      EventReader.Event added = events.next();
      assertThat(added.name() + added.id() + added.json().get("_id")).isEqualTo("add3\"x\"");
      EventReader.Event changed = events.next();
      assertThat(changed.name() + changed.id() + changed.json().get("n")).isEqualTo("change41");
      assertThat(events.next()).isEqualTo(new EventReader.Event("remove", "5", "{\"_id\":\"x\"}"));
      assertThat(events.next())
          .isEqualTo(new EventReader.Event("remove", "7", "{\"_id\":\"there\"}"));
    }
  }

  @Test
  void watch_byPost_isTheSame() throws Exception {
    try (EventReader events =
        EventReader.open(
            CLIENT,
            request("/db/_watch", "Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json("{'selector': {'n': {'$gt': 1}}}")))
                .build())) {
      assertThat(events.next().name()).isEqualTo("ready");
      putDoc("a", "{'n': 1}");
      putDoc("b", "{'n': 2}");
      assertThat(events.next().json().get("_id").asText()).isEqualTo("b");
    }
  }

  @Test
  void watch_overHttp2_isTheSame() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    client.send(request("/db").GET().build(), BodyHandlers.ofString());
    CompletableFuture<HttpResponse<String>> other =
        client.sendAsync(
            request("/db/_changes?feed=longpoll&filter=_doc_ids&doc_ids=%5B%22c%22%5D")
                .GET()
                .build(),
            BodyHandlers.ofString());

    try (EventReader events =
        EventReader.open(client, request(path("{}", "heartbeat=100")).GET().build())) {
      assertThat(events.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(events.next().name()).isEqualTo("ready");
      putDoc("a", "{}");
      assertThat(events.next().name()).isEqualTo("add");
      putDoc("b", "{}");
      assertThat(events.next().name()).isEqualTo("add");
    }
    Thread.sleep(500); // the end of it is noticed at a heartbeat
    putDoc("c", "{}");

    assertThat(other.get(30, TimeUnit.SECONDS).body()).contains("\"id\":\"c\"");
  }

  @Test
  void watch_ofASnapshotOfManyBuffers_isWhole() throws Exception {
    putMany(2_000, "{'text': '" + "ü".repeat(500) + "'}");

    try (EventReader events = watch("{}")) {
      for (int i = 0; i < 2_000; i++) {
        assertThat(events.next().json().get("text").asText()).hasSize(500);
      }
      assertThat(events.next()).isEqualTo(new EventReader.Event("ready", "2000", "{}"));

      putMany(2_000, "{'text': '" + "ü".repeat(500) + "'}");
      for (int i = 1; i <= 2_000; i++) {
        assertThat(events.next().id()).isEqualTo("" + (2_000 + i));
      }
    }
  }

  @Test
  void watch_whileOthersWrite_hasEachDocumentOnce() throws Exception {
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> IntStream.range(0, 500).forEach(i -> putDoc("d" + i, "{'a': 1}")));
    try (EventReader events = watch("{'a': 1}")) {
      List<String> ids = new ArrayList<>();
      while (ids.size() < 500) {
        EventReader.Event event = events.next();
        if (!event.name().equals("ready")) {
          ids.add(event.json().get("_id").asText());
        }
      }
      writer.get(30, TimeUnit.SECONDS);
      assertThat(ids).doesNotHaveDuplicates();
    }
  }

  @Test
  void watch_badInput_isRefusedBeforeTheStream() {
    assertThat(get("/db/_watch").error()).isEqualTo("400 query_parse_error");
    assertThat(get("/db/_watch?selector=%7B").error()).isEqualTo("400 query_parse_error");
    assertThat(get(path("{'a': {'$x': 1}}")).error()).isEqualTo("400 invalid_operator");
    assertThat(get(path("[]")).status()).isEqualTo(400);
    assertThat(get(path("{}", "heartbeat=x")).error()).isEqualTo("400 query_parse_error");
    assertThat(get("/nowhere/_watch?selector=%7B%7D").error()).isEqualTo("404 not_found");
    assertThat(post("/db/_watch", "{").error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_watch", "[]").error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_watch", "{}").error()).isEqualTo("400 missing_required_key");
    assertThat(post("/db/_watch", "{'selector': {}, 'limit': 1}").error())
        .isEqualTo("400 invalid_key");
    assertThat(post("/db/_watch", "{'selector': {'a': {'$x': 1}}}").error())
        .isEqualTo("400 invalid_operator");
    assertThat(delete("/db/_watch").status()).isEqualTo(405);
  }

  @Test
  void heartbeat_atItsLimitsAndOver() throws Exception {
    assertThat(get(path("{}", "heartbeat=99")).reason()).contains("100 to 60000");
    assertThat(get(path("{}", "heartbeat=60001")).error()).isEqualTo("400 query_parse_error");
    watch("{}", "heartbeat=60000").close();
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send("GET " + path("{}", "heartbeat=100") + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(socket.readUntil("ready")).startsWith("HTTP/1.1 200 ");
      socket.readUntil("\n:\n\n");
      socket.readUntil("\n:\n\n");
      putDoc("a", "{}");
      assertThat(socket.readUntil("add")).contains("id: 1");
      socket.readUntil("\n:\n\n");
    }
  }

  @Test
  void head_ofAWatch_ends() {
    Answer head = head(path("{}"));

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("content-type")).isEqualTo("text/event-stream");
  }

  @Test
  void watch_clientThatDoesNotRead_isToldThatItFellBehind() throws Exception {
    String text = "x".repeat(1_000);
    try (RawSocket slow = new RawSocket(server.address());
        EventReader other = watch("{'rare': 1}")) {
      assertThat(other.next().name()).isEqualTo("ready");
      slow.send("GET " + path("{}") + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      slow.readUntil("ready");

      for (int i = 0; i < 3; i++) { // the system's buffers hold some megabytes
        putMany(Watch.MAX_EVENTS - 1, "{'text': '" + text + "'}");
      }
      putDoc("rare", "{'rare': 1}");

      assertThat(other.next().name()).isEqualTo("add");
      String end = slow.readUntil("\r\n0\r\n\r\n");
      assertThat(end).contains("event: add").doesNotContain("rare");
      assertThat(end.substring(end.indexOf("event: error")))
          .contains("\"error\":\"watch_behind\"", "watch again", "\r\n0\r\n\r\n");
      assertThat(end.indexOf("event: add", end.indexOf("event: error"))).isNegative();
    }
  }

  @Test
  void watch_databaseDropped_isToldAndEnds() throws Exception {
    try (EventReader events = watch("{}")) {
      assertThat(events.next().name()).isEqualTo("ready");
      putDoc("a", "{}");

      delete("/db");

      assertThat(events.next().name()).isEqualTo("add");
      EventReader.Event end = events.next();
      assertThat(end.name()).isEqualTo("error");
      assertThat(end.json().get("reason").asText()).contains("closed or deleted");
      assertThat(events.hasEnded()).isTrue();
    }
    assertThat(get(path("{}")).error()).isEqualTo("404 not_found");
  }

  @Test
  void close_withWatches_endsThemAndIsQuick() throws Exception {
    try (EventReader events = watch("{}")) {
      assertThat(events.next().name()).isEqualTo("ready");
      long start = System.nanoTime();

      server.close();

      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
          .isLessThan(limits().shutdownMillis());
      assertThat(events.next().json().get("reason").asText()).contains("the server is stopping");
      assertThat(events.hasEnded()).isTrue();
    }
    server = HttpServer.start(Databases.open(folder.resolve("data")), "127.0.0.1", 0, limits());
  }

  @Test
  void watch_aThousandOfThem_needNoThousandThreads() throws Exception {
    List<EventReader> all = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      all.add(watch("{'for': {'$in': [" + i + ", 'all']}}"));
      assertThat(all.get(i).next().name()).isEqualTo("ready");
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("XNIO"))
        .hasSizeLessThan(100);

    putDoc("a", "{'for': 'all'}");
    putDoc("b", "{'for': 500}");

    for (EventReader events : all) {
      assertThat(events.next().json().get("_id").asText()).isEqualTo("a");
    }
    assertThat(all.get(500).next().json().get("_id").asText()).isEqualTo("b");
    all.forEach(EventReader::close);
  }

  @Test
  void watch_clientsThatLeave_harmNobody() throws Exception {
    for (int i = 0; i < 20; i++) {
      EventReader leaving = watch("{}", "heartbeat=100");
      if (i % 2 == 0) {
        leaving.next();
      }
      leaving.close();
    }
    Thread.sleep(300);

    try (EventReader events = watch("{}")) {
      assertThat(events.next().name()).isEqualTo("ready");
      putMany(100, "{'a': 1}");
      for (int i = 1; i <= 100; i++) {
        assertThat(events.next().id()).isEqualTo("" + i);
      }
    }
  }
}
