package dev.stave.storage;

import dev.stave.bytes.Bytes;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
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

  private final Comparator<Layer> order;

  /**
   * The layer whose head comes next. Apart from the others, since it mostly stays the first: rows
   * that were written together lie together.
   */
  private @Nullable Layer first;

  private final PriorityQueue<Layer> others;
  private final boolean keepDeletions;
  private @Nullable Entry next;

  /** {@code newestFirst} are all in the same order, and each names a key once. */
  MergedScan(List<Iterator<Entry>> newestFirst, boolean backward, boolean keepDeletions) {
    this.keepDeletions = keepDeletions;
    this.order =
        (a, b) -> {
          int byKey = Bytes.compare(a.head.key(), b.head.key());
          return byKey == 0 ? Integer.compare(a.age, b.age) : backward ? -byKey : byKey;
        };
    this.others = new PriorityQueue<>(Math.max(1, newestFirst.size()), order);
    for (int age = 0; age < newestFirst.size(); age++) {
      if (newestFirst.get(age).hasNext()) {
        others.add(new Layer(age, newestFirst.get(age)));
      }
    }
    first = others.poll();
    next = advance();
  }

  private @Nullable Entry advance() {
    Entry newest = pop();
    while (newest != null) {
      while (first != null && Bytes.compare(first.head.key(), newest.key()) == 0) {
        pop();
      }
      if (keepDeletions || !newest.isDeletion()) {
        return newest;
      }
      newest = pop();
    }
    return null;
  }

  private @Nullable Entry pop() {
    Layer layer = first;
    if (layer == null) {
      return null;
    }
    Entry head = layer.head;
    if (!layer.rest.hasNext()) {
      first = others.poll();
      return head;
    }
    layer.head = layer.rest.next();
    Layer second = others.peek();
    if (second != null && order.compare(layer, second) > 0) {
      first = others.remove();
      others.add(layer);
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
