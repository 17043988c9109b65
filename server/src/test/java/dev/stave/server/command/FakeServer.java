package dev.stave.server.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** Answers a request for a database's backup with given bytes, of which it may promise more. */
final class FakeServer implements AutoCloseable {

  private final ServerSocket socket;
  private final byte[] backup;
  private final int missing;

  /** {@code missing}: so many bytes are promised and do not come. */
  FakeServer(byte[] backup, int missing) throws IOException {
    this.socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    this.backup = backup;
    this.missing = missing;
    Thread thread = new Thread(this::serve, "fake server");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  private void serve() {
    try {
      while (true) {
        try (Socket client = socket.accept()) {
          answer(client);
        }
      }
    } catch (SocketException e) {
      // closed
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    boolean isBackup = in.readLine().contains("_backup");
    while (!in.readLine().isEmpty()) {
      // headers
    }
    byte[] body = isBackup ? backup : "{\"sizes\":{\"file\":1}}".getBytes(StandardCharsets.UTF_8);
    int length = body.length + (isBackup ? missing : 0);
    String head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n";
    OutputStream out = client.getOutputStream();
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
