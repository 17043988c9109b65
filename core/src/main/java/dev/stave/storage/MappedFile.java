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

  private final Path file;
  private final ByteBuffer[] parts;
  private final long size;

  MappedFile(Path file) throws IOException {
    this.file = file;
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r")) {
      size = opened.length();
      parts = new ByteBuffer[(int) ((size + PART_SIZE - 1) >>> PART_BITS)];
      for (int i = 0; i < parts.length; i++) {
        long from = (long) i << PART_BITS;
        parts[i] =
            opened
                .getChannel()
                .map(FileChannel.MapMode.READ_ONLY, from, Math.min(PART_SIZE, size - from));
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
    byte[] bytes = new byte[length];
    read(offset, bytes, length);
    return bytes;
  }

  /** As {@link #read(long, int)}, into the beginning of {@code bytes}. */
  void read(long offset, byte[] bytes, int length) {
    if (!has(offset, length)) {
      throw new CorruptStaveException("the file is shorter than it must be", file, offset);
    }
    try {
      int done = 0;
      while (done < length) {
        long at = offset + done;
        ByteBuffer part = parts[(int) (at >>> PART_BITS)].duplicate();
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

  @Override
  public void close() {
    for (ByteBuffer part : parts) {
      if (part.isDirect()) {
        Unmapping.unmap(part);
      }
    }
  }
}
