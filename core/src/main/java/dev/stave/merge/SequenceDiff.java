package dev.stave.merge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is different between two sequences, by a longest common subsequence (Hunt and Szymanski).
 *
 * <p>The time grows with the pairs of equal elements, which are about as many as the elements are
 * where most occur once, however far apart the sequences are. It is bounded by {@link #MAX_PAIRS}.
 */
final class SequenceDiff {

  /**
   * Sequences with more pairs of equal elements, where they begin and end differently, are not
   * compared: 1,000 equal elements in each are as many.
   */
  static final int MAX_PAIRS = 1_000_000;

  /** Elements {@code from} to {@code to} (exclusive) of the base, in whose place others stand. */
  record Hunk(int from, int to, int sideFrom, int sideTo) {
    boolean isInsertion() {
      return from == to;
    }

    boolean isDeletion() {
      return sideFrom == sideTo;
    }

    /** As many elements as before. */
    boolean isEven() {
      return to - from == sideTo - sideFrom;
    }
  }

  private static final int NONE = -1;
  private static final int TOO_MANY = -2;

  private final int[] base;
  private final int[] side;
  private final int start;
  private final int baseEnd;
  private final int sideEnd;

  /** Of the chains that are growing: node is a pair, and the node of the pair before it. */
  private int[] nodes = new int[64 * 3];

  private int nodeCount;

  private SequenceDiff(int[] base, int[] side) {
    this.base = base;
    this.side = side;
    int shared = Math.min(base.length, side.length);
    int prefix = 0;
    while (prefix < shared && base[prefix] == side[prefix]) {
      prefix++;
    }
    int suffix = 0;
    while (suffix < shared - prefix
        && base[base.length - 1 - suffix] == side[side.length - 1 - suffix]) {
      suffix++;
    }
    start = prefix;
    baseEnd = base.length - suffix;
    sideEnd = side.length - suffix;
  }

  /**
   * The differences, in order and apart from each other; null if there are too many pairs. Elements
   * are compared by {@code equals}.
   */
  static @Nullable List<Hunk> hunks(List<?> base, List<?> side) {
    Map<Object, Integer> numbers = new HashMap<>();
    int[] baseNumbers = numbers(base, numbers);
    int[] sideNumbers = numbers(side, numbers);
    return new SequenceDiff(baseNumbers, sideNumbers).hunks(numbers.size());
  }

  private static int[] numbers(List<?> elements, Map<Object, Integer> known) {
    int[] numbers = new int[elements.size()];
    int i = 0;
    for (Object element : elements) {
      int next = known.size();
      Integer number = known.putIfAbsent(element, next);
      numbers[i++] = number == null ? next : number;
    }
    return numbers;
  }

  private @Nullable List<Hunk> hunks(int distinct) {
    int last = chain(distinct);
    if (last == TOO_MANY) {
      return null;
    }
    List<int[]> matches = new ArrayList<>(); // backwards
    matches.add(new int[] {baseEnd, sideEnd});
    for (int node = last; node >= 0; node = nodes[3 * node + 2]) {
      matches.add(new int[] {nodes[3 * node], nodes[3 * node + 1]});
    }
    List<int[]> inPlace = inPlace();
    if (inPlace.size() == matches.size()) {
      matches = inPlace;
    }
    List<Hunk> hunks = new ArrayList<>();
    int from = start;
    int sideFrom = start;
    for (int i = matches.size() - 1; i >= 0; i--) {
      int[] match = matches.get(i);
      if (match[0] > from || match[1] > sideFrom) {
        hunks.add(new Hunk(from, match[0], sideFrom, match[1]));
      }
      from = match[0] + 1;
      sideFrom = match[1] + 1;
    }
    return hunks;
  }

  /**
   * Of several longest common subsequences one that leaves every element in its place is the best:
   * then elements of which others are equal were changed where they stand.
   */
  private List<int[]> inPlace() {
    List<int[]> matches = new ArrayList<>();
    if (baseEnd == sideEnd) {
      matches.add(new int[] {baseEnd, sideEnd});
      for (int i = baseEnd - 1; i >= start; i--) {
        if (base[i] == side[i]) {
          matches.add(new int[] {i, i});
        }
      }
    }
    return matches;
  }

  /** The last node of a longest chain of pairs, which grow in both sequences. */
  private int chain(int distinct) {
    int[] head = new int[distinct]; // of each value its last place in the side
    int[] before = new int[sideEnd]; // and of each place the one before
    int[] occurrences = new int[distinct];
    Arrays.fill(head, NONE);
    for (int j = start; j < sideEnd; j++) {
      before[j] = head[side[j]];
      head[side[j]] = j;
      occurrences[side[j]]++;
    }
    long pairs = 0;
    for (int i = start; i < baseEnd; i++) {
      pairs += occurrences[base[i]];
    }
    if (pairs > MAX_PAIRS) {
      return TOO_MANY;
    }
    int most = Math.min(baseEnd, sideEnd) - start;
    int[] ends = new int[most]; // the least place at which a chain of that length ends
    int[] endNodes = new int[most];
    int longest = 0;
    for (int i = start; i < baseEnd; i++) {
      for (int j = head[base[i]]; j >= 0; j = before[j]) { // backwards, so that i is used once
        int found = Arrays.binarySearch(ends, 0, longest, j);
        if (found < 0) {
          int length = -found - 1;
          ends[length] = j;
          endNodes[length] = node(i, j, length == 0 ? NONE : endNodes[length - 1]);
          longest = Math.max(longest, length + 1);
        }
      }
    }
    return longest == 0 ? NONE : endNodes[longest - 1];
  }

  private int node(int i, int j, int previous) {
    if (3 * nodeCount == nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * nodes.length);
    }
    nodes[3 * nodeCount] = i;
    nodes[3 * nodeCount + 1] = j;
    nodes[3 * nodeCount + 2] = previous;
    return nodeCount++;
  }
}
