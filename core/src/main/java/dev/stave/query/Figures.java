package dev.stave.query;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the numbers at a path come to, exactly: no digit is lost. Values that are no numbers are
 * left out.
 *
 * @param count how many numbers
 * @param sum of them, 0 if there are none
 * @param min the least, null if there are none
 * @param max the greatest, null if there are none
 */
public record Figures(
    long count, BigDecimal sum, @Nullable BigDecimal min, @Nullable BigDecimal max) {

  static final Figures NONE = new Figures(0, BigDecimal.ZERO, null, null);

  /** Sum by count, to 34 digits; empty if there are no numbers. */
  public Optional<BigDecimal> average() {
    return count == 0
        ? Optional.empty()
        : Optional.of(sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL128));
  }

  /** With {@code times} more of {@code number}. */
  Figures plus(BigDecimal number, long times) {
    BigDecimal all = times == 1 ? number : number.multiply(BigDecimal.valueOf(times));
    return new Figures(
        count + times,
        sum.add(all),
        min == null ? number : min.min(number),
        max == null ? number : max.max(number));
  }
}
