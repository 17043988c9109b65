package dev.stave.storage;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which neighbouring segments to merge: {@code from} (included) to {@code to} (excluded) of a list,
 * newest first; and which files of bodies to leave behind, the live bodies of which are copied.
 *
 * <p>Only neighbours, so that newer stays above older. Only of like size, so that a row is
 * rewritten about once each time the data grows by {@value #LIKE_SIZE}, unless what is deleted is
 * worth more.
 */
record MergePlan(int from, int to, Set<Long> leftBehind) {

  /** So many segments are worth a merge. */
  static final int MERGE_AT = 4;

  /** Like size: the largest of them has less than this many times the bytes of the smallest. */
  static final int LIKE_SIZE = 4;

  /** When one row in so many is a deletion, all segments are merged, and its row goes too. */
  static final int DELETED_SHARE = 4;

  /** When one byte in so many of a file of bodies is garbage, its live bodies are copied. */
  static final int GARBAGE_SHARE = 3;

  MergePlan {
    leftBehind = Set.copyOf(leftBehind);
  }

  /** What is most worth doing, if anything is. */
  static Optional<MergePlan> of(Manifest manifest) {
    List<Manifest.Rows> segments = manifest.segments();
    if (deletionsAreMany(segments)) {
      return Optional.of(plan(manifest, 0, segments.size(), GARBAGE_SHARE));
    }
    for (int from = 0; from + MERGE_AT <= segments.size(); from++) {
      int to = endOfRun(segments, from);
      if (to - from >= MERGE_AT) {
        return Optional.of(plan(manifest, from, to, GARBAGE_SHARE));
      }
    }
    for (int at = 0; at < segments.size(); at++) {
      MergePlan alone = plan(manifest, at, at + 1, GARBAGE_SHARE);
      if (!alone.leftBehind.isEmpty()) {
        return Optional.of(alone);
      }
    }
    return Optional.empty();
  }

  /** All that can be done: one segment, and no garbage. */
  static Optional<MergePlan> whole(Manifest manifest) {
    int count = manifest.segments().size();
    MergePlan whole = plan(manifest, 0, count, Long.MAX_VALUE);
    boolean isWhole =
        count == 0
            || (count == 1
                && whole.leftBehind.isEmpty()
                && manifest.segments().get(0).deletions() == 0);
    return isWhole ? Optional.empty() : Optional.of(whole);
  }

  private static MergePlan plan(Manifest manifest, int from, int to, long share) {
    Set<Long> leftBehind = new HashSet<>();
    for (Manifest.Rows rows : manifest.segments().subList(from, to)) {
      for (long number : rows.bodies()) {
        if (isWorthLeaving(number, manifest.bodies(), share)) {
          leftBehind.add(number);
        }
      }
    }
    return new MergePlan(from, to, leftBehind);
  }

  private static boolean isWorthLeaving(
      long number, Map<Long, Manifest.Bodies> bodies, long share) {
    Manifest.Bodies file = bodies.get(number);
    if (file == null || file.garbage() == 0) {
      return false;
    }
    return file.garbage() >= file.size() / share;
  }

  private static boolean deletionsAreMany(List<Manifest.Rows> segments) {
    long entries = 0;
    long deletions = 0;
    for (Manifest.Rows rows : segments) {
      entries += rows.entries();
      deletions += rows.deletions();
    }
    return segments.size() > 1 && deletions > entries / DELETED_SHARE;
  }

  private static int endOfRun(List<Manifest.Rows> segments, int from) {
    long smallest = Long.MAX_VALUE;
    long largest = 0;
    for (int i = from; i < segments.size(); i++) {
      smallest = Math.min(smallest, segments.get(i).size());
      largest = Math.max(largest, segments.get(i).size());
      if (largest >= smallest * LIKE_SIZE) {
        return i;
      }
    }
    return segments.size();
  }
}
