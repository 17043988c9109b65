package dev.stave.spec.bench.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The most that the disk grants anybody: one small record after another, over a file that is there
 * in full already, each with an fdatasync.
 */
final class RawDisk implements AutoCloseable {

  private static final int RECORD_BYTES = 128;
  private static final int FILE_BYTES = 16 << 20;

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES);
  private long[] nanos = new long[1 << 12];
  private int syncs;
  private long position;

  RawDisk(Path file) throws IOException {
    this.file = file;
    this.channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    channel.write(ByteBuffer.allocate(FILE_BYTES));
    channel.force(true);
  }

  void syncFor(long sliceNanos) throws IOException {
    long before = System.nanoTime();
    for (long end = before + sliceNanos; before < end; ) {
      record.rewind();
      channel.write(record, position);
      channel.force(false);
      position = (position + RECORD_BYTES) % FILE_BYTES;
      long after = System.nanoTime();
      add(after - before);
      before = after;
    }
  }

  private void add(long took) {
    if (syncs == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * syncs);
    }
    nanos[syncs++] = took;
  }

  void forget() {
    syncs = 0;
  }

  double perSecond() {
    return syncs * (double) TimeUnit.SECONDS.toNanos(1) / Arrays.stream(nanos, 0, syncs).sum();
  }

  double medianMicros() {
    long[] sorted = Arrays.copyOf(nanos, syncs);
    Arrays.sort(sorted);
    return sorted[syncs / 2] / (double) TimeUnit.MICROSECONDS.toNanos(1);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.delete(file);
  }
}
