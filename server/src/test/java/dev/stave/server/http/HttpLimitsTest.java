package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.server.exchange.HttpLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each limit from both sides. */
@Timeout(60)
class HttpLimitsTest extends ServerTest {

  private static final int DOCUMENT = 1_000;
  private static final int DOCUMENT_BODY = 1_500;
  private static final int BULK_BODY = 4_000;
  private static final long BODIES = 6_000;
  private static final int URL = 2_000;
  private static final int HEADERS_BYTES = 8_000;
  private static final int HEADERS = 20;
  private static final int REQUESTS = 200;
  private static final int STREAMS = 2;
  private static final int LINGER_BYTES = 32 << 20;

  private static final int PIECE = 1 << 16;
  private static final int PIECES = 160;
  private static final String POST_BULK =
      "POST /db/_bulk_docs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

  @Override
  HttpLimits limits() {
    return HttpLimits.DEFAULT.with(
        limits -> {
          limits.documentBytes = DOCUMENT;
          limits.documentBodyBytes = DOCUMENT_BODY;
          limits.bulkBodyBytes = BULK_BODY;
          limits.bodiesBytes = BODIES;
          limits.urlBytes = URL;
          limits.headerBytes = HEADERS_BYTES;
          limits.headers = HEADERS;
          limits.lingerBytes = LINGER_BYTES;
          limits.lingerMillis = 60_000;
          limits.requestsPerAddress = REQUESTS;
          limits.streams = STREAMS;
          limits.shutdownMillis = 500;
        });
  }

  @BeforeEach
  void database() {
    createDb();
  }

  private static String documentOf(int bytes) {
    return "{\"a\":\"" + "x".repeat(bytes - 8) + "\"}";
  }

  @Test
  void document_atTheLimitAndOver() {
    assertThat(put("/db/a", documentOf(DOCUMENT)).status()).isEqualTo(201);
    assertThat(put("/db/b", documentOf(DOCUMENT + 1)).error()).isEqualTo("413 document_too_large");
    assertThat(put("/db/c", documentOf(DOCUMENT) + " ".repeat(DOCUMENT_BODY - DOCUMENT)).status())
        .isEqualTo(201);
    Answer over = put("/db/d", documentOf(DOCUMENT) + " ".repeat(DOCUMENT_BODY - DOCUMENT + 1));
    assertThat(over.error()).isEqualTo("413 too_large");
    assertThat(get("/db").json().get("doc_count").asInt()).isEqualTo(2);
  }

  @Test
  void bulk_atTheLimitAndOver() {
    String docs = "{\"docs\":[" + documentOf(DOCUMENT) + "," + documentOf(DOCUMENT + 1) + "]}";

    Answer atLimit = post("/db/_bulk_docs", docs + " ".repeat(BULK_BODY - docs.length()));
    Answer over = post("/db/_bulk_docs", docs + " ".repeat(BULK_BODY - docs.length() + 1));

    assertThat(atLimit.status()).isEqualTo(201);
    assertThat(atLimit.json().get(0).has("rev")).isTrue();
    assertThat(atLimit.json().get(1).get("error").asText()).isEqualTo("document_too_large");
    assertThat(over.error()).isEqualTo("413 too_large");
  }

  @Test
  void body_farOverTheLimit_isRefusedAndTheClientHearsIt() {
    for (int i = 0; i < 5; i++) {
      Answer far = post("/db/_bulk_docs", " ".repeat(20 << 20));
      assertThat(far.error()).isEqualTo("413 too_large");
    }
  }

  @Test
  void body_farOverTheLimitInHttp2_isRefusedAndTheClientHearsIt() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    client.send(request("/db").GET().build(), BodyHandlers.ofString());

    HttpResponse<String> far =
        client.send(
            request("/db/_bulk_docs", "Content-Type", "application/json")
                .POST(BodyPublishers.ofString(" ".repeat(20 << 20)))
                .build(),
            BodyHandlers.ofString());

    assertThat(far.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(far.statusCode()).isEqualTo(413);
  }

