package dev.stave.storage;

import dev.stave.bytes.ByteWriter;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes one immutable file of a storage from its beginning to its end: under a temporary name,
 * synced, and then renamed, so that a file with its own name is whole.
 */
final class FileWriter implements AutoCloseable {

  private static final int BUFFER = 256 << 10;

  private final Disk disk;
  private final Path file;
  private final Path temporary;
  private final DiskFile out;
  private final Pace pace;
  private final ByteWriter buffer = new ByteWriter(BUFFER);
  private long flushed;
  private boolean finished;

  FileWriter(Disk disk, Path file, FileHeader header, Pace pace) throws IOException {
    this.disk = disk;
    this.file = file;
    this.temporary = Folder.temporary(file);
    this.pace = pace;
    this.out = disk.create(temporary);
    buffer.raw(header.toBytes());
  }

  /** Where the next byte goes. */
  long position() {
    return flushed + buffer.size();
  }

  void write(byte[] bytes, int from, int length) throws IOException {
    if (buffer.size() + length > BUFFER) {
      flush();
    }
    if (length > BUFFER) {
      writeOut(bytes, from, length);
    } else {
      buffer.raw(bytes, from, length);
    }
  }

  private void flush() throws IOException {
    writeOut(buffer.array(), 0, buffer.size());
    buffer.clear();
  }

  private void writeOut(byte[] bytes, int from, int length) throws IOException {
    pace.spend(length);
    out.write(flushed, bytes, from, length);
    flushed += length;
  }

  /** The file is on the disk when this returns, but for its name: its folder is not synced. */
  long finish() throws IOException {
    flush();
    out.sync();
    out.close();
    disk.rename(temporary, file);
    finished = true;
    return flushed;
  }

  /** Of a file that is not finished nothing stays. */
  @Override
  public void close() {
    if (finished) {
      return;
    }
    try {
      out.close();
    } catch (IOException e) {
      // it is deleted now
    }
    try {
      disk.delete(temporary);
    } catch (IOException e) {
      // not in the manifest: the next opening deletes it
    }
  }
}
