package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergePlanTest {

  private static final long MB = 1L << 20;

  @Test
  void of_fewerThanFour_isNothing() {
    assertThat(MergePlan.of(List.of())).isEmpty();
    assertThat(MergePlan.of(List.of(1L, 1L, 1L))).isEmpty();
  }

  @Test
  void of_fourOfLikeSize_isAllOfThem() {
    assertThat(MergePlan.of(List.of(10L, 12L, 39L, 11L))).contains(new MergePlan(0, 4));
  }

  @Test
  void of_oneFourTimesTheSmallest_isNotOfLikeSize() {
    assertThat(MergePlan.of(List.of(10L, 12L, 40L, 11L))).isEmpty();
  }

  @Test
  void of_severalRuns_isTheNewestAsLongAsItCanBe() {
    assertThat(MergePlan.of(List.of(1L, 9L, 9L, 9L, 9L, 9L, 100L, 100L, 100L, 100L)))
        .contains(new MergePlan(1, 6));
  }

  @Test
  void of_largeSegments_staysBelowWhatMapDbMaps() {
    List<Long> sizes = Collections.nCopies(6, 400 * MB);

    assertThat(MergePlan.of(sizes)).isEmpty();
    assertThat(MergePlan.of(Collections.nCopies(6, 300 * MB))).contains(new MergePlan(0, 5));
  }

  @Test
  void of_anySizes_endsWithFewSegments() {
    Random random = new Random(3);
    List<Long> sizes = new ArrayList<>();
    int most = 0;
    for (int flush = 0; flush < 5_000; flush++) {
      sizes.add(0, 20 * MB / (1 + random.nextInt(3)));
      for (var plan = MergePlan.of(sizes); plan.isPresent(); plan = MergePlan.of(sizes)) {
        List<Long> run = sizes.subList(plan.get().from(), plan.get().to());
        long sum = run.stream().mapToLong(Long::longValue).sum();
        run.clear();
        sizes.add(plan.get().from(), sum);
      }
      most = Math.max(most, sizes.size());
    }
    long total = sizes.stream().mapToLong(Long::longValue).sum();

    assertThat(total).isGreaterThan(30_000 * MB);
    assertThat((long) most).isLessThan(20 + 3 * total / MergePlan.MAX_MERGED_BYTES);
  }
}
