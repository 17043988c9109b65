package dev.stave.index;

import java.util.List;
import java.util.LongSummaryStatistics;

/** Which tables of the index are worth merging: many of a size, or all if too much in them died. */
final class MergePolicy {

  /** So many neighbours of a size make one of the next. */
  static final int TABLES = 8;

  /** Of tables of a size the largest is at most so many times as large as their average. */
  private static final int LIKE_SIZE = 3;

  /** Dead versions take at most one part in so many of the live ones. */
  private static final int DEAD_SHARE = 2;

  private MergePolicy() {}

  /** Neighbours to merge; empty if nothing is worth it. */
  static List<TablePart> next(Generation generation) {
    List<TablePart> parts = generation.parts();
    long versions = parts.stream().mapToLong(part -> part.versions().size()).sum();
    long live = generation.live().size();
    if (versions - live > live / DEAD_SHARE) {
      return parts;
    }
    for (int from = parts.size() - TABLES; from >= 0; from--) {
      List<TablePart> newest = parts.subList(from, parts.size());
      LongSummaryStatistics bytes =
          newest.stream().mapToLong(part -> part.table().bytes()).summaryStatistics();
      if (bytes.getMax() <= LIKE_SIZE * bytes.getAverage()) {
        return newest;
      }
    }
    return List.of();
  }
}
