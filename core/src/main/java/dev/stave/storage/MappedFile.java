package dev.stave.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A finished file, mapped for reading in parts, since one mapping holds at most 2 GiB. Any thread
 * may read it; the mapping goes when the garbage collector finds that nobody does.
 */
final class MappedFile {

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

  byte[] read(long offset, long length) {
    if (offset < 0 || length < 0 || length > Integer.MAX_VALUE || offset > size - length) {
      throw new CorruptStaveException("a value lies outside its file", file, offset);
    }
    byte[] bytes = new byte[(int) length];
    int done = 0;
    while (done < bytes.length) {
      long at = offset + done;
      ByteBuffer part = parts[(int) (at >>> PART_BITS)].duplicate();
      ((Buffer) part).position((int) (at & PART_SIZE - 1)); // as Android 8 knows it
      int here = Math.min(bytes.length - done, part.remaining());
      part.get(bytes, done, here);
      done += here;
    }
    return bytes;
  }

  long size() {
    return size;
  }
}
