package dev.stave.server.http;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client that need not keep to any protocol. */
final class RawSocket implements AutoCloseable {

  private final Socket socket;

  RawSocket(URI server) throws IOException {
    this.socket = new Socket(server.getHost(), server.getPort());
    socket.setSoTimeout(30_000);
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Says that nothing more will be sent. */
  void endSending() throws IOException {
    socket.shutdownOutput();
  }

  /** Sends {@code text} so often, or until the server has enough; true if it had. */
  boolean sendUntilRefused(String text, int times) {
    try {
      for (int i = 0; i < times; i++) {
        send(text);
        Thread.sleep(2);
      }
      String answer = readAll();
      return answer.isEmpty() || answer.startsWith("HTTP/1.1 4");
    } catch (IOException e) {
      return true;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What the server sends next, a few kilobytes at most. */
  String readSome() throws IOException {
    byte[] bytes = new byte[8_192];
    int count = socket.getInputStream().read(bytes);
    return count < 0 ? "" : new String(bytes, 0, count, StandardCharsets.UTF_8);
  }

  /** What the server sends until {@code end} has come, or it closes. */
  String readUntil(String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end) < 0) {
      String some = readSome();
      if (some.isEmpty()) {
        break;
      }
      text.append(some);
    }
    return text.toString();
  }

  /** Everything until the server closes. */
  String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
