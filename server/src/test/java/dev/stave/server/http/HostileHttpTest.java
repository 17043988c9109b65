package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that mean harm: a clear answer or a closed connection, and the next one is served. */
@Timeout(60)
class HostileHttpTest extends ServerTest {

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String NO_SETTINGS = frame(4, 0, 0, "");

  @BeforeEach
  void database() {
    createDb();
  }

  @AfterEach
  void theNextClientIsServedAndNothingChanged() {
    assertThat(get("/db").json().get("update_seq").asInt()).isZero();
    assertThat(get("/_all_dbs").text()).isEqualToIgnoringWhitespace("[\"db\"]");
    assertThat(put("/db/well", "{}").status()).isEqualTo(201);
  }

  /** What a proxy and we could understand in two ways is understood in none. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 2\r\nContent-Length: 3",
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: gzip",
        "Content-Length: -1",
        "Content-Length: 2x",
        "Content-Length: 99999999999999999999",
      })
  void body_ofTwoLengths_isNotASecondRequest(String headers) throws IOException {
    String answer =
        answerTo(
            "POST /db/_all_docs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + headers
                + "\r\n\r\n0\r\n\r\nPUT /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n");

    assertThat(answer).doesNotContain("\"ok\":true");
    assertThat(answer.split("HTTP/1.1 ", -1).length).isLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\r\n{}\r\n0\r\n\r\n",
        "-2\r\n{}\r\n0\r\n\r\n",
        "fffffffffffffffff\r\n{}",
        "\r\n\r\n\r\n",
        "2;" + "a=b;" + "\r\n{}\r\n0\r\n",
      })
  void chunks_bad_areNoDocument(String chunks) throws IOException {
    String answer =
        answerTo(
            "PUT /db/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);

    assertThat(answer).doesNotStartWith("HTTP/1.1 2").doesNotStartWith("HTTP/1.1 5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /db HTTP/1.1\r\nHost: localhost\r\nBad Name: x\r\n\r\n",
        "GET /db HTTP/1.1\r\nHost: localhost\r\n X-Folded: x\r\n\r\n",
        "GET /db HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n",
        "GET /db HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "GET  /db  HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "\0\0\0\0\0\0\0\0\r\n\r\n",
        "\r\n\r\n\r\n\r\n",
        "CONNECT other:80 HTTP/1.1\r\nHost: other:80\r\n\r\n",
        "TRACE /db HTTP/1.1\r\nHost: localhost\r\n\r\n",
      })
  void request_malformed_isNotServed(String request) throws IOException {
    assertThat(answerTo(request)).doesNotStartWith("HTTP/1.1 5").doesNotContain("root:");
  }

  @Test
  void requests_manyAtOnceOnOneConnection_areAnsweredOneByOne() throws IOException {
    int count = 2_000;
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send("GET /db/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(count));
      socket.send("GET /db HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      String answers = socket.readAll();

      assertThat(answers.split("HTTP/1.1 404 ", -1)).hasSize(count + 1);
      assertThat(answers).contains("HTTP/1.1 200 ");
    }
  }

  @Test
  void http2_frameOverTheLimit_closesTheConnection() throws IOException {
    hostileHttp2(frame(0, 0, 1, "x".repeat(100_000)));
  }

  @Test
  void http2_headersWithoutEnd_closeTheConnection() throws IOException {
    StringBuilder frames = new StringBuilder(frame(1, 0, 1, "\u0082"));
    for (int i = 0; i < 2_000; i++) {
      frames.append(frame(9, 0, 1, "\u0000\u0001a\u007f\u0000" + "y".repeat(127)));
    }
    hostileHttp2(frames.toString());
  }

  @Test
  void http2_streamsOpenedAndReset_closeTheConnection() throws IOException {
    StringBuilder frames = new StringBuilder();
    for (int stream = 1; stream < 4_000; stream += 2) {
      frames.append(frame(1, 5, stream, "\u0082\u0084\u0086\u0041\u0009localhost"));
      frames.append(frame(3, 0, stream, "\u0000\u0000\u0000\u0008"));
    }
    hostileHttp2(frames.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 6, 7, 8, 9, 200})
  void http2_frameOfNonsense_harmsNobody(int type) throws IOException {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(PREFACE + NO_SETTINGS + frame(type, 0xff, 7, "nonsense!"));
      socket.endSending();
      socket.readAll();
    }
  }

  /** Sends {@code frames}, and sees that the server ends the connection. */
  private void hostileHttp2(String frames) throws IOException {
    try (RawSocket socket = new RawSocket(server.address())) {
      try {
        socket.send(PREFACE + NO_SETTINGS + frames);
        socket.readAll();
      } catch (IOException e) {
        assertThat(e).isNotInstanceOf(java.net.SocketTimeoutException.class); // it is closed
      }
    }
  }

  private static String frame(int type, int flags, int stream, String payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int length = payload.length();
    for (int part : new int[] {length >> 16, length >> 8, length, type, flags}) {
      out.write(part);
    }
    for (int part : new int[] {stream >> 24, stream >> 16, stream >> 8, stream}) {
      out.write(part);
    }
    return out.toString(StandardCharsets.ISO_8859_1) + payload;
  }

  private String answerTo(String request) throws IOException {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(request);
      socket.endSending();
      return socket.readAll();
    }
  }
}
