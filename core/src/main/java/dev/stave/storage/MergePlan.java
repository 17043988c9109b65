package dev.stave.storage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
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
  static final int DELETED_SHARE = 7;

  /** When one byte in so many of all files of bodies is garbage, the worst of them go. */
  static final int GARBAGE_SHARE = 5;

  /** So many go that at most one byte in so many is left. */
  static final int GARBAGE_LEFT = 7;

  MergePlan {
    leftBehind = Set.copyOf(leftBehind);
  }

  /** What is most worth doing, if anything is. */
  static Optional<MergePlan> of(Manifest manifest) {
    List<Manifest.Rows> segments = manifest.segments();
    Set<Long> garbage = worstBodies(manifest.bodies().values());
    if (deletionsAreMany(segments)) {
      return Optional.of(plan(segments, 0, segments.size(), garbage));
    }
    for (int from = 0; from + MERGE_AT <= segments.size(); from++) {
      int to = endOfRun(segments, from);
      if (to - from >= MERGE_AT) {
        return Optional.of(plan(segments, from, to, garbage));
      }
    }
    for (int at = 0; at < segments.size(); at++) {
      MergePlan alone = plan(segments, at, at + 1, garbage);
      if (!alone.leftBehind.isEmpty()) {
        return Optional.of(alone);
      }
    }
    return Optional.empty();
  }

  /** All that can be done: one segment, and no garbage. */
  static Optional<MergePlan> whole(Manifest manifest) {
    List<Manifest.Rows> segments = manifest.segments();
    Set<Long> garbage = new HashSet<>();
    for (Manifest.Bodies file : manifest.bodies().values()) {
      if (file.garbage() > 0) {
        garbage.add(file.number());
      }
    }
    boolean isWhole =
        segments.isEmpty()
            || (segments.size() == 1 && garbage.isEmpty() && segments.get(0).deletions() == 0);
    return isWhole ? Optional.empty() : Optional.of(plan(segments, 0, segments.size(), garbage));
  }

  /** Those of {@code garbage} that the segments point into are left behind. */
  private static MergePlan plan(List<Manifest.Rows> segments, int from, int to, Set<Long> garbage) {
    Set<Long> leftBehind = new HashSet<>();
    for (Manifest.Rows rows : segments.subList(from, to)) {
      leftBehind.addAll(rows.bodies());
    }
    leftBehind.retainAll(garbage);
    return new MergePlan(from, to, leftBehind);
  }

  /** Those with the largest share of garbage: to copy the rest of them gives most for least. */
  private static Set<Long> worstBodies(Collection<Manifest.Bodies> files) {
    long bytes = 0;
    long garbage = 0;
    for (Manifest.Bodies file : files) {
      bytes += file.size();
      garbage += file.garbage();
    }
    Set<Long> worst = new HashSet<>();
    if (garbage > bytes / GARBAGE_SHARE) {
      List<Manifest.Bodies> worstFirst = new ArrayList<>(files);
      worstFirst.sort(Comparator.comparingDouble(file -> -(double) file.garbage() / file.size()));
      for (int i = 0; i < worstFirst.size() && garbage > bytes / GARBAGE_LEFT; i++) {
        worst.add(worstFirst.get(i).number());
        garbage -= worstFirst.get(i).garbage();
        bytes -= worstFirst.get(i).garbage();
      }
    }
    return worst;
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
