package dev.stave.server.exchange;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.util.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xnio.channels.StreamSourceChannel;

/**
 * Reads the bodies of requests into memory, each as it comes in and without a thread, so that a
 * slow client costs little. All that are under way share one bound.
 */
public final class BodyReader {

  /** A body, or what is wrong with it. */
  public sealed interface Body {
    record Read(byte[] bytes) implements Body {}

    /** {@code rest} is where the bytes that were not read still come in. */
    record Unreadable(HttpException why, Supplier<StreamSourceChannel> rest) implements Body {}
  }

  /** Takes a body, on any thread. */
  interface Next {
    void take(Body body);
  }

  private final HttpLimits limits;

  BodyReader(HttpLimits limits) {
    this.limits = limits;
  }

  /** Reads the body of {@code request} up to {@code limit} bytes and gives it to {@code next}. */
  void read(Request request, int limit, Next next) {
    HttpServerExchange exchange = request.exchange();
    boolean chunked = exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING);
    long length = chunked ? limit : exchange.getRequestContentLength();
    if (length > limit) {
      next.take(unread(exchange, HttpException.tooLarge("too_large", limit)));
      return;
    }
    BodyBudget.Share share = request.share();
    try {
      share.take(length < 0 ? limit : length);
    } catch (HttpException e) {
      next.take(unread(exchange, e));
      return;
    }
    new Reading(
            exchange,
            limit,
            body -> {
              if (body instanceof Body.Unreadable) {
                share.close(); // what was read of it is not kept
              }
              next.take(body);
            })
        .begin();
  }

  /**
   * A body of which nothing was read. A client that waits to be told to send it is told nothing but
   * the refusal: so the channel is opened after that, and Undertow must not close it before.
   */
  public static Body unread(HttpServerExchange exchange, HttpException why) {
    HttpContinue.markContinueResponseSent(exchange);
    return new Body.Unreadable(why, exchange::getRequestChannel);
  }

  /** One body on its way. Undertow's own receiver goes on after a failure, beside the reply. */
  private final class Reading {
    private final HttpServerExchange exchange;
    private final StreamSourceChannel channel;
    private final int limit;
    private final Next next;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Pace pace;

    Reading(HttpServerExchange exchange, int limit, Next next) {
      this.exchange = exchange;
      this.channel = exchange.getRequestChannel();
      this.limit = limit;
      this.next = next;
      this.pace = new Pace(exchange, limits, this::tooSlow);
    }

    void begin() {
      Body body = readOn();
      if (body != null) {
        next.take(body);
        return;
      }
      channel.getReadSetter().set(same -> goOn());
      channel.resumeReads();
      pace.begin();
    }

    private void goOn() {
      Body body = readOn();
      if (body != null) {
        end(body);
      }
    }

    private void tooSlow() {
      end(unreadable(pace.failure()));
    }

    private void end(Body body) {
      pace.end();
      channel.getReadSetter().set(null);
      channel.suspendReads();
      Connectors.executeRootHandler(same -> next.take(body), exchange);
    }

    /** What there is now; null if it is not all. */
    private @Nullable Body readOn() {
      try (PooledByteBuffer pooled = exchange.getConnection().getByteBufferPool().allocate()) {
        ByteBuffer buffer = pooled.getBuffer();
        int count = channel.read(buffer);
        while (count > 0) {
          if (bytes.size() + count > limit) {
            return unreadable(HttpException.tooLarge("too_large", limit));
          }
          buffer.flip();
          byte[] part = new byte[count];
          buffer.get(part);
          bytes.writeBytes(part);
          pace.came(count);
          buffer.clear();
          count = channel.read(buffer);
        }
        return count < 0 ? new Body.Read(bytes.toByteArray()) : null;
      } catch (IOException e) {
        return unreadable(
            HttpException.badRequest("the body cannot be read to its end: " + e.getMessage()));
      }
    }

    /** Keeps the channel alone: what was read may be large, and may linger for a while. */
    private Body unreadable(HttpException why) {
      StreamSourceChannel rest = channel;
      return new Body.Unreadable(why, () -> rest);
    }
  }
}
