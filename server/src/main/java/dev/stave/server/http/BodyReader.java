package dev.stave.server.http;

import io.undertow.io.Receiver;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.util.Headers;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads the bodies of requests into memory, each as it comes in and without a thread, so that a
 * slow client costs little. All that are under way share one bound.
 */
final class BodyReader {

  /** A body, or what is wrong with it. */
  sealed interface Body {
    record Read(byte[] bytes) implements Body {}

    record Unreadable(HttpException why) implements Body {}
  }

  /** Takes a body, on any thread. */
  interface Next {
    void take(Body body);
  }

  private final HttpLimits limits;
  private final AtomicLong bytesTaken = new AtomicLong();

  BodyReader(HttpLimits limits) {
    this.limits = limits;
  }

  /** Reads the body of {@code exchange} up to {@code limit} bytes and gives it to {@code next}. */
  void read(HttpServerExchange exchange, int limit, Next next) {
    boolean chunked = exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING);
    long length = chunked ? limit : exchange.getRequestContentLength();
    if (length > limit) {
      next.take(new Body.Unreadable(HttpException.tooLarge("too_large", limit)));
    } else if (!take(exchange, length < 0 ? limit : length)) {
      next.take(
          new Body.Unreadable(
              new HttpException(
                  503, "service_unavailable", "too many large requests at once: try again")));
    } else {
      Receiver receiver = exchange.getRequestReceiver();
      receiver.setMaxBufferSize(limit);
      receiver.receiveFullBytes(
          (same, bytes) -> next.take(new Body.Read(bytes)),
          (same, failure) -> next.take(new Body.Unreadable(why(failure, limit))));
    }
  }

  private boolean take(HttpServerExchange exchange, long bytes) {
    if (bytesTaken.addAndGet(bytes) > limits.bodiesBytes()) {
      bytesTaken.addAndGet(-bytes);
      return false;
    }
    exchange.addExchangeCompleteListener(
        (ended, proceed) -> {
          bytesTaken.addAndGet(-bytes);
          proceed.proceed();
        });
    return true;
  }

  private static HttpException why(IOException failure, int limit) {
    return failure instanceof Receiver.RequestToLargeException
            || failure instanceof RequestTooBigException
        ? HttpException.tooLarge("too_large", limit)
        : HttpException.badRequest("the body cannot be read to its end: " + failure.getMessage());
  }
}
