package dev.stave.storage;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what a storage does. Any thread may count. */
final class StorageCounters {

  private final AtomicLong committed = new AtomicLong();
  private final AtomicLong merges = new AtomicLong();
  private final AtomicLong longestStall = new AtomicLong();
  private volatile String trouble = "";

  void committed(long bytes) {
    committed.addAndGet(bytes);
  }

  void merged() {
    merges.incrementAndGet();
    trouble = "";
  }

  void stalled(long nanos) {
    longestStall.accumulateAndGet(nanos, Math::max);
  }

  void trouble(Throwable e) {
    trouble = String.valueOf(e.getMessage());
  }

  /** {@code inBackground}: bytes of segments and tables written. */
  StorageStats stats(Manifest manifest, long memory, long inBackground, long logBytes) {
    long rows = 0;
    long rowBytes = 0;
    for (Manifest.Rows segment : manifest.segments()) {
      rows += segment.entries();
      rowBytes += segment.size();
    }
    long bodyBytes = 0;
    long garbage = 0;
    for (Manifest.Bodies file : manifest.bodies().values()) {
      bodyBytes += file.size();
      garbage += file.garbage();
    }
    return new StorageStats(
        manifest.segments().size(),
        rows,
        rowBytes,
        manifest.bodies().size(),
        bodyBytes,
        garbage,
        manifest.tables().size(),
        manifest.tables().stream().mapToLong(Manifest.TableFile::size).sum(),
        logBytes,
        memory,
        committed.get(),
        committed.get() + inBackground,
        merges.get(),
        Duration.ofNanos(longestStall.get()),
        trouble);
  }
}
