package dev.stave.storage;

import java.io.IOException;

/** A file that is being written. One thread at a time, but for {@link #sync}. */
interface DiskFile extends AutoCloseable {

  /** Writes at {@code offset}; bytes in between that were never written are zeros. */
  void write(long offset, byte[] bytes, int from, int length) throws IOException;

  /** Writes, and returns when these bytes are on the disk, though not all before them may be. */
  void writeThrough(long offset, byte[] bytes, int from, int length) throws IOException;

  /** Makes the file longer by zeros that take room of their own; on the disk when this returns. */
  void extend(long from, long to) throws IOException;

  /** Cuts the file, or makes it longer by zeros. */
  void setLength(long length) throws IOException;

  /** Returns when all that was written before is on the disk. */
  void sync() throws IOException;

  @Override
  void close() throws IOException;
}
