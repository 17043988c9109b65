package dev.stave.index;

import java.util.ArrayList;
import java.util.List;

/**
 * The postings of one path in value order, equal values in the order they came. Immutable.
 *
 * <p>A few sorted runs, each at least twice as long as the next, so that a query after a write
 * sorts what is new and seldom merges what is old.
 */
final class SortedPostings {

  static final SortedPostings NONE = new SortedPostings(new ArrayList<>(), -1);

  private final List<int[]> runs; // longest first
  private final int newest;

  private SortedPostings(List<int[]> runs, int newest) {
    this.runs = runs;
    this.newest = newest;
  }

  /** The highest posting in here. */
  int newest() {
    return newest;
  }

  List<int[]> runs() {
    return runs;
  }

  /** Adds postings that are all above {@link #newest}, oldest first. */
  SortedPostings plus(MemoryPart postings, int[] oldestFirst) {
    if (oldestFirst.length == 0) {
      return this;
    }
    int highest = oldestFirst[oldestFirst.length - 1];
    int[] run = sort(postings, oldestFirst);
    List<int[]> longer = new ArrayList<>(runs);
    while (!longer.isEmpty() && longer.get(longer.size() - 1).length < 2 * run.length) {
      run = merge(postings, longer.remove(longer.size() - 1), run);
    }
    longer.add(run);
    return new SortedPostings(longer, highest);
  }

  private static int[] sort(MemoryPart postings, int[] unsorted) {
    PostingOrder order = new PostingOrder(postings, unsorted);
    int[] sorted = new int[unsorted.length];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = unsorted[order.at(i)];
    }
    return sorted;
  }

  private static int[] merge(MemoryPart postings, int[] older, int[] newer) {
    int[] merged = new int[older.length + newer.length];
    int o = 0;
    int n = 0;
    for (int i = 0; i < merged.length; i++) {
      boolean takeOlder =
          n == newer.length
              || (o < older.length
                  && postings.keys.compare(postings.address(older[o]), postings.address(newer[n]))
                      <= 0);
      merged[i] = takeOlder ? older[o++] : newer[n++];
    }
    return merged;
  }
}
