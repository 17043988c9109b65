package dev.stave.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Writes a segment: out of a memtable, or out of the rows of other segments. */
final class SegmentWriter implements AutoCloseable {

  private final Folder folder;
  private final LongSupplier numbers;
  private final Pace pace;
  private final BlockCache cache;
  private final long number;
  private final SortedFileWriter rows;
  private final Map<Long, BodyFile> bodies = new HashMap<>();
  private BodyFile.@Nullable Writer ownBodies;
  private @Nullable BodyFile openedBodies; // the same, once they are finished
  private long entries;
  private long deletions;
  private boolean finished;

  /** Of new rows, {@code expected} at most. {@code numbers} gives the numbers of new files. */
  SegmentWriter(Folder folder, LongSupplier numbers, long expected, Pace pace, BlockCache cache)
      throws IOException {
    this(folder, numbers, numbers.getAsLong(), Long.MAX_VALUE, expected, pace, cache);
  }

  /** Of the rows of other segments, of which {@code newest} is the newest. */
  SegmentWriter(
      Folder folder,
      LongSupplier numbers,
      Segment newest,
      long expected,
      Pace pace,
      BlockCache cache)
      throws IOException {
    this(folder, numbers, numbers.getAsLong(), newest.age(), expected, pace, cache);
  }

  private SegmentWriter(
      Folder folder,
      LongSupplier numbers,
      long number,
      long age,
      long expected,
      Pace pace,
      BlockCache cache)
      throws IOException {
    this.folder = folder;
    this.numbers = numbers;
    this.pace = pace;
    this.cache = cache;
    this.number = number;
    this.rows =
        new SortedFileWriter(
            folder.disk(), folder.rows(number), number, Math.min(age, number), expected, pace);
  }

  /** Adds the entries of a memtable, with their values. */
  void addAll(Iterator<Entry> upwards) throws IOException {
    while (upwards.hasNext()) {
      Entry entry = upwards.next();
      byte[] value = entry.value();
      entries++;
      if (value == null) {
        deletions++;
        rows.add(entry.key(), Segment.DELETION);
      } else if (value.length < Segment.MIN_BODY) {
        rows.add(entry.key(), Segment.inline(value));
      } else {
        BodyFile.Writer own = ownBodies();
        long offset = own.add(value);
        Segment.Place place = new Segment.Place(own.number(), offset, value.length);
        rows.add(entry.key(), place.toRow());
      }
    }
  }

  /** Adds a row as it stands in another segment. The file that it may point into is named apart. */
  void copy(Block.Cursor row) throws IOException {
    entries++;
    deletions += Segment.isDeletion(row) ? 1 : 0;
    rows.add(row.keyBytes(), row.keyLength(), row.valueBytes(), row.valueAt(), row.valueLength());
  }

  /** Names a file that copied rows point into. It stays where it is. */
  void name(BodyFile file) {
    bodies.put(file.number(), file);
  }

  /** Adds a row that points into {@code file}, with a copy of what it points to. */
  void copyBody(Block.Cursor row, Segment.Place place, BodyFile file) throws IOException {
    entries++;
    BodyFile.Writer own = ownBodies();
    long offset = own.copy(file, place.offset(), place.length());
    byte[] moved = new Segment.Place(own.number(), offset, place.length()).toRow();
    rows.add(row.keyBytes(), row.keyLength(), moved, 0, moved.length);
  }

  private BodyFile.Writer ownBodies() throws IOException {
    if (ownBodies == null) {
      long file = numbers.getAsLong();
      ownBodies = new BodyFile.Writer(folder.disk(), folder.bodies(file), file, pace);
    }
    return ownBodies;
  }

  /** The segment, its files on the disk but for their names; null if nothing was added. */
  @Nullable Segment finish() throws IOException {
    if (entries == 0) {
      return null;
    }
    if (ownBodies != null) {
      ownBodies.finish();
      long file = ownBodies.number();
      openedBodies = BodyFile.open(folder.disk(), folder.bodies(file), file);
      bodies.put(file, openedBodies);
    }
    long size = rows.finish();
    Manifest.Rows facts =
        new Manifest.Rows(number, size, entries, deletions, sorted(bodies.keySet()));
    Segment segment = Segment.open(folder, facts, bodies, cache);
    finished = true;
    return segment;
  }

  private static List<Long> sorted(Set<Long> numbers) {
    return new ArrayList<>(new TreeSet<>(numbers));
  }

  /** Of a segment that is not finished nothing stays. */
  @Override
  public void close() {
    rows.close();
    if (ownBodies != null) {
      ownBodies.close();
    }
    if (!finished) {
      // a file that was finished already has its name by now
      Folder.deleteQuietly(folder.disk(), folder.rows(number));
      if (openedBodies != null) {
        openedBodies.retain();
        openedBodies.release();
      }
      if (ownBodies != null) {
        Folder.deleteQuietly(folder.disk(), folder.bodies(ownBodies.number()));
      }
    }
  }
}
