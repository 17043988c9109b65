package dev.stave.spec.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A line to a server of this machine that is bad when it is told to be. Two threads a connection.
 */
final class FaultyProxy implements AutoCloseable {

  /** How it is with all connections. */
  enum Line {
    GOOD,
    /** What is sent comes, late. */
    SLOW,
    /** What is sent stays on the way until the line is another. */
    SILENT,
    /** There is none, and those that there were are broken off. */
    CUT,
    /** It breaks off in the middle of what is sent, with the first half of it delivered. */
    TORN
  }

  private static final int PIECE = 4 << 10;
  private static final int LATE_MILLIS = 40;
  private static final int LOOK_MILLIS = 5;

  private final ServerSocket door;
  private final int to;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Line line = Line.GOOD;
  private volatile boolean closed;

  FaultyProxy(int to) throws IOException {
    this.to = to;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    run("proxy", this::accept);
  }

  private static void run(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return door.getLocalPort();
  }

  void become(Line next) {
    line = next;
    if (next == Line.CUT) {
      open.forEach(FaultyProxy::close);
    }
  }

  private void accept() {
    while (!closed) {
      try {
        connect(door.accept());
      } catch (IOException e) {
        // it is closed, or this one did not come about
      }
    }
  }

  private void connect(Socket from) throws IOException {
    Socket on = null;
    if (line != Line.CUT) {
      try {
        on = new Socket(InetAddress.getLoopbackAddress(), to);
      } catch (IOException e) {
        // the server is down
      }
    }
    if (on == null) {
      from.close();
      return;
    }
    Socket target = on;
    open.add(from);
    open.add(target);
    run("proxy-there", () -> pump(from, target));
    run("proxy-back", () -> pump(target, from));
  }

  private void pump(Socket from, Socket target) {
    byte[] piece = new byte[PIECE];
    try (InputStream in = from.getInputStream();
        OutputStream out = target.getOutputStream()) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        pass(piece, n, out);
      }
    } catch (IOException | InterruptedException e) {
      // as a line does, it does not say why
    } finally {
      close(from);
      close(target);
      open.remove(from);
      open.remove(target);
    }
  }

  private void pass(byte[] piece, int length, OutputStream out)
      throws IOException, InterruptedException {
    while (line == Line.SILENT) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    if (line == Line.SLOW) {
      TimeUnit.MILLISECONDS.sleep(LATE_MILLIS);
    }
    if (line == Line.TORN) {
      out.write(piece, 0, length / 2);
      throw new IOException("torn");
    }
    out.write(piece, 0, length);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone all the same
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    line = Line.CUT;
    door.close();
    open.forEach(FaultyProxy::close);
  }
}
