package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.server.databases.DataFolderException;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpServerTest extends ServerTest {

  @Test
  void http2_upgradedFromHttp1_works() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    createDb();

    HttpResponse<String> get = client.send(request("/db").GET().build(), BodyHandlers.ofString());
    HttpResponse<String> put =
        client.send(
            request("/db/a").PUT(BodyPublishers.ofString("{\"n\": 1}")).build(),
            BodyHandlers.ofString());
    List<CompletableFuture<HttpResponse<String>>> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add(client.sendAsync(request("/db/a").GET().build(), BodyHandlers.ofString()));
    }

    assertThat(get.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(put.statusCode()).isEqualTo(201);
    for (CompletableFuture<HttpResponse<String>> each : many) {
      HttpResponse<String> response = each.get(30, TimeUnit.SECONDS);
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(response.body()).contains("\"n\":1");
    }
  }

  @Test
  void http2_longpoll_wakes() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    createDb();
    client.send(request("/db").GET().build(), BodyHandlers.ofString());

    CompletableFuture<HttpResponse<String>> poll =
        client.sendAsync(
            request("/db/_changes?feed=longpoll&since=0").GET().build(), BodyHandlers.ofString());
    Thread.sleep(200);
    putDoc("a", "{}");

    assertThat(poll.get(30, TimeUnit.SECONDS).body()).contains("\"id\":\"a\"");
  }

  @Test
  void http2_priorKnowledge_isSpoken() throws IOException {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");

      String answer = socket.readSome();

      assertThat(answer).hasSizeGreaterThan(8);
      assertThat((int) answer.charAt(3)).isEqualTo(4); // a SETTINGS frame
    }
  }

  @Test
  void connection_cutInTheMiddleOfARequest_changesNothing() throws IOException {
    createDb();
    for (String part :
        new String[] {
          "P",
          "PUT /db/a HTTP/1.1\r\nHost: localhost\r\nContent-Le",
          "PUT /db/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n{\"a\"",
          "PUT /db/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a",
        }) {
      try (RawSocket socket = new RawSocket(server.address())) {
        socket.send(part);
      }
      try (RawSocket socket = new RawSocket(server.address())) {
        socket.send(part);
        socket.endSending();
        assertThat(socket.readAll()).doesNotContain(" 201 ");
      }
    }

    assertThat(get("/db").json().get("update_seq").asInt()).isZero();
    assertThat(put("/db/a", "{}").status()).isEqualTo(201);
  }

  @Test
  void connection_withSeveralRequestsAtOnce_answersEachInOrder() throws IOException {
    createDb();
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(
          "PUT /db/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
              + "GET /db/a HTTP/1.1\r\nHost: localhost\r\n\r\n"
              + "GET /db/b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

      assertThat(socket.readAll().lines().filter(line -> line.startsWith("HTTP/1.1")))
          .containsExactly("HTTP/1.1 201 Created", "HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET /\u00e9 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET /db/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET /db/% HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "PUT /db/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
        "PUT /db/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n{}",
        "PUT /db/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n{}",
        "\0\0\0\0\0\0\0\0\r\n\r\n",
      })
  void connection_withNonsense_harmsNobody(String nonsense) throws IOException {
    createDb();
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(nonsense);
      socket.endSending();
      assertThat(socket.readAll()).doesNotContain(" 200 ").doesNotContain(" 201 ");
    }

    assertThat(get("/db").json().get("update_seq").asInt()).isZero();
  }

  @Test
  void request_withTheWholeUrl_isUnderstood() throws IOException {
    createDb();
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(
          "GET http://localhost/db HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertThat(socket.readAll()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void request_thatWaitsToContinue_isToldTo() throws IOException {
    createDb();
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(
          "PUT /db/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
              + "Expect: 100-continue\r\nConnection: close\r\n\r\n");
      assertThat(socket.readSome()).startsWith("HTTP/1.1 100 ");
      socket.send("{}");
      assertThat(socket.readAll()).contains("HTTP/1.1 201 ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1:5984", "[::1]:5984", "LOCALHOST:1"})
  void host_ofThisMachine_isServed(String host) throws IOException {
    assertThat(getWithHost(host)).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80"})
  void host_ofAnother_isForbidden(String host) throws IOException {
    assertThat(getWithHost(host)).startsWith("HTTP/1.1 403 ").contains("forbidden");
  }

  private String getWithHost(String host) throws IOException {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
      return socket.readAll();
    }
  }

  @Test
  void reply_always_namesTheServerAndTheRequest() {
    Answer answer = get("/nothing");

    assertThat(answer.header("X-Couch-Request-ID")).matches("[0-9a-f]{10}");
    assertThat(answer.header("Server")).startsWith("Stave/");
    assertThat(answer.header("Content-Length")).isEqualTo("" + answer.text().length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.168.0.1", "example.org"})
  void start_hostThatOthersReach_isRefused(String host) {
    assertThatThrownBy(() -> HttpServer.start(databases, host, 0, HttpLimits.DEFAULT))
        .isInstanceOf(HttpServerException.class)
        .hasMessageContaining("administrator");
  }

  @Test
  void start_portInUse_saysWhatToDo() {
    int port = server.address().getPort();

    assertThatThrownBy(() -> HttpServer.start(databases, "127.0.0.1", port, HttpLimits.DEFAULT))
        .isInstanceOf(HttpServerException.class)
        .hasMessage("port " + port + " of 127.0.0.1 is in use: choose another with --port");
  }

  @Test
  void dataFolder_ofTwoServers_isRefused() {
    assertThatThrownBy(() -> Databases.open(folder.resolve("data")))
        .isInstanceOf(DataFolderException.class)
        .hasMessageContaining("in use");
  }

  @Test
  void close_requestUnderWay_isFinished() throws Exception {
    createDb();
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(
          "PUT /db/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n"
              + "Expect: 100-continue\r\n\r\n");
      assertThat(socket.readSome()).startsWith("HTTP/1.1 100 "); // it is under way
      socket.send("{\"n\"");
      CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
      Thread.sleep(200);
      assertThat(closed).isNotDone();

      socket.send(": 7}");

      assertThat(socket.readSome()).startsWith("HTTP/1.1 201 ");
      closed.get(30, TimeUnit.SECONDS);
    }
    start();
    assertThat(get("/db/a").json().get("n").asInt()).isEqualTo(7);
  }
}
