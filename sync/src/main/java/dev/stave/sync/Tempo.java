package dev.stave.sync;

import java.util.function.LongSupplier;

/** How many there were a second, over the last ten seconds. Any thread may call any method. */
final class Tempo {

  private static final int SECONDS = 10;
  private static final long MILLIS = 1_000;

  private final LongSupplier clock; // milliseconds since 1970
  private final long[] counts = new long[SECONDS]; // of seconds, by their number
  private long first; // second that counts
  private long latest;

  Tempo(LongSupplier clock) {
    this.clock = clock;
    this.latest = clock.getAsLong() / MILLIS;
    this.first = latest;
  }

  synchronized void add(long count) {
    advance();
    counts[(int) Math.floorMod(latest, (long) SECONDS)] += count;
  }

  synchronized double perSecond() {
    advance();
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return (double) sum / (latest - first + 1);
  }

  private void advance() {
    long now = clock.getAsLong() / MILLIS;
    boolean isSetBack = now < latest;
    for (long second = isSetBack ? now - SECONDS + 1 : Math.max(latest, now - SECONDS) + 1;
        second <= now;
        second++) {
      counts[(int) Math.floorMod(second, (long) SECONDS)] = 0;
    }
    first = isSetBack ? now : Math.max(first, now - SECONDS + 1);
    latest = now;
  }
}
