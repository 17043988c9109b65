package dev.stave.storage;

import java.time.Duration;

/**
 * When a commit is on the disk. A commit that was acknowledged survives the process in any case.
 */
public sealed interface Durability {

  /** Before the commit returns: it survives a power cut. */
  Durability SYNC = new Sync();

  /** When the operating system sees fit: a power cut may lose the commits of its last minutes. */
  Durability NONE = new None();

  /**
   * Every {@code interval}: a power cut loses at most the newest commits since then, never an older
   * one alone.
   *
   * @throws IllegalArgumentException if it is not between a millisecond and an hour
   */
  static Durability interval(Duration interval) {
    return new Interval(interval);
  }

  /** See {@link Durability#SYNC}. */
  record Sync() implements Durability {}

  /** See {@link Durability#interval}. */
  record Interval(Duration interval) implements Durability {
    private static final Duration LONGEST = Duration.ofHours(1);

    public Interval {
      if (interval.toMillis() < 1 || interval.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "an interval is between a millisecond and an hour: " + interval);
      }
    }
  }

  /** See {@link Durability#NONE}. */
  record None() implements Durability {}
}
