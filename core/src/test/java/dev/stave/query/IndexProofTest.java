package dev.stave.query;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@link IndexLaws} for as long as is asked for, each time with other data.
 *
 * <p>{@code -Pproof} for an hour, {@code -Dstave.index.minutes=…} for another time, {@code
 * -Dstave.index.seed=…} for the one seed that a failure names.
 */
@Timeout(value = 10, unit = TimeUnit.HOURS)
class IndexProofTest {

  private static final Duration TIME =
      Duration.ofMinutes(Integer.getInteger("stave.index.minutes", 0));
  private static final Long ONLY_SEED = Long.getLong("stave.index.seed");

  /** A law that writes files takes so much longer. */
  private static final int EVERY = 10;

  private final IndexLaws laws = new IndexLaws();

  @Test
  void laws_forAsLongAsIsAskedFor_hold() {
    long begin = System.nanoTime();
    long seed = ONLY_SEED == null ? begin : ONLY_SEED;
    long tries = 0;
    do {
      hold(seed + tries);
      tries++;
    } while (ONLY_SEED == null && System.nanoTime() - begin < TIME.toNanos());
    if (!TIME.isZero()) {
      System.out.println("index = scan: " + tries + " tries in " + TIME.toMinutes() + " minutes");
    }
  }

  private void hold(long seed) {
    try {
      laws.find_afterRandomEdits_isTheScan(seed);
      if (seed % EVERY == 0) {
        laws.find_afterReopening_isTheScan(seed);
      }
    } catch (RuntimeException | AssertionError | IOException e) {
      throw new AssertionError(
          "again: mvn verify -pl core -Dtest=IndexProofTest -Dstave.index.seed=" + seed, e);
    }
  }
}
