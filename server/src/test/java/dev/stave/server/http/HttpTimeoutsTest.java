package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.server.exchange.HttpLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of clients that take their time. */
@Timeout(60)
class HttpTimeoutsTest extends ServerTest {

  private static final int LINGER = 500;
  private static final int IDLE = 1_500;

  @Override
  HttpLimits limits() {
    return HttpLimits.DEFAULT.with(
        limits -> {
          limits.parseMillis = 1_000;
          limits.idleMillis = IDLE;
          limits.lingerMillis = LINGER;
        });
  }

  @BeforeEach
  void database() {
    createDb();
  }

  @Test
  void headers_neverFinished_areNotWaitedForForLong() throws IOException {
    try (RawSocket socket = new RawSocket(server.address())) {
      long start = System.nanoTime();
      socket.send("GET /db HTTP/1.1\r\nHost: local");
      socket.readAll();
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThan(400);
    }
  }

  @Test
  void body_neverFinished_isNotWaitedForForLong() throws IOException {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send("PUT /db/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
      assertThat(socket.readAll()).startsWith("HTTP/1.1 408 ").contains("Connection: close");
    }
    assertThat(get("/db").json().get("update_seq").asInt()).isZero();
  }

  /** It never stands still for long, and would take its share of the memory for hours. */
  @Test
  void body_drippingIn_isNotWaitedForForLong() throws Exception {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send("PUT /db/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n{");
      CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> some(socket));
      while (!answer.isDone()) {
        socket.send(" ");
        Thread.sleep(100);
      }
      assertThat(answer.get()).startsWith("HTTP/1.1 408 ");
    }
    assertThat(get("/db").json().get("update_seq").asInt()).isZero();
  }

  private static String some(RawSocket socket) {
    try {
      return socket.readSome();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void attachment_neverFinished_isNotWaitedForForLong() throws IOException {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send("PUT /db/a/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx");
      assertThat(socket.readAll()).startsWith("HTTP/1.1 408 ").contains("Connection: close");
    }
    assertThat(get("/db").json().get("update_seq").asInt()).isZero();
  }

  @Test
  void attachment_inPieces_isTaken() throws Exception {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send("PUT /db/a/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000\r\n\r\n");
      for (int i = 0; i < 20; i++) { // longer than a connection may idle
        socket.send("x".repeat(1_000));
        Thread.sleep(2 * IDLE / 20);
      }
      assertThat(socket.readSome()).startsWith("HTTP/1.1 201 ");
    }
  }

  @Test
  void body_refusedAndSentWithoutHaste_isCutOff() throws IOException {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(
          "PUT /db/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + (1L << 36) + "\r\n\r\n");
      assertThat(socket.readAll()).startsWith("HTTP/1.1 413 ");

      assertThatThrownBy(
              () -> {
                while (true) {
                  socket.send(" ");
                  Thread.sleep(10);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void longpoll_longerThanAConnectionMayIdle_isNotCut() {
    assertThat(get("/db/_changes?feed=longpoll&since=now&timeout=" + (IDLE + 1_000)).status())
        .isEqualTo(200);
  }

  @Test
  void watch_longerThanAConnectionMayIdle_isNotCut() throws Exception {
    try (EventReader events =
        EventReader.open(CLIENT, request("/db/_watch?selector=%7B%7D").GET().build())) {
      assertThat(events.next().name()).isEqualTo("ready");
      Thread.sleep(IDLE + 1_000);
      putDoc("a", "{}");
      assertThat(events.next().name()).isEqualTo("add");
    }
  }

  @Test
  void watch_clientThatReadsNothing_isCutOff() throws Exception {
    try (RawSocket stuck = new RawSocket(server.address())) {
      stuck.send("GET /db/_watch?selector=%7B%7D HTTP/1.1\r\nHost: localhost\r\n\r\n");
      stuck.readUntil("ready");
      String body = "{'text': '" + "x".repeat(4 << 20) + "'}";
      for (int i = 0; i < 5; i++) { // more than the system's buffers hold
        putDoc("d" + i, body);
      }
      Thread.sleep(2 * IDLE + 1_000);

      assertThat(stuck.readAll()).doesNotContain("\r\n0\r\n\r\n", "d4");
    }
  }
}
