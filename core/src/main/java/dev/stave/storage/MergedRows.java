package dev.stave.storage;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of several segments as one, upwards, for a merge: of each key what the newest segment
 * says, deletions too. Nothing is made of a row: it is read where it stands.
 */
final class MergedRows {

  /** Where one segment has been read to. */
  private static final class Layer {
    final int age; // 0 is the newest
    final SortedFile.Walk rest;
    Block.@Nullable Cursor row; // null before the first and behind the last

    Layer(int age, SortedFile.Walk rest) {
      this.age = age;
      this.rest = rest;
    }

    boolean isAfter(Layer other) {
      if (row == null || other.row == null) {
        return row == null;
      }
      int byKey = row.compareTo(other.row);
      return byKey == 0 ? age > other.age : byKey > 0;
    }
  }

  /** By their rows, and of equal keys the newest first. Few, and mostly the first stays first. */
  private final Layer[] layers;

  private final Consumer<Block.Cursor> covered;

  /** Hands to {@code covered} what lies below a newer row of the same key. */
  MergedRows(List<Segment> newestFirst, Consumer<Block.Cursor> covered) {
    this.layers = new Layer[newestFirst.size()];
    this.covered = covered;
    for (int age = layers.length - 1; age >= 0; age--) {
      layers[age] = new Layer(age, newestFirst.get(age).walk());
      if (age > 0) { // the first call of next() steps the newest
        step(age);
      }
    }
  }

  /** The next row, until this is called again; null if there is no more. */
  Block.@Nullable Cursor next() {
    step(0);
    Block.Cursor newest = layers[0].row;
    if (newest != null) {
      Block.Cursor below = rowBelow();
      while (below != null && below.compareTo(newest) == 0) {
        covered.accept(below);
        step(1);
        below = rowBelow();
      }
    }
    return newest;
  }

  private Block.@Nullable Cursor rowBelow() {
    return layers.length > 1 ? layers[1].row : null;
  }

  /** The layer at that place goes on by one row, and moves to the place that is its then. */
  private void step(int at) {
    Layer layer = layers[at];
    layer.row = layer.rest.next();
    int to = at;
    while (to + 1 < layers.length && layer.isAfter(layers[to + 1])) {
      layers[to] = layers[to + 1];
      to++;
    }
    layers[to] = layer;
  }
}