  /** The client goes on to send after the server has answered, and looks for the answer at last. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: " + PIECES * PIECE,
        "Content-Length: " + PIECES * PIECE + "\r\nExpect: 100-continue",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nExpect: 100-continue",
      })
  void body_sentToItsEndAfterTheRefusal_doesNotLoseIt(String headers) throws Exception {
    boolean chunked = headers.contains("chunked");
    String piece = " ".repeat(PIECE);
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(POST_BULK + headers + "\r\n\r\n");
      for (int i = 0; i < PIECES; i++) {
        socket.send(chunked ? Integer.toHexString(PIECE) + "\r\n" + piece + "\r\n" : piece);
        Thread.sleep(i < 3 ? 100 : 0); // let the server refuse and, were it to, close
      }
      socket.send(chunked ? "0\r\n\r\n" : "");

      assertThat(socket.readAll())
          .contains("HTTP/1.1 413 ", "Connection: close", "{\"error\":\"too_large\",\"reason\":");
    }
  }

  @Test
  void body_refused_answersBeforeItIsSent() throws Exception {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(POST_BULK + "Content-Length: 5000\r\n\r\n");
      assertThat(socket.readAll()).startsWith("HTTP/1.1 413 ").contains("too_large");
      socket.send(" ".repeat(5_000));
    }
  }

  @Test
  void body_refusedAndWithoutEnd_isCutOff() throws Exception {
    String piece = " ".repeat(PIECE);
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(POST_BULK + "Content-Length: " + (1L << 36) + "\r\n\r\n");
      int sent = 0;
      try {
        while (sent < 100 * (LINGER_BYTES / PIECE)) {
          socket.send(piece);
          sent++;
        }
      } catch (IOException e) {
        assertThat(sent).isGreaterThanOrEqualTo(LINGER_BYTES / PIECE);
        return;
      }
    }
    throw new AssertionError("the server reads on and on");
  }

  @Test
  void body_refused_takesNothingFromOthers() throws Exception {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(POST_BULK + "Transfer-Encoding: chunked\r\n\r\n1000\r\n" + " ".repeat(4_096));
      assertThat(socket.readAll()).startsWith("HTTP/1.1 413 ");

      assertThat(post("/db/_bulk_docs", "{\"docs\":[]}" + " ".repeat(3_000)).status())
          .isEqualTo(201);
    }
  }

  @Test
  void body_refusedAndNeverFinished_holdsNoThread() throws Exception {
    List<RawSocket> sockets = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      RawSocket socket = new RawSocket(server.address());
      sockets.add(socket);
      socket.send("PUT /db/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000\r\n\r\n{");
      assertThat(socket.readSome()).startsWith("HTTP/1.1 413 ");
    }

    assertThat(get("/db").status()).isEqualTo(200);
    for (RawSocket socket : sockets) {
      socket.close();
    }
  }

  @Test
  void bodies_tooManyAtOnce_waitForLater() throws Exception {
    try (RawSocket slow = new RawSocket(server.address())) {
      slow.send(POST_BULK + "Content-Length: 4000\r\nExpect: 100-continue\r\n\r\n");
      assertThat(slow.readSome()).startsWith("HTTP/1.1 100 "); // it has its share
      assertThat(statusesUntil(503)).endsWith(503);
    }
    assertThat(statusesUntil(201)).endsWith(201);
  }

  private List<Integer> statusesUntil(int status) {
    String docs = "{\"docs\":[]}" + " ".repeat(2_000);
    List<Integer> statuses = new ArrayList<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    do {
      statuses.add(post("/db/_bulk_docs", docs).status());
    } while (statuses.get(statuses.size() - 1) != status && System.nanoTime() < deadline);
    return statuses;
  }

  @Test
  void body_compressed_countsAsWhatItBecomes() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(("{\"docs\":[]}" + " ".repeat(BULK_BODY - 100)).getBytes());
    }
    HttpRequest.Builder post =
        request("/db/_bulk_docs", "Content-Type", "application/json", "Content-Encoding", "gzip")
            .POST(HttpRequest.BodyPublishers.ofByteArray(bytes.toByteArray()));

    try (RawSocket slow = new RawSocket(server.address())) {
      slow.send(POST_BULK + "Content-Length: 4000\r\nExpect: 100-continue\r\n\r\n");
      assertThat(slow.readSome()).startsWith("HTTP/1.1 100 "); // it has its share

      assertThat(send(post).error()).isEqualTo("503 service_unavailable");
    }
    // A client may hear an answer before the server has its share back.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    int status = send(post).status();
    while (status == 503 && System.nanoTime() < deadline) {
      status = send(post).status();
    }
    assertThat(status).isEqualTo(201);
  }

  @Test
  void body_chunkedOverTheLimit_isRefused() throws IOException {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(
          "PUT /db/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "1000\r\n"
              + " ".repeat(4_096)
              + "\r\n0\r\n\r\n");
      assertThat(socket.readSome()).startsWith("HTTP/1.1 413 ");
    }
    assertThat(get("/db").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "/db/_bulk_docs, application/json, 413",
    "/db/_bulk_docs, text/plain, 415",
    "/db/a, application/json, 413",
    "/none/_find, application/json, 404",
    "/_nothing, application/json, 404",
  })
  void body_refusedUnread_isNeverTakenForARequest(String path, String type, int status)
      throws IOException {
    for (long length : List.of(5_000L, (1L << 31) - 1, 1L << 31, (1L << 31) + 100, 1L << 36)) {
      for (int i = 0; i < 10; i++) {
        try (RawSocket socket = new RawSocket(server.address())) {
          socket.send(
              ((path.equals("/db/a") ? "PUT " : "POST ") + path)
                  + (" HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type)
                  + ("\r\nContent-Length: " + length)
                  + "\r\n\r\nPUT /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n");
          socket.endSending();
          assertThat(socket.readAll())
              .startsWith("HTTP/1.1 " + status)
              .contains("Connection: close")
              .containsOnlyOnce("HTTP/1.1");
        }
      }
    }
    assertThat(get("/smuggled").status()).isEqualTo(404);
  }

  @Test
  void url_badWithABody_isTheClientsFault() {
    assertThat(put("/db/%ff", "{}").error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_find?x=%ff", "{}").error()).isEqualTo("400 bad_request");
    assertThat(post("/" + "a".repeat(URL), "{}").error()).isEqualTo("414 request_uri_too_long");
  }

  @Test
  void url_atTheLimitAndOver() {
    String query = "/db?x=";
    String fill = "a".repeat(URL - query.length());

    assertThat(get(query + fill).status()).isEqualTo(200);
    assertThat(get(query + fill + "a").error()).isEqualTo("414 request_uri_too_long");
  }

  @Test
  void headers_manyAndTooMany() throws IOException {
    assertThat(headers(HEADERS - 1)).startsWith("HTTP/1.1 200 ");
    assertThat(headers(HEADERS + 1)).startsWith("HTTP/1.1 431 ");
    assertThat(headers(HEADERS * 5)).startsWith("HTTP/1.1 400 ");
    assertThat(get("/db").status()).isEqualTo(200);
  }

  private String headers(int count) throws IOException {
    try (RawSocket socket = new RawSocket(server.address())) {
      StringBuilder request = new StringBuilder("GET /db HTTP/1.1\r\nHost: localhost\r\n");
      for (int i = 1; i < count; i++) {
        request.append("X-").append(i).append(": y\r\n");
      }
      socket.send(request + "\r\n");
      return socket.readSome();
    }
  }

  @Test
  void headers_largeAndTooLarge() throws IOException {
    assertThat(get("/db", "X-Large", "y".repeat(HEADERS_BYTES / 2)).status()).isEqualTo(200);
    assertThat(get("/db", "X-Large", "y".repeat(HEADERS_BYTES)).error())
        .isEqualTo("431 request_header_fields_too_large");
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send("GET /db HTTP/1.1\r\nHost: localhost\r\nX-Large: ");
      assertThat(socket.sendUntilRefused("y".repeat(1_000), 100)).isTrue();
    }
    assertThat(get("/db").status()).isEqualTo(200);
  }

  @Test
  void requests_asManyAsOneAddressMayHaveAndOneMore() throws Exception {
    List<RawSocket> open = new ArrayList<>();
    try {
      for (int i = 0; i < REQUESTS; i++) {
        RawSocket socket = new RawSocket(server.address());
        open.add(socket);
        socket.send(POST_BULK + "Content-Length: 1\r\nExpect: 100-continue\r\n\r\n");
        assertThat(socket.readSome()).startsWith("HTTP/1.1 100 ");
      }
      Answer refused = get("/db");
      assertThat(refused.error()).isEqualTo("429 too_many_requests");
      assertThat(refused.header("Retry-After")).isEqualTo("1");

      open.remove(0).close();
      open.remove(0).close();

      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (get("/db").status() != 200) { // until the server has seen them go
        assertThat(System.nanoTime()).isLessThan(deadline);
      }
    } finally {
      for (RawSocket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void watches_asManyAsMayBeOpenAndOneMore() throws Exception {
    String path = "/db/_watch?selector=%7B%7D&heartbeat=100";
    EventReader first = EventReader.open(CLIENT, request(path).GET().build());
    try (EventReader second = EventReader.open(CLIENT, request(path).GET().build())) {
      assertThat(second.next().name()).isEqualTo("ready");
      assertThat(get(path).error()).isEqualTo("503 service_unavailable");
      assertThat(get(path).reason()).contains(STREAMS + " feeds are open");

      first.close();

      EventReader third = EventReader.open(CLIENT, request(path).GET().build());
      for (int i = 0; i < 200 && third.status() == 503; i++) { // noticed at a heartbeat
        Thread.sleep(50);
        third = EventReader.open(CLIENT, request(path).GET().build());
      }
      assertThat(third.next().name()).isEqualTo("ready");
      third.close();
    }
  }

  @Test
  void close_requestThatNeverEnds_isNotWaitedFor() throws Exception {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(POST_BULK + "Content-Length: 8\r\nExpect: 100-continue\r\n\r\n");
      assertThat(socket.readSome()).startsWith("HTTP/1.1 100 ");
      long start = System.nanoTime();

      server.close();

      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(30_000);
    }
  }
}
