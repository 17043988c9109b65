package dev.stave.query;

import java.time.Duration;

/**
 * What one query may cost. A query that would cost more ends with a {@link QueryLimitException},
 * never with a part of its answer.
 *
 * @param time how long it may take
 * @param documents how many documents it may read, those included that turn out not to match
 */
public record QueryLimits(Duration time, long documents) {

  /** None. */
  public static final QueryLimits NONE =
      new QueryLimits(Duration.ofNanos(Long.MAX_VALUE), Long.MAX_VALUE);

  public QueryLimits {
    if (time.isNegative() || documents < 0) {
      throw new IllegalArgumentException("limits are not negative: " + time + ", " + documents);
    }
  }
}
