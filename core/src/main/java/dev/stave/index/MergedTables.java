package dev.stave.index;

import dev.stave.storage.Table;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * The postings of several tables as one, key by key upwards, equal keys oldest first. Nothing is
 * made of a row: it is read where it stands.
 */
final class MergedTables {

  /** Where one table has been read to. */
  private static final class Layer {
    private static final int PREFIX_BYTES = 8;

    final int age;
    final TablePart part;
    final Table.Walk row;
    boolean isAtEnd; // of its postings

    // Of the key: where its path ends most comparisons do, or in the next bytes.
    int path;
    private long prefix;

    Layer(int age, TablePart part) {
      this.age = age;
      this.part = part;
      this.row = part.table().walk();
    }

    void step() {
      isAtEnd = !row.next();
      if (!isAtEnd) {
        byte[] key = row.key();
        path = TableKeys.pathOf(key);
        isAtEnd = path == TableKeys.FACTS_PATH;
        prefix = 0;
        for (int i = TableKeys.PATH_BYTES; i < TableKeys.PATH_BYTES + PREFIX_BYTES; i++) {
          prefix = prefix << 8 | (i < row.keyLength() ? key[i] & 0xff : 0);
        }
        prefix ^= Long.MIN_VALUE; // compares signed as the bytes do unsigned
      }
    }

    boolean isAfter(Layer other) {
      if (isAtEnd || other.isAtEnd) {
        return isAtEnd;
      }
      int order = compareKeys(other);
      return order != 0 ? order > 0 : age > other.age;
    }

    private int compareKeys(Layer other) {
      if (path != other.path) {
        return Integer.compare(path, other.path);
      }
      if (prefix != other.prefix) {
        return Long.compare(prefix, other.prefix);
      }
      int shared = Math.min(row.keyLength(), other.row.keyLength());
      for (int i = TableKeys.PATH_BYTES + PREFIX_BYTES; i < shared; i++) {
        if (row.key()[i] != other.row.key()[i]) {
          return (row.key()[i] & 0xff) - (other.row.key()[i] & 0xff);
        }
      }
      return row.keyLength() - other.row.keyLength();
    }
  }

  /** By their keys. Few, and mostly the first stays near. */
  private final Layer[] layers;

  /** {@code parts} are oldest first. */
  MergedTables(List<TablePart> parts) {
    layers = new Layer[parts.size()];
    for (int age = layers.length - 1; age >= 0; age--) {
      layers[age] = new Layer(age, parts.get(age));
      if (age > 0) { // the first call of next() steps the oldest
        step(age);
      }
    }
  }

  /** Goes to the next row; false if there is no more. */
  boolean next() {
    step(0);
    return !layers[0].isAtEnd;
  }

  /** The layer at that place goes on by one row, and moves to the place that is its then. */
  private void step(int at) {
    Layer layer = layers[at];
    layer.step();
    int to = at;
    while (to + 1 < layers.length && layer.isAfter(layers[to + 1])) {
      layers[to] = layers[to + 1];
      to++;
    }
    layers[to] = layer;
  }

  int path() {
    return layers[0].path;
  }

  /** The key of the row is the first {@link #keyLength} bytes of this, until the next row. */
  byte[] key() {
    return layers[0].row.key();
  }

  int keyLength() {
    return layers[0].row.keyLength();
  }

  /** Hands over what the row lists, ascending. */
  void forEach(LongPredicate visit) {
    Table.Walk row = layers[0].row;
    new PostingList(row.value(), row.valueAt(), layers[0].part.after()).forEach(visit);
  }
}
