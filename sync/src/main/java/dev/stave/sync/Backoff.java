package dev.stave.sync;

import java.util.OptionalLong;

/**
 * How long to wait before the next attempt: any time up to a bound that doubles with each failure,
 * so that many who failed together do not come back together.
 */
final class Backoff {

  private static final long FIRST_MILLIS = 1_000;
  private static final long LONGEST_MILLIS = 5 * 60_000;
  private static final int MOST_DOUBLINGS = 20;

  private final Workers workers;
  private int failures;

  Backoff(Workers workers) {
    this.workers = workers;
  }

  int failures() {
    return failures;
  }

  void reset() {
    failures = 0;
  }

  /**
   * Counts a failure.
   *
   * @param asked what the peer asks to wait at least
   * @return milliseconds
   */
  long next(OptionalLong asked) {
    long bound = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures, MOST_DOUBLINGS));
    failures++;
    return asked.orElse(0) + 1 + workers.random(bound);
  }
}
