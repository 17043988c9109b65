package dev.stave.spec.bench.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * Many connections that each send a request as soon as they have the answer to the one before. One
 * thread does it all, so that it takes as little as may be from the server beside it.
 */
final class Load {

  private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final String LENGTH = "content-length:";

  /** What came of it: how many were answered in which time, and how long each waited. */
  record Result(long requests, double seconds, long[] micros) {

    /** Microseconds that {@code percent} of all answers took at most. */
    long percentile(double percent) {
      return micros[(int) Math.min(micros.length - 1L, Math.round(micros.length * percent / 100))];
    }
  }

  private final URI address;
  private final LongFunction<byte[]> requests;
  private final int expected;
  private final List<Long> nanos = new ArrayList<>();
  private long sent;

  /**
   * @param requests the whole request with that number
   * @param expected the status of all answers; any other ends the load
   */
  Load(URI address, LongFunction<byte[]> requests, int expected) {
    this.address = address;
    this.requests = requests;
    this.expected = expected;
  }

  /** A request as bytes. */
  static byte[] request(String method, String path, String body) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
            + content.length
            + "\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(start, start.length + content.length);
    System.arraycopy(content, 0, all, start.length, content.length);
    return all;
  }

  /** Keeps {@code connections} busy for so long. */
  Result run(int connections, double seconds) throws IOException {
    nanos.clear();
    try (Selector selector = Selector.open()) {
      List<Connection> all = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        all.add(new Connection(selector));
      }
      long start = System.nanoTime();
      long end = start + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
      for (Connection each : all) {
        each.sendNext();
      }
      while (System.nanoTime() < end) {
        selector.select(
            key -> {
              try {
                ((Connection) key.attachment()).go();
              } catch (IOException e) {
                throw new IllegalStateException("a connection is lost", e);
              }
            },
            100);
      }
      double took = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
      for (Connection each : all) {
        each.channel.close();
      }
      long[] micros = nanos.stream().mapToLong(TimeUnit.NANOSECONDS::toMicros).sorted().toArray();
      return new Result(micros.length, took, micros);
    }
  }

  /** One connection with one request under way. */
  private final class Connection {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(1 << 16);
    private ByteBuffer out = ByteBuffer.allocate(0);
    private long since;
    private int bodyLeft = -1; // of an answer whose head is read

    Connection(Selector selector) throws IOException {
      channel = SocketChannel.open(new InetSocketAddress(address.getHost(), address.getPort()));
      channel.socket().setTcpNoDelay(true);
      channel.configureBlocking(false);
      key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    void sendNext() throws IOException {
      out = ByteBuffer.wrap(requests.apply(sent++));
      since = System.nanoTime();
      write();
    }

    private void write() throws IOException {
      channel.write(out);
      key.interestOps(
          out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    void go() throws IOException {
      if (out.hasRemaining()) {
        write();
      }
      if (channel.read(in) < 0) {
        throw new IOException("the server closed a connection");
      }
      in.flip();
      boolean more = true;
      while (more) {
        more = bodyLeft < 0 ? readHead() : readBody();
      }
      in.compact();
    }

    /** Returns whether there was a whole one. */
    private boolean readHead() throws IOException {
      int end = indexOf(in, END);
      if (end < 0) {
        return false;
      }
      byte[] bytes = new byte[end + END.length - in.position()];
      in.get(bytes);
      String head = new String(bytes, StandardCharsets.ISO_8859_1);
      if (!head.startsWith("" + expected, 9)) {
        throw new IOException("not " + expected + " but " + head);
      }
      String lower = head.toLowerCase(java.util.Locale.ROOT);
      int length = lower.indexOf(LENGTH);
      if (length < 0) {
        throw new IOException("an answer without a length: " + head);
      }
      int lineEnd = lower.indexOf('\r', length);
      bodyLeft = Integer.parseInt(lower.substring(length + LENGTH.length(), lineEnd).trim());
      return true;
    }

    private boolean readBody() throws IOException {
      int part = Math.min(bodyLeft, in.remaining());
      in.position(in.position() + part);
      bodyLeft -= part;
      if (bodyLeft > 0) {
        return false;
      }
      bodyLeft = -1;
      nanos.add(System.nanoTime() - since);
      sendNext();
      return in.hasRemaining();
    }
  }

  private static int indexOf(ByteBuffer bytes, byte[] sought) {
    for (int i = bytes.position(); i <= bytes.limit() - sought.length; i++) {
      int same = 0;
      while (same < sought.length && bytes.get(i + same) == sought[same]) {
        same++;
      }
      if (same == sought.length) {
        return i;
      }
    }
    return -1;
  }
}
