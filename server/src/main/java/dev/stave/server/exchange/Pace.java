package dev.stave.server.exchange;

import io.undertow.server.HttpServerExchange;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;

/** Watches that a body comes in no slower than it has to. */
final class Pace {

  private final HttpServerExchange exchange;
  private final HttpLimits limits;
  private final Runnable tooSlow;
  private final AtomicLong bytes = new AtomicLong(); // since the last look
  private volatile boolean ended;
  private volatile XnioExecutor.@Nullable Key next;

  /**
   * @param tooSlow called on the connection's I/O thread, and again after the next {@code
   *     idleMillis} unless it calls {@link #end}
   */
  Pace(HttpServerExchange exchange, HttpLimits limits, Runnable tooSlow) {
    this.exchange = exchange;
    this.limits = limits;
    this.tooSlow = tooSlow;
  }

  void begin() {
    exchange.addExchangeCompleteListener(
        (over, proceed) -> {
          end();
          proceed.proceed();
        });
    waitOn();
  }

  private void waitOn() {
    next =
        exchange.getIoThread().executeAfter(this::look, limits.idleMillis(), TimeUnit.MILLISECONDS);
    if (ended) {
      end(); // meanwhile
    }
  }

  /** So many bytes more have come. */
  void came(int count) {
    bytes.addAndGet(count);
  }

  private void look() {
    if (ended) {
      return;
    }
    long least = Math.max(1, (long) limits.bodyBytesPerSecond() * limits.idleMillis() / 1_000);
    if (bytes.getAndSet(0) < least) {
      tooSlow.run();
    }
    if (!ended) {
      waitOn();
    }
  }

  /** Nothing more is to come. */
  void end() {
    ended = true;
    XnioExecutor.Key timer = next;
    if (timer != null) {
      timer.remove();
    }
  }

  HttpException failure() {
    return new HttpException(
        408,
        "request_timeout",
        "the body comes in too slowly: at least "
            + limits.bodyBytesPerSecond()
            + " bytes a second have to");
  }
}
