package dev.stave.spec.bench.storage;

import java.util.concurrent.TimeUnit;

/** Remembers the longest of many calls: how long a writer was made to wait. */
final class Stopwatch {

  private long longestNanos;

  void time(Runnable call) {
    long before = System.nanoTime();
    call.run();
    longestNanos = Math.max(longestNanos, System.nanoTime() - before);
  }

  double longestMillis() {
    return longestNanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }
}
