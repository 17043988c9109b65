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

  private static final int INSERTION_SORT_BELOW = 12;

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
    return InOrder.of(postings, unsorted).postings;
  }

  /**
   * Postings in value order, and the prefixes of what follows in their keys what all begin with:
   * dates, addresses, numbers behind a word would else be compared beyond their prefixes each time.
   */
  static final class InOrder {
    final int[] postings;
    private final int common;
    private final long[] prefixes;
    private final MemoryPart part;

    private InOrder(MemoryPart part, int[] postings) {
      this.part = part;
      this.postings = postings;
      this.common = common();
      this.prefixes = new long[postings.length];
      for (int i = 0; i < postings.length; i++) {
        prefixes[i] = part.keys.prefixBehind(common, part.address(postings[i]));
      }
    }

    private int common() {
      if (postings.length == 0) {
        return 0;
      }
      byte[] first = part.keys.get(part.address(postings[0]));
      int common = first.length;
      for (int i = 1; i < postings.length && common > 0; i++) {
        common = part.keys.shared(part.address(postings[i]), first, common);
      }
      return common;
    }

    /** Brings postings, oldest first, into value order, in the array that they are in. */
    static InOrder of(MemoryPart part, int[] unsorted) {
      InOrder order = new InOrder(part, unsorted);
      order.new MergeSort().sort(0, unsorted.length);
      return order;
    }

    /** Whether the key at {@code i} is that of the place before it. */
    boolean isSameKey(int i) {
      return compare(postings[i - 1], prefixes[i - 1], postings[i], prefixes[i]) == 0;
    }

    private int compare(int left, long leftPrefix, int right, long rightPrefix) {
      if (leftPrefix != rightPrefix) {
        return Long.compare(leftPrefix, rightPrefix);
      }
      return KeyArena.isWhole(leftPrefix)
          ? 0
          : part.keys.compareBehind(
              common + KeyArena.PREFIX_BYTES, part.address(left), part.address(right));
    }

    /**
     * A stable merge sort of postings by key. Most comparisons end in the keys' prefixes, which lie
     * beside the postings and are moved with them; only the others go to the arena.
     */
    private final class MergeSort {
      private final int[] items = postings;
      private final int[] otherItems = postings.clone();
      private final long[] otherPrefixes = prefixes.clone();

      void sort(int from, int to) {
        if (to - from < INSERTION_SORT_BELOW) {
          insertionSort(from, to);
          return;
        }
        int middle = (from + to) >>> 1;
        sort(from, middle);
        sort(middle, to);
        if (compare(items[middle - 1], prefixes[middle - 1], items[middle], prefixes[middle]) > 0) {
          mergeHalves(from, middle, to);
        }
      }

      private void insertionSort(int from, int to) {
        for (int i = from + 1; i < to; i++) {
          int item = items[i];
          long prefix = prefixes[i];
          int at = i;
          while (at > from && compare(items[at - 1], prefixes[at - 1], item, prefix) > 0) {
            items[at] = items[at - 1];
            prefixes[at] = prefixes[at - 1];
            at--;
          }
          items[at] = item;
          prefixes[at] = prefix;
        }
      }

      private void mergeHalves(int from, int middle, int to) {
        System.arraycopy(items, from, otherItems, from, middle - from);
        System.arraycopy(prefixes, from, otherPrefixes, from, middle - from);
        int left = from;
        int right = middle;
        int out = from;
        while (left < middle) {
          if (right == to
              || compare(otherItems[left], otherPrefixes[left], items[right], prefixes[right])
                  <= 0) {
            items[out] = otherItems[left];
            prefixes[out++] = otherPrefixes[left++];
          } else {
            items[out] = items[right];
            prefixes[out++] = prefixes[right++];
          }
        }
      }
    }
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
