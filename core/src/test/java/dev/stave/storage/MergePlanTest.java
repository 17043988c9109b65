package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MergePlanTest {

  private static final long MB = 1L << 20;

  /** Segments of these sizes, newest first, with no deletions and no bodies. */
  private static Manifest segments(Long... sizes) {
    List<Manifest.Rows> rows = new ArrayList<>();
    for (long size : sizes) {
      rows.add(new Manifest.Rows(rows.size() + 1, size, size, 0, List.of()));
    }
    return new Manifest(99, List.of(), rows, Map.of(), List.of());
  }

  private static Optional<MergePlan> plan(Long... sizes) {
    return MergePlan.of(segments(sizes));
  }

  private static MergePlan merge(int from, int to) {
    return new MergePlan(from, to, Set.of());
  }

  @Test
  void of_fewerThanFour_isNothing() {
    assertThat(plan()).isEmpty();
    assertThat(plan(1L, 1L, 1L)).isEmpty();
  }

  @Test
  void of_fourOfLikeSize_isAllOfThem() {
    assertThat(plan(10L, 12L, 39L, 11L)).contains(merge(0, 4));
  }

  @Test
  void of_oneFourTimesTheSmallest_isNotOfLikeSize() {
    assertThat(plan(10L, 12L, 40L, 11L)).isEmpty();
  }

  @Test
  void of_severalRuns_isTheNewestAsLongAsItCanBe() {
    assertThat(plan(1L, 9L, 9L, 9L, 9L, 9L, 100L, 100L, 100L, 100L)).contains(merge(1, 6));
  }

  @Test
  void of_moreThanASeventhDeleted_isAllSegments() {
    Manifest.Rows old = new Manifest.Rows(1, 900, 120, 0, List.of());
    Manifest.Rows few = new Manifest.Rows(2, 180, 20, 20, List.of());
    Manifest.Rows many = new Manifest.Rows(3, 190, 21, 21, List.of());

    assertThat(MergePlan.of(new Manifest(9, List.of(), List.of(few, old), Map.of(), List.of())))
        .isEmpty();
    assertThat(MergePlan.of(new Manifest(9, List.of(), List.of(many, old), Map.of(), List.of())))
        .contains(merge(0, 2));
    assertThat(MergePlan.of(new Manifest(9, List.of(), List.of(many), Map.of(), List.of())))
        .isEmpty();
  }

  private static Manifest withGarbage(long... garbage) {
    Map<Long, Manifest.Bodies> bodies = new TreeMap<>();
    for (long each : garbage) {
      long number = bodies.size() + 1;
      bodies.put(number, new Manifest.Bodies(number, 1_000, each));
    }
    return new Manifest(
        9,
        List.of(),
        List.of(
            new Manifest.Rows(8, 100, 10, 0, List.of()),
            new Manifest.Rows(7, 100, 10, 0, List.copyOf(bodies.keySet()))),
        bodies,
        List.of());
  }

  @Test
  void of_moreThanAFifthOfBodiesGarbage_leavesTheWorstFilesBehind() {
    assertThat(MergePlan.of(withGarbage(200))).isEmpty();
    assertThat(MergePlan.of(withGarbage(201))).contains(new MergePlan(1, 2, Set.of(1L)));
    assertThat(MergePlan.of(withGarbage(100, 400, 150, 100))).isEmpty();
    assertThat(MergePlan.of(withGarbage(160, 600, 150, 160)))
        .contains(new MergePlan(1, 2, Set.of(2L)));
    assertThat(MergePlan.of(withGarbage(300, 600, 200, 150)))
        .contains(new MergePlan(1, 2, Set.of(1L, 2L)));
  }

  @Test
  void whole_anyGarbageOrASecondSegmentOrDeletions_isAll() {
    assertThat(MergePlan.whole(withGarbage(1))).contains(new MergePlan(0, 2, Set.of(1L)));
    assertThat(MergePlan.whole(withGarbage(0))).contains(merge(0, 2));
    assertThat(MergePlan.whole(segments(7L))).isEmpty();
    assertThat(MergePlan.whole(segments())).isEmpty();
  }

  @Test
  void of_anySizes_endsWithFewSegments() {
    Random random = new Random(3);
    List<Long> sizes = new ArrayList<>();
    int most = 0;
    for (int flush = 0; flush < 5_000; flush++) {
      sizes.add(0, 20 * MB / (1 + random.nextInt(3)));
      Optional<MergePlan> plan = plan(sizes.toArray(new Long[0]));
      while (plan.isPresent()) {
        List<Long> run = sizes.subList(plan.get().from(), plan.get().to());
        long sum = run.stream().mapToLong(Long::longValue).sum();
        run.clear();
        sizes.add(plan.get().from(), sum);
        plan = plan(sizes.toArray(new Long[0]));
      }
      most = Math.max(most, sizes.size());
    }

    assertThat(sizes.stream().mapToLong(Long::longValue).sum()).isGreaterThan(30_000 * MB);
    assertThat(most).isLessThan(25);
  }
}
