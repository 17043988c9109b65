package dev.stave.storage;

import java.util.List;
import java.util.Optional;

/**
 * Which neighbouring segments to merge: {@code from} (included) to {@code to} (excluded) of a list,
 * newest first.
 *
 * <p>Only neighbours, so that newer stays above older. Only of like size, so that a row is
 * rewritten about once each time the data grows by {@value #LIKE_SIZE}.
 */
record MergePlan(int from, int to) {

  /** So many segments are worth a merge. */
  static final int MERGE_AT = 4;

  /** Like size: the largest of them has less than this many times the bytes of the smallest. */
  static final int LIKE_SIZE = 4;

  /** MapDB maps larger tables in a way that this storage does not use. */
  static final long MAX_MERGED_BYTES = 1_500L << 20;

  /** The newest run of segments that is worth merging, as long as it can be. */
  static Optional<MergePlan> of(List<Long> sizes) {
    for (int from = 0; from + MERGE_AT <= sizes.size(); from++) {
      int to = endOfRun(sizes, from);
      if (to - from >= MERGE_AT) {
        return Optional.of(new MergePlan(from, to));
      }
    }
    return Optional.empty();
  }

  private static int endOfRun(List<Long> sizes, int from) {
    long smallest = Long.MAX_VALUE;
    long largest = 0;
    long sum = 0;
    for (int i = from; i < sizes.size(); i++) {
      smallest = Math.min(smallest, sizes.get(i));
      largest = Math.max(largest, sizes.get(i));
      sum += sizes.get(i);
      if (largest >= smallest * LIKE_SIZE || sum > MAX_MERGED_BYTES) {
        return i;
      }
    }
    return sizes.size();
  }
}
