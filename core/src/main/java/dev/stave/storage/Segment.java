package dev.stave.storage;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Bytes;
import dev.stave.bytes.Crc32c;
import java.io.BufferedOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.mapdb.DBException;
import org.mapdb.Serializer;
import org.mapdb.SortedTableMap;
import org.mapdb.volume.MappedFileVol;
import org.mapdb.volume.RandomAccessFileVol;
import org.mapdb.volume.Volume;

/**
 * An immutable sorted run of entries: a MapDB sorted table, and beside it a file of the values that
 * are too large for a table's page.
 *
 * <pre>
 * table  = key → u8(kind) u32(crc) rest          crc: CRC-32C of kind, key and value
 * rest   = kind 0, deleted: nothing | kind 1: the value | kind 2: varint(offset) varint(length)
 * values = "STAVEVAL" u32(version) value* u32(crc)              crc: CRC-32C of the file table
 * </pre>
 *
 * MapDB has no checksum of its own: a flipped bit in a page's table of offsets made it skip rows.
 * So the whole table is checked when a segment is opened, and each value again when it is read.
 *
 * <p>Readers retain a segment; a segment that a merge replaced deletes its files when the last of
 * them lets go.
 */
final class Segment {

  /** Larger values lie in the file of values. 32 of this size and their keys fit a table's page. */
  static final int MAX_INLINE_BYTES = 512;

  private static final int TABLE_PAGE_BYTES = 64 << 10;
  private static final byte[] VALUES_MAGIC = "STAVEVAL".getBytes(StandardCharsets.US_ASCII);
  private static final int VALUES_VERSION = 1;
  private static final int DELETED = 0;
  private static final int INLINE = 1;
  private static final int APART = 2;

  private final long number;
  private final Path tableFile;
  private final Path valuesFile;
  private final SortedTableMap<byte[], byte[]> table;
  private final MappedFile values;
  private final long size;
  private final AtomicInteger holders = new AtomicInteger(1); // the storage itself
  private volatile boolean replaced;

  private Segment(Folder folder, long number, boolean justWritten) throws IOException {
    this.number = number;
    this.tableFile = folder.table(number);
    this.valuesFile = folder.values(number);
    this.values = new MappedFile(valuesFile);
    this.size = Files.size(tableFile) + values.size();
    if (!justWritten) {
      checkValuesHeader();
      checkTable();
    }
    this.table = openTable(tableFile);
  }

  private static SortedTableMap<byte[], byte[]> openTable(Path file) {
    Volume volume = null;
    try {
      volume = MappedFileVol.FACTORY.makeVolume(file.toString(), true);
      return SortedTableMap.open(volume, Serializer.BYTE_ARRAY, Serializer.BYTE_ARRAY);
    } catch (DBException | IndexOutOfBoundsException e) {
      if (volume != null) {
        volume.close();
      }
      throw new CorruptStaveException("not a sorted table: " + e.getMessage(), file, 0);
    }
  }

  private void checkValuesHeader() {
    ByteReader header = new ByteReader(values.read(0, VALUES_MAGIC.length + 4L));
    for (byte magic : VALUES_MAGIC) {
      if (header.u8() != magic) {
        throw new CorruptStaveException("not a file of values", valuesFile, 0);
      }
    }
    int version = header.u32();
    if (version != VALUES_VERSION) {
      throw new StorageException("file of values of unknown version " + version, valuesFile);
    }
  }

  private void checkTable() throws IOException {
    int expected = new ByteReader(values.read(values.size() - 4, 4)).u32();
    if (expected != checksum(tableFile)) {
      throw new CorruptStaveException("checksum of a table does not match", tableFile, 0);
    }
  }

