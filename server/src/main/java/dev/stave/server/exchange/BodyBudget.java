package dev.stave.server.exchange;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that the bodies of all requests under way share. */
final class BodyBudget {

  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(long limit) {
    this.limit = limit;
  }

  /** A part of it, of nothing yet. */
  Share share() {
    return new Share();
  }

  /** What one body has of it. */
  final class Share {
    private long bytes; // under the lock of this
    private boolean closed;

    /**
     * Takes so many bytes more.
     *
     * @throws HttpException 503 if there are not so many
     */
    synchronized void take(long more) {
      if (taken.addAndGet(more) > limit) {
        taken.addAndGet(-more);
        throw new HttpException(
            503, "service_unavailable", "too many large requests at once: try again");
      }
      if (closed) {
        taken.addAndGet(-more); // the request is over
      } else {
        bytes += more;
      }
    }

    /** Gives all of it back, and what is taken later at once. */
    synchronized void close() {
      closed = true;
      taken.addAndGet(-bytes);
      bytes = 0;
    }
  }
}
