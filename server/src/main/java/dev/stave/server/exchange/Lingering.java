package dev.stave.server.exchange;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSourceChannel;

/** Holds a request that was answered before its body was read, until its client is done sending. */
final class Lingering {

  /*
   * Whoever closes a socket with bytes unread resets the connection, and the reset wipes out the
   * answer where the client has not read it yet. Most clients read nothing before they have sent
   * all. So the rest of the body is read as it comes in, and thrown away, on no thread of its own;
   * only then does Undertow learn that the request is over, and closes. A client that goes on
   * beyond the limits is cut off.
   *
   * All that happens here happens on the connection's I/O thread.
   */

  private final HttpServerExchange exchange;
  private final StreamSourceChannel channel;
  private final HttpLimits limits;
  private long bytes;
  private XnioExecutor.@Nullable Key deadline;

  private Lingering(HttpServerExchange exchange, StreamSourceChannel channel, HttpLimits limits) {
    this.exchange = exchange;
    this.channel = channel;
    this.limits = limits;
  }

  /** Holds {@code exchange}, which is answered, as soon as this thread has let go of it. */
  static void begin(HttpServerExchange exchange, StreamSourceChannel channel, HttpLimits limits) {
    Lingering lingering = new Lingering(exchange, channel, limits);
    exchange.dispatch(
        SameThreadExecutor.INSTANCE, () -> exchange.getIoThread().execute(lingering::start));
  }

  private void start() {
    deadline =
        exchange
            .getIoThread()
            .executeAfter(this::cutOff, limits.lingerMillis(), TimeUnit.MILLISECONDS);
    channel.getReadSetter().set(same -> discard());
    channel.wakeupReads();
  }

  /** Throws away what there is now. */
  private void discard() {
    try (PooledByteBuffer pooled = exchange.getConnection().getByteBufferPool().allocate()) {
      ByteBuffer buffer = pooled.getBuffer();
      int count = channel.read(buffer);
      while (count > 0 && bytes <= limits.lingerBytes()) {
        bytes += count;
        buffer.clear();
        count = channel.read(buffer);
      }
      if (count < 0) {
        end();
      } else if (bytes > limits.lingerBytes()) {
        cutOff();
      }
    } catch (IOException e) {
      cutOff(); // the client is gone, or sends what is no body
    }
  }

  private void cutOff() {
    IoUtils.safeClose(exchange.getConnection());
    end();
  }

  private void end() {
    if (deadline != null) {
      deadline.remove();
    }
    channel.getReadSetter().set(null);
    exchange.endExchange();
  }
}