  private static int checksum(Path file) throws IOException {
    byte[] buffer = new byte[1 << 16];
    int crc = 0;
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        crc = Crc32c.update(crc, buffer, 0, read);
      }
    }
    return crc;
  }

  static Segment open(Folder folder, long number) throws IOException {
    return new Segment(folder, number, false);
  }

  /**
   * Writes and syncs the files of a new segment, but for their names. There is an entry at least.
   */
  static Segment write(Folder folder, long number, Iterator<Entry> sorted) throws IOException {
    try {
      writeFiles(folder, number, sorted);
      return new Segment(folder, number, true);
    } catch (IOException | RuntimeException | Error e) {
      delete(folder.table(number), folder.values(number));
      throw e;
    }
  }

  private static void writeFiles(Folder folder, long number, Iterator<Entry> sorted)
      throws IOException {
    Volume volume = null;
    try (FileOutputStream valuesOut = new FileOutputStream(folder.values(number).toFile());
        OutputStream buffered = new BufferedOutputStream(valuesOut, 1 << 16)) {
      volume = RandomAccessFileVol.FACTORY.makeVolume(folder.table(number).toString(), false);
      SortedTableMap.Sink<byte[], byte[]> table =
          SortedTableMap.create(volume, Serializer.BYTE_ARRAY, Serializer.BYTE_ARRAY)
              .pageSize(TABLE_PAGE_BYTES)
              .createFromSink();
      buffered.write(VALUES_MAGIC);
      buffered.write(new ByteWriter(4).u32(VALUES_VERSION).toBytes());
      long valuesEnd = VALUES_MAGIC.length + 4;
      while (sorted.hasNext()) {
        Entry entry = sorted.next();
        byte[] value = entry.value();
        boolean apart = value != null && value.length > MAX_INLINE_BYTES;
        table.put(entry.key(), encode(entry.key(), value, apart ? valuesEnd : -1));
        if (value != null && apart) {
          buffered.write(value);
          valuesEnd += value.length;
        }
      }
      table.create();
      volume.sync();
      buffered.write(new ByteWriter(4).u32(checksum(folder.table(number))).toBytes());
      buffered.flush();
      valuesOut.getFD().sync();
    } catch (IOException | DBException e) {
      throw e.getCause() instanceof IOException disk ? disk : new IOException(e.getMessage(), e);
    } finally {
      if (volume != null) {
        volume.close();
      }
    }
  }

  private static void delete(Path table, Path values) {
    try {
      Files.deleteIfExists(table);
      Files.deleteIfExists(values);
    } catch (IOException e) {
      // Not in the manifest: the next opening deletes them.
    }
  }

  private static byte[] encode(byte[] key, byte @Nullable [] value, long apartAt) {
    int kind = value == null ? DELETED : apartAt < 0 ? INLINE : APART;
    ByteWriter out = new ByteWriter(5 + (kind == INLINE && value != null ? value.length : 20));
    out.u8(kind).u32(checksum(kind, key, value));
    if (value != null && kind == INLINE) {
      out.raw(value);
    } else if (value != null) {
      out.varint(apartAt).varint(value.length);
    }
    return out.toBytes();
  }

  private static int checksum(int kind, byte[] key, byte @Nullable [] value) {
    int crc = Crc32c.of(new byte[] {(byte) kind}, 0, 1);
    crc = Crc32c.update(crc, key, 0, key.length);
    return value == null ? crc : Crc32c.update(crc, value, 0, value.length);
  }

  private Entry decode(byte[] key, byte[] stored) {
    ByteReader in = new ByteReader(stored);
    int kind = in.u8();
    int crc = in.u32();
    long offset = 0;
    byte[] value = null;
    if (kind == INLINE) {
      value = in.rest();
    } else if (kind == APART) {
      offset = in.varint();
      value = values.read(offset, in.varint());
    }
    if (crc != checksum(kind, key, value)) {
      throw new CorruptStaveException(
          "checksum of a value does not match", kind == APART ? valuesFile : tableFile, offset);
    }
    return new Entry(key, value);
  }

  @Nullable Entry get(byte[] key) {
    byte[] stored = table.get(key);
    return stored == null ? null : decode(key, stored);
  }

  Iterator<Entry> scan(byte[] from, byte[] to, boolean backward) {
    Iterator<? extends Map.Entry<byte[], byte[]>> stored =
        backward
            ? new Descending(table.descendingEntryIterator(from, true, to, false))
            : table.entryIterator(from, true, to, false);
    return decoded(stored);
  }

  Iterator<Entry> all() {
    return decoded(table.entryIterator());
  }

  private Iterator<Entry> decoded(Iterator<? extends Map.Entry<byte[], byte[]>> stored) {
    if (!stored.hasNext()) {
      return Collections.emptyIterator();
    }
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return stored.hasNext();
      }

      @Override
      public Entry next() {
        Map.Entry<byte[], byte[]> next = stored.next();
        return decode(next.getKey(), next.getValue());
      }
    };
  }

  /**
   * MapDB 3.1.0 reads the node in which a descending iterator begins once more when it leaves it
   * ({@code findHi} sets its place one too high). So what does not descend is passed over.
   */
  private static final class Descending implements Iterator<Map.Entry<byte[], byte[]>> {
    private final Iterator<? extends Map.Entry<byte[], byte[]>> stored;
    private Map.@Nullable Entry<byte[], byte[]> next;

    Descending(Iterator<? extends Map.Entry<byte[], byte[]>> stored) {
      this.stored = stored;
      next = stored.hasNext() ? stored.next() : null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Map.Entry<byte[], byte[]> next() {
      Map.Entry<byte[], byte[]> entry = next;
      if (entry == null) {
        throw new NoSuchElementException();
      }
      next = null;
      while (next == null && stored.hasNext()) {
        Map.Entry<byte[], byte[]> candidate = stored.next();
        next = Bytes.compare(candidate.getKey(), entry.getKey()) < 0 ? candidate : null;
      }
      return entry;
    }
  }

  long number() {
    return number;
  }

  /** Bytes on the disk. */
  long size() {
    return size;
  }

  Segment retain() {
    holders.incrementAndGet();
    return this;
  }

  /**
   * Lets go. The last one to do so closes the files and, if a merge replaced them, deletes them.
   */
  void release() {
    if (holders.decrementAndGet() > 0) {
      return;
    }
    table.close();
    if (replaced) {
      delete(tableFile, valuesFile);
    }
  }

  /** Its entries live in another segment from now on. The storage lets go of it. */
  void replace() {
    replaced = true;
    release();
  }
}
