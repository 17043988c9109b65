package dev.stave.storage;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted run of entries: a file of rows, and the files of bodies that the rows point
 * into.
 *
 * <pre>
 * row   = key → u8(kind) rest
 * rest  = kind 0, deleted: nothing | kind 1: the value, under 512 bytes
 *       | kind 2: varint(number of a file of bodies) varint(offset) varint(length)
 * </pre>
 *
 * Readers retain a segment; one that a merge replaced deletes its files when the last of them lets
 * go.
 */
final class Segment {

  /** Smaller values lie in the row. */
  static final int MIN_BODY = 512;

  private static final byte DELETED = 0;
  private static final byte INLINE = 1;
  private static final byte APART = 2;

  /** What a row says that was deleted. */
  static final byte[] DELETION = {DELETED};

  /** Where a body lies. */
  record Place(long file, long offset, int length) {

    byte[] toRow() {
      return new ByteWriter(20).u8(APART).varint(file).varint(offset).varint(length).toBytes();
    }

    /** The place that a row names, or null if it has its value itself. */
    static @Nullable Place of(byte[] row) {
      return of(row, 0);
    }

    /** The place that the row names which begins at {@code at}. */
    private static @Nullable Place of(byte[] bytes, int at) {
      if (bytes[at] != APART) {
        return null;
      }
      ByteReader in = new ByteReader(bytes, at + 1);
      return new Place(in.varint(), in.varint(), (int) in.varint());
    }

    static @Nullable Place of(Block.Cursor row) {
      return of(row.valueBytes(), row.valueAt());
    }
  }

  private final Disk disk;
  private final Manifest.Rows facts;
  private final SortedFile rows;
  private final Map<Long, BodyFile> bodies;
  private final AtomicInteger holders = new AtomicInteger(1); // the storage itself
  private volatile boolean replaced;

  private Segment(Disk disk, Manifest.Rows facts, SortedFile rows, Map<Long, BodyFile> bodies) {
    this.disk = disk;
    this.facts = facts;
    this.rows = rows;
    this.bodies = Map.copyOf(bodies);
    bodies.values().forEach(BodyFile::retain);
  }

  /** The segment of which the manifest says {@code facts}; it holds {@code bodies}. */
  static Segment open(
      Folder folder, Manifest.Rows facts, Map<Long, BodyFile> bodies, BlockCache cache)
      throws IOException {
    SortedFile rows =
        SortedFile.open(folder.disk(), folder.rows(facts.number()), facts.number(), cache);
    if (rows.size() != facts.size()) {
      rows.close();
      throw new CorruptStaveException(
          "the file has not the size that the manifest says: " + facts.size(),
          rows.path(),
          rows.size());
    }
    return new Segment(folder.disk(), facts, rows, bodies);
  }

  static byte[] inline(byte[] value) {
    byte[] row = new byte[value.length + 1];
    row[0] = INLINE;
    System.arraycopy(value, 0, row, 1, value.length);
    return row;
  }

  static boolean isDeletion(byte[] row) {
    return row[0] == DELETED;
  }

  static boolean isDeletion(Block.Cursor row) {
    return row.valueBytes()[row.valueAt()] == DELETED;
  }

  Manifest.Rows facts() {
    return facts;
  }

  /** See {@link SortedFile#age}. */
  long age() {
    return rows.age();
  }

  Map<Long, BodyFile> bodies() {
    return bodies;
  }

  /** What it says of {@code key}, which has that {@link Filter#hash}, or null if nothing. */
  @Nullable Entry get(byte[] key, long hash) {
    byte[] row = rows.get(key, hash);
    return row == null ? null : new Entry(key, resolved(row));
  }

  private byte @Nullable [] resolved(byte[] row) {
    return switch (row[0]) {
      case DELETED -> null;
      case INLINE -> valueOf(row);
      case APART -> body(row);
      default -> throw new CorruptStaveException("a row of unknown kind " + row[0], rows.path(), 0);
    };
  }

  /** The value of a row that has it itself. */
  static byte[] valueOf(byte[] row) {
    return Arrays.copyOfRange(row, 1, row.length);
  }

  /** The body that {@code row} points to. */
  byte[] body(byte[] row) {
    Place place = Place.of(row);
    BodyFile file = place == null ? null : bodies.get(place.file());
    if (place == null || file == null) {
      throw new CorruptStaveException("a row points to no file of bodies", rows.path(), 0);
    }
    return file.read(place.offset(), place.length());
  }

  Iterator<Entry> scan(byte[] from, byte[] to, boolean backward) {
    Iterator<Entry> found = rows.scan(from, to, backward);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return found.hasNext();
      }

      @Override
      public Entry next() {
        Entry entry = found.next();
        return new Entry(entry.key(), resolved(row(entry)));
      }
    };
  }

  /** Its rows as they are stored. */
  SortedFile.Walk walk() {
    return rows.walk();
  }

  private static byte[] row(Entry entry) {
    byte[] row = entry.value();
    if (row == null) {
      throw new IllegalStateException("a file of rows has a value for each key");
    }
    return row;
  }

  void retain() {
    holders.incrementAndGet();
  }

  /** Lets go. The last one to do so closes the files and deletes those that nothing names. */
  void release() {
    if (holders.decrementAndGet() > 0) {
      return;
    }
    rows.close();
    bodies.values().forEach(BodyFile::release);
    if (replaced) {
      Folder.deleteQuietly(disk, rows.path());
    }
  }

  /** Its entries live in another segment from now on. The storage lets go of it. */
  void replace() {
    replaced = true;
    release();
  }
}
