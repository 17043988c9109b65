package dev.stave.storage;

import java.util.concurrent.TimeUnit;

/**
 * How fast work in the background may write, and whether it may go on at all. Each thread that
 * writes says so after each piece.
 */
final class Pace {

  /** The storage is being closed, and the work is not worth finishing. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("the storage is being closed");
    }
  }

  private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long bytesPerSecond;
  private boolean hurried;
  private boolean stopped;
  private long spent;
  private long paidUntil = System.nanoTime();

  Pace(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /**
   * Returns when another {@code bytes} fit the rate.
   *
   * @throws Stopped once the storage is being closed
   */
  synchronized void spend(long bytes) {
    spent += bytes;
    long now = System.nanoTime();
    paidUntil = Math.max(paidUntil, now - NANOS / 10) + bytes * NANOS / bytesPerSecond;
    boolean interrupted = false;
    while (!stopped && !hurried && paidUntil - System.nanoTime() > 0) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, paidUntil - System.nanoTime() + 1_000_000);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (stopped) {
      throw new Stopped();
    }
  }

  /** Lifts the bound, or sets it again: whoever has fallen behind would only fall further. */
  synchronized void hurry(boolean now) {
    hurried = now;
    paidUntil = System.nanoTime();
    notifyAll();
  }

  /** What was written so far. */
  synchronized long spent() {
    return spent;
  }

  synchronized void stop() {
    stopped = true;
    notifyAll();
  }
}
