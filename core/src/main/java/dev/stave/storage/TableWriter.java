package dev.stave.storage;

import java.io.IOException;
import java.nio.file.Path;

/** Writes a {@link Table}, key after key upwards. For one thread. Close it in the end. */
public final class TableWriter implements AutoCloseable {

  private final Disk disk;
  private final Path file;
  private final BlockCache cache;
  private final long number;
  private final SortedFileWriter out;
  private boolean finished;

  TableWriter(Disk disk, Path file, BlockCache cache, long number, long expected, Pace pace) {
    this.disk = disk;
    this.file = file;
    this.cache = cache;
    this.number = number;
    try {
      this.out = new SortedFileWriter(disk, file, number, number, expected, pace);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private StorageException failed(IOException e) {
    return new StorageException("cannot write a table", file, e);
  }

  /**
   * Adds a key that is larger than the one before.
   *
   * @throws StorageException if the disk refuses, or the storage is being closed
   */
  public void add(byte[] key, byte[] value) {
    add(key, key.length, value, value.length);
  }

  /** As above, the first bytes of arrays that may change afterwards. */
  public void add(byte[] key, int keyLength, byte[] value, int valueLength) {
    try {
      out.add(key, keyLength, value, 0, valueLength);
    } catch (IOException e) {
      throw failed(e);
    } catch (Pace.Stopped e) {
      throw new StorageClosedException("the database is being closed");
    }
  }

  /** The table, whole and on the disk, held by the caller until it is handed to the storage. */
  public Table finish() {
    try {
      long size = out.finish();
      Table table = Table.open(disk, file, new Manifest.TableFile(number, size), cache);
      finished = true;
      return table;
    } catch (IOException e) {
      throw failed(e);
    } catch (Pace.Stopped e) {
      throw new StorageClosedException("the database is being closed");
    }
  }

  /** Of a table that is not finished nothing stays. */
  @Override
  public void close() {
    out.close();
    if (!finished) {
      Folder.deleteQuietly(disk, file);
    }
  }
}
