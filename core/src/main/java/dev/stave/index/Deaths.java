package dev.stave.index;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which versions were replaced or deleted lately, and by which sequence. One thread writes; others
 * read at the same time and find at least what was told to them.
 */
final class Deaths {

  /** What {@link #by} says of a version that has not died. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long EMPTY = 0; // no sequence is 0

  /** Takes a version and the sequence that ended it. */
  interface Visitor {
    void visit(long dead, long by);
  }

  /** Open addressing: a version stands at the first free place from that of its hash. */
  private static final class Slots {
    final AtomicLongArray dead;
    final AtomicLongArray by;
    final int mask;

    Slots(int count) {
      dead = new AtomicLongArray(count);
      by = new AtomicLongArray(count);
      mask = count - 1;
    }

    int find(long sequence) {
      int at = (int) ((sequence * 0x9e3779b97f4a7c15L) >>> 32) & mask;
      while (true) {
        long there = dead.get(at);
        if (there == sequence || there == EMPTY) {
          return at;
        }
        at = at + 1 & mask;
      }
    }

    void add(long sequence, long ender) {
      int at = find(sequence);
      by.lazySet(at, ender); // before the version, by which a reader finds it
      dead.lazySet(at, sequence);
    }
  }

  private volatile Slots slots = new Slots(64);
  private int size;

  int size() {
    return size;
  }

  /** Another one that knows the same. For the thread that writes. */
  Deaths copy() {
    Deaths copy = new Deaths();
    forEach(copy::add);
    return copy;
  }

  void add(long dead, long by) {
    Slots now = slots;
    if (size >= now.mask / 2) {
      Slots larger = new Slots((now.mask + 1) * 2);
      forEach(larger::add);
      slots = larger;
      now = larger;
    }
    now.add(dead, by);
    size++;
  }

  /** What ended {@code sequence}, or {@link #NEVER}. */
  long by(long sequence) {
    Slots now = slots;
    int at = now.find(sequence);
    return now.dead.get(at) == sequence ? now.by.get(at) : NEVER;
  }

  void forEach(Visitor visitor) {
    Slots now = slots;
    for (int at = 0; at <= now.mask; at++) {
      long dead = now.dead.get(at);
      if (dead != EMPTY) {
        visitor.visit(dead, now.by.get(at));
      }
    }
  }
}
