package dev.stave.storage;

import dev.stave.bytes.Bytes;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Several sorted layers as one: of each key, what the newest layer says. */
final class MergedScan implements Iterator<Entry> {

  private static final class Layer {
    final int age; // 0 is the newest
    final Iterator<Entry> rest;
    Entry head;

    Layer(int age, Iterator<Entry> rest) {
      this.age = age;
      this.rest = rest;
      this.head = rest.next();
    }
  }

  private final PriorityQueue<Layer> layers;
  private final boolean keepDeletions;
  private final Consumer<Entry> covered;
  private @Nullable Entry next;

  /** {@code newestFirst} are all in the same order, and each names a key once. */
  MergedScan(List<Iterator<Entry>> newestFirst, boolean backward, boolean keepDeletions) {
    this(newestFirst, backward, keepDeletions, entry -> {});
  }

  /** As above; hands to {@code covered} what lies below a newer entry of the same key. */
  MergedScan(
      List<Iterator<Entry>> newestFirst,
      boolean backward,
      boolean keepDeletions,
      Consumer<Entry> covered) {
    this.keepDeletions = keepDeletions;
    this.covered = covered;
    this.layers =
        new PriorityQueue<>(
            Math.max(1, newestFirst.size()),
            (a, b) -> {
              int byKey = Bytes.compare(a.head.key(), b.head.key());
              return byKey == 0 ? Integer.compare(a.age, b.age) : backward ? -byKey : byKey;
            });
    for (int age = 0; age < newestFirst.size(); age++) {
      if (newestFirst.get(age).hasNext()) {
        layers.add(new Layer(age, newestFirst.get(age)));
      }
    }
    next = advance();
  }

  private @Nullable Entry advance() {
    while (!layers.isEmpty()) {
      Entry newest = pop();
      while (!layers.isEmpty() && Bytes.compare(layers.element().head.key(), newest.key()) == 0) {
        covered.accept(pop());
      }
      if (keepDeletions || !newest.isDeletion()) {
        return newest;
      }
    }
    return null;
  }

  private Entry pop() {
    Layer layer = layers.remove();
    Entry head = layer.head;
    if (layer.rest.hasNext()) {
      layer.head = layer.rest.next();
      layers.add(layer);
    }
    return head;
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Entry next() {
    Entry entry = next;
    if (entry == null) {
      throw new NoSuchElementException();
    }
    next = advance();
    return entry;
  }
}
