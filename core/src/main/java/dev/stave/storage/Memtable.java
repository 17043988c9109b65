package dev.stave.storage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recent commits in memory. Immutable: a commit makes the next one, which shares most of it, and a
 * snapshot is the one that it was given.
 *
 * <p>It is a list of sorted runs, newest first, each more than twice as long as the one before it.
 * A commit puts its own run in front, and merges it with the next one as long as that is not much
 * longer; so a row is moved about as often as the rows double, and there are few runs. For batches
 * that come sorted this costs a fifth of what a skip list does, and half of its memory.
 */
final class Memtable {

  private final boolean keepsDeletions;
  private final List<Run> runs;
  private final long bytes;

  private Memtable(boolean keepsDeletions, List<Run> runs) {
    this.keepsDeletions = keepsDeletions;
    this.runs = runs;
    long sum = 0;
    for (Run run : runs) {
      sum += run.bytes();
    }
    this.bytes = sum;
  }

  /** An empty one above segments: a deletion is kept, since it hides what they have. */
  static Memtable aboveSegments() {
    return new Memtable(true, List.of());
  }

  /** An empty one with nothing below it. */
  static Memtable alone() {
    return new Memtable(false, List.of());
  }

  /** This and {@code batch}, which is sorted and names a key once. */
  Memtable with(Collection<Entry> batch) {
    if (batch.isEmpty()) {
      return this;
    }
    Run run = Run.of(batch);
    int merged = 0;
    while (merged < runs.size() && runs.get(merged).size() <= 2L * run.size()) {
      run = run.above(runs.get(merged), keepsDeletions || merged + 1 < runs.size());
      merged++;
    }
    List<Run> next = new ArrayList<>(runs.size() - merged + 1);
    next.add(run);
    next.addAll(runs.subList(merged, runs.size()));
    return new Memtable(keepsDeletions, next);
  }

  /** This and what it does not cover of {@code older}. */
  Memtable above(Memtable older) {
    List<Run> all = new ArrayList<>(runs);
    all.addAll(older.runs);
    return new Memtable(keepsDeletions, all);
  }

  /** The same as one run. */
  Memtable collapsed() {
    if (runs.size() < 2) {
      return this;
    }
    Run all = runs.get(0);
    for (int i = 1; i < runs.size(); i++) {
      all = all.above(runs.get(i), keepsDeletions || i + 1 < runs.size());
    }
    return new Memtable(keepsDeletions, List.of(all));
  }

  /** About how much heap this holds. */
  long bytes() {
    return bytes;
  }

  /** How many rows it holds, covered ones included. */
  int size() {
    int size = 0;
    for (Run run : runs) {
      size += run.size();
    }
    return size;
  }

  /** What it says of {@code key}, which has that {@link Filter#hash}, or null if nothing. */
  @Nullable Entry get(byte[] key, long hash) {
    for (int i = 0; i < runs.size(); i++) {
      Entry entry = runs.get(i).get(key, hash);
      if (entry != null) {
        return entry;
      }
    }
    return null;
  }

  /** Its runs from {@code from} (included) to {@code to} (excluded), newest first. */
  List<Iterator<Entry>> scans(byte[] from, byte[] to, boolean backward) {
    List<Iterator<Entry>> scans = new ArrayList<>(runs.size());
    for (Run run : runs) {
      scans.add(run.scan(from, to, backward));
    }
    return scans;
  }
}
