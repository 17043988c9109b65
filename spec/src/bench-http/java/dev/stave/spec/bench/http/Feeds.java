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
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Continuous feeds that wait, each on a connection of its own. */
final class Feeds implements AutoCloseable {

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private final Selector selector = Selector.open();
  private final List<SocketChannel> channels = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

  /** Opens {@code count} of them, and waits until each has begun. */
  Feeds(URI address, String database, int count) throws IOException {
    byte[] request =
        ("GET /"
                + database
                + "/_changes?feed=continuous&since=now&heartbeat=60000 HTTP/1.1\r\n"
                + "Host: localhost\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < count; i++) {
      SocketChannel channel =
          SocketChannel.open(new InetSocketAddress(address.getHost(), address.getPort()));
      channel.write(ByteBuffer.wrap(request));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new int[1]);
      channels.add(channel);
    }
  }

  /** Waits until each has said something after {@link #forget}; milliseconds that it took. */
  double awaitAll() throws IOException {
    long start = System.nanoTime();
    int[] silent = {channels.size()};
    while (silent[0] > 0) {
      if (System.nanoTime() - start > PATIENCE) {
        throw new IOException(silent[0] + " feeds say nothing");
      }
      selector.select(
          key -> {
            int[] heard = (int[]) key.attachment();
            try {
              buffer.clear();
              if (((SocketChannel) key.channel()).read(buffer) < 0) {
                throw new IOException("the server closed a feed");
              }
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
            if (heard[0]++ == 0) {
              silent[0]--;
            }
          },
          1_000);
    }
    return (System.nanoTime() - start) / 1e6;
  }

  /** All are silent again, from now on. */
  void forget() {
    selector.keys().forEach(key -> ((int[]) key.attachment())[0] = 0);
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : channels) {
      channel.close();
    }
    selector.close();
  }
}
