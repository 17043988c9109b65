package dev.stave.revision;

import java.time.Duration;
import java.time.Instant;

/**
 * A time of a hybrid logical clock: milliseconds since 1970 UTC, and a count within them. It says
 * about when something happened, and is later than the times of all that its clock had seen.
 *
 * <p>Ordered as they were given. A clock is no more than the last time that it gave or received:
 *
 * <ul>
 *   <li>{@link #next} is a later time, even if the system's clock was set back meanwhile;
 *   <li>{@link #received} moves on past a time that a peer sent, so that what is written next
 *       counts as later; unless that is more than {@link #MAX_AHEAD} ahead of the system's clock.
 *       Such a time comes of a clock that is wrong, and does not make this one wrong too.
 * </ul>
 *
 * @param value milliseconds shifted left by 16 bits, and the count in those; not negative
 */
public record HybridTime(long value) implements Comparable<HybridTime> {

  /** Before every other time: a clock that has seen none. */
  public static final HybridTime NONE = new HybridTime(0);

  /** A received time further ahead of the system's clock than this is not followed. */
  public static final Duration MAX_AHEAD = Duration.ofHours(24);

  private static final int COUNT_BITS = 16;

  /** In the year 6429. */
  private static final long MAX_MILLIS = (1L << 63 - COUNT_BITS) - 1;

  public HybridTime {
    if (value < 0) {
      throw new IllegalArgumentException("a time is not negative: " + value);
    }
  }

  /** Milliseconds since 1970 UTC. */
  public long millis() {
    return value >>> COUNT_BITS;
  }

  /** The first time after this one that is not before {@code systemMillis}. */
  public HybridTime next(long systemMillis) {
    long now = Math.max(0, Math.min(MAX_MILLIS, systemMillis)) << COUNT_BITS;
    return new HybridTime(Math.max(value + 1, now));
  }

  /** This or {@code other}, whichever is later, if that is not too far ahead. */
  public HybridTime received(HybridTime other, long systemMillis) {
    boolean tooFar = other.millis() - systemMillis > MAX_AHEAD.toMillis();
    return tooFar || other.value <= value ? this : other;
  }

  @Override
  public int compareTo(HybridTime other) {
    return Long.compare(value, other.value);
  }

  /** As {@code 2026-11-21T09:30:00.125Z}, and if there was another in that millisecond, +count. */
  @Override
  public String toString() {
    long count = value & (1 << COUNT_BITS) - 1;
    return Instant.ofEpochMilli(millis()) + (count == 0 ? "" : "+" + count);
  }
}
