package dev.stave.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The tables of a storage in memory: files whose disk is the heap. */
final class HeapTables implements Tables {

  private final Disk heap;
  private final BlockCache cache = new BlockCache(0);
  private final Pace pace = new Pace(Long.MAX_VALUE);
  private final AtomicLong nextNumber;
  private List<Table> tables;

  HeapTables() {
    this(new Heap(), new AtomicLong(1), List.of());
  }

  private HeapTables(Disk heap, AtomicLong nextNumber, List<Table> tables) {
    this.heap = heap;
    this.nextNumber = nextNumber;
    this.tables = tables;
  }

  /** Another set of the same tables, which it shares. */
  synchronized HeapTables copy() {
    return new HeapTables(heap, nextNumber, retained());
  }

  @Override
  public synchronized List<Table> retained() {
    tables.forEach(Table::retain);
    return tables;
  }

  @Override
  public synchronized TableWriter write(long expected, boolean urgent) {
    long number = nextNumber.getAndIncrement();
    return new TableWriter(heap, Paths.get(number + ".table"), cache, number, expected, pace);
  }

  @Override
  public synchronized void replace(List<Table> old, @Nullable Table made) {
    tables = Tables.replaced(tables, old, made);
    old.forEach(Table::discard);
  }

  /** Files that are written once, from the beginning to the end. */
  private static final class Heap implements Disk {
    private final Map<Path, HeapFile> files = new ConcurrentHashMap<>();

    @Override
    public DiskFile create(Path file) {
      HeapFile created = new HeapFile();
      files.put(file, created);
      return created;
    }

    @Override
    public MappedFile map(Path file) {
      HeapFile found = files.get(file);
      if (found == null) {
        throw new StorageException("there is no such file", file);
      }
      return new MappedFile(file, found.bytes);
    }

    @Override
    public void rename(Path from, Path to) {
      HeapFile renamed = files.remove(from);
      if (renamed != null) {
        files.put(to, renamed);
      }
    }

    @Override
    public void delete(Path file) {
      files.remove(file);
    }

    @Override
    public void syncFolder(Path folder) {
      // nothing outlives the process
    }

    @Override
    public DiskFile open(Path file) throws IOException {
      throw new IOException("a table is not written twice");
    }

    @Override
    public void link(Path file, Path name) throws IOException {
      throw new IOException("a table in memory has one name");
    }
  }

  private static final class HeapFile implements DiskFile {
    private byte[] bytes = {};
    private int size;

    @Override
    public void write(long offset, byte[] from, int at, int length) throws IOException {
      long end = offset + length;
      if (end > Integer.MAX_VALUE - 8) {
        throw new IOException("a table in memory has at most 2 GiB");
      }
      if (end > bytes.length) {
        bytes =
            Arrays.copyOf(
                bytes, (int) Math.max(end, Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L)));
      }
      System.arraycopy(from, at, bytes, (int) offset, length);
      size = (int) Math.max(size, end);
    }

    @Override
    public void writeThrough(long offset, byte[] from, int at, int length) throws IOException {
      write(offset, from, at, length);
    }

    @Override
    public void extend(long from, long to) {
      throw new UnsupportedOperationException("a table is written in one go");
    }

    @Override
    public void setLength(long length) {
      throw new UnsupportedOperationException("a table is written in one go");
    }

    @Override
    public void sync() {
      bytes = Arrays.copyOf(bytes, size);
    }

    @Override
    public void close() {
      // nothing is held
    }
  }
}
