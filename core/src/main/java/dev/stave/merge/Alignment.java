package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of each element of a list without identity, and what was inserted where.
 *
 * <p>Equal elements are found by {@link SequenceDiff}. Of what is left between them, elements that
 * are alike are one element, edited; then as many elements as before are the same elements, each
 * edited; and what then still does not fit is a block in place of a block.
 */
final class Alignment {

  /** Objects and arrays in a hunk are compared each with each, up to so many pairs. */
  private static final int MAX_ALIKE_PAIRS = 10_000;

  /** Elements {@code from} to {@code to} (exclusive) of the base that others stand in for. */
  record Block(int from, int to, List<SameValue> run) {}

  private final ArrayNode base;
  private final ArrayNode side;

  /** Of each element of the base: itself, another value, or missing. */
  final JsonNode[] became;

  /** What stands before an element, or with the length of the base at the end. */
  final Map<Integer, List<SameValue>> inserted = new HashMap<>();

  /** Elements in a block are missing from {@link #became}. By their first element. */
  final Map<Integer, Block> blocks = new HashMap<>();

  /** Where each element of the side came from, or -1. */
  final int[] origin;

  private Alignment(ArrayNode base, ArrayNode side) {
    this.base = base;
    this.side = side;
    became = new JsonNode[base.size()];
    origin = new int[side.size()];
    Arrays.fill(origin, -1);
  }

  /** Null if the two cannot be compared: see {@link SequenceDiff#MAX_PAIRS}. */
  static @Nullable Alignment of(ArrayNode base, ArrayNode side) {
    List<SequenceDiff.Hunk> hunks = SequenceDiff.hunks(elements(base), elements(side));
    if (hunks == null) {
      return null;
    }
    Alignment alignment = new Alignment(base, side);
    int from = 0;
    int sideFrom = 0;
    for (SequenceDiff.Hunk hunk : hunks) {
      alignment.keep(from, sideFrom, hunk.from() - from);
      alignment.hunk(hunk);
      from = hunk.to();
      sideFrom = hunk.sideTo();
    }
    alignment.keep(from, sideFrom, base.size() - from);
    return alignment;
  }

  static List<SameValue> elements(JsonNode array) {
    List<SameValue> elements = new ArrayList<>(array.size());
    array.forEach(element -> elements.add(new SameValue(element)));
    return elements;
  }

  private void keep(int from, int sideFrom, int count) {
    for (int i = 0; i < count; i++) {
      became[from + i] = base.get(from + i);
      origin[sideFrom + i] = from + i;
    }
  }

  private void edit(int i, int j) {
    became[i] = side.get(j);
    origin[j] = i;
  }

  private void hunk(SequenceDiff.Hunk hunk) {
    int from = hunk.from();
    int sideFrom = hunk.sideFrom();
    for (int[] pair : alikePairs(hunk)) {
      rest(new SequenceDiff.Hunk(from, pair[0], sideFrom, pair[1]));
      edit(pair[0], pair[1]);
      from = pair[0] + 1;
      sideFrom = pair[1] + 1;
    }
    rest(new SequenceDiff.Hunk(from, hunk.to(), sideFrom, hunk.sideTo()));
  }

  private void rest(SequenceDiff.Hunk hunk) {
    if (hunk.isEven()) {
      for (int i = hunk.from(); i < hunk.to(); i++) {
        edit(i, hunk.sideFrom() + i - hunk.from());
      }
      return;
    }
    for (int i = hunk.from(); i < hunk.to(); i++) {
      became[i] = MissingNode.getInstance();
    }
    List<SameValue> run = new ArrayList<>();
    for (int j = hunk.sideFrom(); j < hunk.sideTo(); j++) {
      run.add(new SameValue(side.get(j)));
    }
    if (hunk.isInsertion()) {
      inserted.put(hunk.from(), run);
    } else if (!hunk.isDeletion()) {
      blocks.put(hunk.from(), new Block(hunk.from(), hunk.to(), run));
    }
  }

  /** The most pairs of elements that are alike and stand in the same order in both. */
  private List<int[]> alikePairs(SequenceDiff.Hunk hunk) {
    int rows = hunk.to() - hunk.from();
    int columns = hunk.sideTo() - hunk.sideFrom();
    if ((long) rows * columns > MAX_ALIKE_PAIRS || rows == 0 || columns == 0) {
      return List.of();
    }
    int[][] most = new int[rows + 1][columns + 1]; // of what is left from there on
    boolean[][] alike = new boolean[rows][columns];
    for (int i = rows - 1; i >= 0; i--) {
      for (int j = columns - 1; j >= 0; j--) {
        alike[i][j] = alike(base.get(hunk.from() + i), side.get(hunk.sideFrom() + j));
        most[i][j] = Math.max(most[i + 1][j], most[i][j + 1]);
        if (alike[i][j]) {
          most[i][j] = Math.max(most[i][j], most[i + 1][j + 1] + 1);
        }
      }
    }
    List<int[]> pairs = new ArrayList<>();
    for (int i = 0, j = 0; i < rows && j < columns && most[i][j] > 0; ) {
      if (alike[i][j] && most[i][j] == most[i + 1][j + 1] + 1) {
        pairs.add(new int[] {hunk.from() + i++, hunk.sideFrom() + j++});
      } else if (most[i + 1][j] == most[i][j]) {
        i++;
      } else {
        j++;
      }
    }
    return pairs;
  }

  /** Whether both are objects, or arrays, of which at least half is the same. */
  static boolean alike(JsonNode left, JsonNode right) {
    if (!left.isContainerNode() || left.isObject() != right.isObject() || left.isEmpty()) {
      return false;
    }
    int same = 0;
    for (Map.Entry<String, JsonNode> member : left.properties()) {
      same += SameValue.same(member.getValue(), right.path(member.getKey())) ? 1 : 0;
    }
    for (int i = 0; left.isArray() && i < left.size(); i++) {
      same += SameValue.same(left.get(i), right.path(i)) ? 1 : 0;
    }
    return 2 * same >= Math.max(left.size(), right.size());
  }

  /** Whether this changes elements of {@code block}, or inserts between two of them. */
  boolean touches(Block block) {
    for (int i = block.from(); i < block.to(); i++) {
      if (became[i] != base.get(i) || (i > block.from() && inserted.containsKey(i))) {
        return true;
      }
    }
    return false;
  }

  /** Values that were taken away and inserted elsewhere, with the place of the latter. */
  Map<SameValue, Integer> moved() {
    Set<SameValue> gone = new HashSet<>();
    for (int i = 0; i < became.length; i++) {
      if (became[i].isMissingNode()) {
        gone.add(new SameValue(base.get(i)));
      }
    }
    Map<SameValue, Integer> moved = new HashMap<>();
    inserted.forEach(
        (place, run) -> run.stream().filter(gone::contains).forEach(v -> moved.put(v, place)));
    return moved;
  }
}
