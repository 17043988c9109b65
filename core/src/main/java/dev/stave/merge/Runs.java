package dev.stave.merge;

import dev.stave.json.JsonOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What several sides inserted at one place, as one run. */
final class Runs {

  /** Any order would do that does not ask whose run it is: then it is the same for all sides. */
  static final Comparator<List<SameValue>> ORDER =
      (left, right) -> {
        int shared = Math.min(left.size(), right.size());
        for (int i = 0; i < shared; i++) {
          int difference = JsonOrder.INSTANCE.compare(left.get(i).node(), right.get(i).node());
          if (difference != 0) {
            return difference;
          }
        }
        return Integer.compare(left.size(), right.size());
      };

  private Runs() {}

  /** One run that holds each of them in its order; what several have in common is there once. */
  static List<SameValue> join(List<List<SameValue>> runs) {
    if (runs.isEmpty()) {
      return List.of();
    }
    List<List<SameValue>> sorted = new ArrayList<>(runs);
    sorted.sort(ORDER);
    return joinSorted(sorted);
  }

  /** Half with half: of many runs none is gone through as often as there are others. */
  private static List<SameValue> joinSorted(List<List<SameValue>> runs) {
    if (runs.size() == 1) {
      return runs.get(0);
    }
    int half = runs.size() / 2;
    return join(joinSorted(runs.subList(0, half)), joinSorted(runs.subList(half, runs.size())));
  }

  private static List<SameValue> join(List<SameValue> left, List<SameValue> right) {
    List<SequenceDiff.Hunk> hunks = SequenceDiff.hunks(left, right);
    List<SameValue> joined = new ArrayList<>(left.size() + right.size());
    if (hunks == null) {
      joined.addAll(left);
      joined.addAll(right);
      return joined;
    }
    int from = 0;
    for (SequenceDiff.Hunk hunk : hunks) {
      joined.addAll(left.subList(from, hunk.to()));
      joined.addAll(right.subList(hunk.sideFrom(), hunk.sideTo()));
      from = hunk.to();
    }
    joined.addAll(left.subList(from, left.size()));
    return joined;
  }
}
