package dev.stave.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A file mapped for reading, in parts since one mapping holds at most 2 GiB. Any thread may read
 * it, until it is closed: whoever closes it sees to it that nobody reads any more.
 */
final class MappedFile implements AutoCloseable {

  private static final int PART_BITS = 30;
  private static final int PART_SIZE = 1 << PART_BITS;

  private static final ByteBuffer[] NONE = {};

  private final Path file;
  private final long size;

  /**
   * None once it is closed: to read it then is an error, and not the end of the process, unless it
   * is closed in that very moment; and where it is the collector that unmaps it, it can.
   */
  private volatile ByteBuffer[] parts;

  MappedFile(Path file) throws IOException {
    this.file = file;
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r")) {
      size = opened.length();
      parts = mapped(opened.getChannel(), size);
    }
  }

  private static ByteBuffer[] mapped(FileChannel channel, long size) throws IOException {
    ByteBuffer[] parts = new ByteBuffer[(int) ((size + PART_SIZE - 1) >>> PART_BITS)];
    int done = 0;
    try {
      while (done < parts.length) {
        long from = (long) done << PART_BITS;
        long length = Math.min(PART_SIZE, size - from);
        parts[done] = channel.map(FileChannel.MapMode.READ_ONLY, from, length);
        done++;
      }
      return parts;
    } finally {
      for (int i = 0; i < done && done < parts.length; i++) {
        Unmapping.unmap(parts[i]); // there is no room for all of it
      }
    }
  }

  /** What is called {@code file} and lies on the heap. */
  MappedFile(Path file, byte[] bytes) {
    this.file = file;
    this.size = bytes.length;
    this.parts = new ByteBuffer[] {ByteBuffer.wrap(bytes)};
  }

  Path file() {
    return file;
  }

  long size() {
    return size;
  }

  boolean has(long offset, long length) {
    return offset >= 0 && length >= 0 && length <= Integer.MAX_VALUE && offset <= size - length;
  }

  /**
   * @throws CorruptStaveException if the file has no such place
   * @throws StorageException if the disk cannot read it, or the file was cut short meanwhile
   */
  byte[] read(long offset, int length) {
    requirePlace(offset, length); // before there is an array for it
    byte[] bytes = new byte[length];
    read(offset, bytes, length);
    return bytes;
  }

  /** As {@link #read(long, int)}, into the beginning of {@code bytes}. */
  void read(long offset, byte[] bytes, int length) {
    requirePlace(offset, length);
    ByteBuffer[] open = parts;
    if (open == NONE) {
      throw new IllegalStateException("the file is closed: " + file);
    }
    try {
      int done = 0;
      while (done < length) {
        long at = offset + done;
        ByteBuffer part = open[(int) (at >>> PART_BITS)].duplicate();
        ((Buffer) part).position((int) (at & PART_SIZE - 1)); // as Android 8 knows it
        int here = Math.min(length - done, part.remaining());
        part.get(bytes, done, here);
        done += here;
      }
    } catch (InternalError e) { // what the JVM makes of a page that cannot be read
      throw new StorageException(
          "cannot read the file: it was cut short, or the disk is failing",
          file,
          new IOException("at offset " + offset, e));
    }
  }

  private void requirePlace(long offset, int length) {
    if (!has(offset, length)) {
      throw new CorruptStaveException("the file is shorter than it must be", file, offset);
    }
  }

  @Override
  public void close() {
    ByteBuffer[] open = parts;
    parts = NONE;
    for (ByteBuffer part : open) {
      if (part.isDirect()) {
        Unmapping.unmap(part);
      }
    }
  }
}
