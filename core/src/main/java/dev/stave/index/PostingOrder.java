package dev.stave.index;

/**
 * Brings postings of one path, which come oldest first, into value order, equal values in the order
 * they came.
 *
 * <p>It goes by prefixes of what follows in the keys what all of them begin with: dates, addresses,
 * numbers behind a word would else be compared beyond their prefixes each time. Prefixes are
 * numbers, and numbers are sorted digit by digit, without a comparison; only keys that agree in
 * their prefixes and are longer are compared in the arena. All that is looked at again and again is
 * copied side by side first: postings of one path lie far apart.
 */
final class PostingOrder {

  private static final int DIGIT_BITS = 8;
  private static final int DIGITS = Long.SIZE / DIGIT_BITS;
  private static final int VALUES = 1 << DIGIT_BITS;

  /** Fewer are compared sooner than counted. */
  private static final int COUNT_FROM = 64;

  private static final int INSERTION_SORT_BELOW = 12;

  private final KeyArena keys;
  private final long[] addresses; // by place among those that came
  private int common; // so many bytes are the same in all keys
  private int[] items; // places among those that came, in value order in the end
  private long[] prefixes; // of the items
  private int[] otherItems;
  private long[] otherPrefixes;

  PostingOrder(MemoryPart part, int[] oldestFirst) {
    int count = oldestFirst.length;
    keys = part.keys;
    addresses = new long[count];
    items = new int[count];
    prefixes = new long[count];
    otherItems = new int[count];
    otherPrefixes = new long[count];
    for (int i = 0; i < count; i++) {
      addresses[i] = part.address(oldestFirst[i]);
      items[i] = i;
    }
    common = common();
    for (int i = 0; i < count; i++) {
      prefixes[i] = keys.prefixBehind(common, addresses[i]);
    }
    if (count < COUNT_FROM) {
      sort(0, count);
    } else {
      sortByDigits();
      sortLongKeys();
    }
  }

  /** The place among those that came of what is {@code i}th in value order. */
  int at(int i) {
    return items[i];
  }

  /** The number of its key. */
  long address(int i) {
    return addresses[items[i]];
  }

  /** Whether the key at {@code i} is that of the place before it. */
  boolean isSameKey(int i) {
    return compare(items[i - 1], prefixes[i - 1], items[i], prefixes[i]) == 0;
  }

  private int common() {
    if (addresses.length == 0) {
      return 0;
    }
    byte[] first = keys.get(addresses[0]);
    int common = first.length;
    for (int i = 1; i < addresses.length && common > 0; i++) {
      common = keys.shared(addresses[i], first, common);
    }
    return common;
  }

  private int compare(int left, long leftPrefix, int right, long rightPrefix) {
    if (leftPrefix != rightPrefix) {
      return Long.compare(leftPrefix, rightPrefix);
    }
    return KeyArena.isWhole(leftPrefix)
        ? 0
        : keys.compareBehind(common + KeyArena.PREFIX_BYTES, addresses[left], addresses[right]);
  }

  /** By the last digit first; what agrees in a digit stays as it is. */
  private void sortByDigits() {
    int[][] counts = new int[DIGITS][VALUES];
    for (long prefix : prefixes) {
      long digits = prefix ^ Long.MIN_VALUE; // prefixes compare signed
      for (int digit = 0; digit < DIGITS; digit++) {
        counts[digit][(int) (digits >>> digit * DIGIT_BITS) & VALUES - 1]++;
      }
    }
    for (int digit = 0; digit < DIGITS; digit++) {
      long any = (prefixes[0] ^ Long.MIN_VALUE) >>> digit * DIGIT_BITS;
      if (counts[digit][(int) any & VALUES - 1] < prefixes.length) {
        sortByDigit(digit, counts[digit]);
      }
    }
  }

  private void sortByDigit(int digit, int[] counts) {
    int next = 0;
    for (int value = 0; value < VALUES; value++) {
      int count = counts[value];
      counts[value] = next;
      next += count;
    }
    for (int i = 0; i < items.length; i++) {
      long prefix = prefixes[i];
      int value = (int) ((prefix ^ Long.MIN_VALUE) >>> digit * DIGIT_BITS) & VALUES - 1;
      int to = counts[value]++;
      otherItems[to] = items[i];
      otherPrefixes[to] = prefix;
    }
    int[] sortedItems = otherItems;
    otherItems = items;
    items = sortedItems;
    long[] sortedPrefixes = otherPrefixes;
    otherPrefixes = prefixes;
    prefixes = sortedPrefixes;
  }

  /** Of keys that go on behind their prefixes those that agree in them. */
  private void sortLongKeys() {
    int from = 0;
    for (int i = 1; i <= items.length; i++) {
      if (i == items.length || prefixes[i] != prefixes[from]) {
        if (i - from > 1 && !KeyArena.isWhole(prefixes[from])) {
          sort(from, i);
        }
        from = i;
      }
    }
  }

  /** A stable merge sort by comparing. */
  private void sort(int from, int to) {
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
          || compare(otherItems[left], otherPrefixes[left], items[right], prefixes[right]) <= 0) {
        items[out] = otherItems[left];
        prefixes[out++] = otherPrefixes[left++];
      } else {
        items[out] = items[right];
        prefixes[out++] = prefixes[right++];
      }
    }
  }
}
