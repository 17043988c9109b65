package dev.stave.index;

import dev.stave.bytes.Bytes;
import dev.stave.index.IndexSnapshot.Visitor;
import dev.stave.storage.StorageSnapshot.Row;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiPredicate;
import java.util.function.LongPredicate;

/**
 * A walk through one path in value order: the keys of all parts merged, equal keys by age, so that
 * equal values come in the order of their sequences, or all of it turned round.
 */
final class IndexWalk {

  /** The keys of one part, in order, with their sequences. */
  interface Source {

    byte[] key();

    /** Hands what stands at the key to the walk, while it takes. Returns postings read. */
    long visit(IndexWalk walk);

    /** Goes to the next key; false if there is none. */
    boolean advance();
  }

  private record Aged(Source source, int age) {}

  private final Visitor visitor;
  private boolean over;

  private IndexWalk(Visitor visitor) {
    this.visitor = visitor;
  }

  /** Takes a sequence, and says whether to go on. */
  boolean take(long sequence) {
    over = !visitor.visit(sequence);
    return !over;
  }

  /** Walks until {@code visitor} says false. {@code sources} are oldest first. */
  static long through(List<Source> sources, boolean descending, Visitor visitor) {
    IndexWalk walk = new IndexWalk(visitor);
    PriorityQueue<Aged> queue = queue(sources, descending);
    long read = 0;
    while (!walk.over && !queue.isEmpty()) {
      Aged first = queue.remove();
      read += first.source.visit(walk);
      if (!walk.over && first.source.advance()) {
        queue.add(first);
      }
    }
    return read;
  }

  /** As {@link #through}, key by key. */
  static long throughGroups(
      List<Source> sources, boolean descending, BiPredicate<byte[], VersionSet> visitor) {
    PriorityQueue<Aged> queue = queue(sources, descending);
    long read = 0;
    boolean more = true;
    while (more && !queue.isEmpty()) {
      byte[] key = queue.element().source.key();
      VersionSet group = new VersionSet();
      IndexWalk walk =
          new IndexWalk(
              version -> {
                group.add(version);
                return true;
              });
      while (!queue.isEmpty() && Bytes.compare(queue.element().source.key(), key) == 0) {
        Aged first = queue.remove();
        read += first.source.visit(walk);
        if (first.source.advance()) {
          queue.add(first);
        }
      }
      more = visitor.test(key, group);
    }
    return read;
  }

  private static PriorityQueue<Aged> queue(List<Source> sources, boolean descending) {
    PriorityQueue<Aged> queue =
        new PriorityQueue<>(
            sources.size() + 1,
            (a, b) -> {
              int order = Bytes.compare(a.source.key(), b.source.key());
              int byAge = order != 0 ? order : Integer.compare(a.age, b.age);
              return descending ? -byAge : byAge;
            });
    for (int age = 0; age < sources.size(); age++) {
      queue.add(new Aged(sources.get(age), age));
    }
    return queue;
  }

  /** The keys of a table. */
  static final class TableWalk implements Source {
    private final TablePart part;
    private final Iterator<Row> rows;
    private final boolean descending;
    private final IndexSnapshot snapshot;
    private Row row;
    private byte[] key;

    /** {@code rows} are not empty. */
    TableWalk(TablePart part, Iterator<Row> rows, boolean descending, IndexSnapshot snapshot) {
      this.part = part;
      this.rows = rows;
      this.descending = descending;
      this.snapshot = snapshot;
      this.row = rows.next();
      this.key = TableKeys.valueOf(row.key());
    }

    @Override
    public byte[] key() {
      return key;
    }

    @Override
    public long visit(IndexWalk walk) {
      long[] read = new long[1];
      PostingList list = part.list(row);
      LongPredicate take =
          sequence -> {
            read[0]++;
            return !snapshot.isAliveInTables(sequence) || walk.take(sequence);
          };
      if (descending) {
        list.forEachBackward(take);
      } else {
        list.forEach(take);
      }
      return read[0];
    }

    @Override
    public boolean advance() {
      if (!rows.hasNext()) {
        return false;
      }
      row = rows.next();
      key = TableKeys.valueOf(row.key());
      return true;
    }
  }
}
