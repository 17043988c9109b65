package dev.stave.storage;

import dev.stave.concurrent.Uninterrupted;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Merges segments in the background, at a bounded rate. Any thread may call any method. */
final class MergeThread {

  /** With so many segments, merging may take all the disk can give. */
  private static final int HURRY_AT = 16;

  /** Of a compaction: one merges, and finds what is garbage; one copies the rest out of it. */
  private static final int MAX_PASSES = 4;

  private final FileSet files;
  private final Merger merger;
  private final Pace pace;
  private final StorageCounters counters;
  private final Consumer<RuntimeException> whenFailed;
  private final ExecutorService thread;
  private volatile boolean stopped;

  /**
   * @param whenFailed takes what is wrong with the storage itself; of a disk that refuses only the
   *     counters are told, and the next merge tries again
   */
  MergeThread(
      FileSet files,
      Merger merger,
      Pace pace,
      StorageCounters counters,
      Consumer<RuntimeException> whenFailed,
      ExecutorService thread) {
    this.files = files;
    this.merger = merger;
    this.pace = pace;
    this.counters = counters;
    this.whenFailed = whenFailed;
    this.thread = thread;
  }

  /** Looks whether anything is worth merging, and merges it. */
  void begin() {
    if (!stopped) {
      thread.execute(this::mergeAll);
    }
  }

  private void mergeAll() {
    try {
      pace.hurry(files.segments().size() >= HURRY_AT);
      while (!stopped && merger.merge(MergePlan::of)) {
        counters.merged();
        pace.hurry(files.segments().size() >= HURRY_AT);
      }
    } catch (IOException e) {
      // no room, perhaps: what is there stays right, and the next flush tries again
      counters.trouble(e);
    } catch (Pace.Stopped e) {
      // the storage is being closed
    } catch (RuntimeException e) {
      counters.trouble(e);
      whenFailed.accept(e);
    } catch (Error e) {
      counters.trouble(e); // no memory, perhaps: the next flush tries again
      throw e;
    }
  }

  /**
   * Merges all there is, and returns when that is done, or why it is not.
   *
   * @throws java.util.concurrent.RejectedExecutionException once it is stopped
   */
  @Nullable Throwable mergeWhole() {
    return Uninterrupted.failureOf(thread.submit(this::mergeInPasses));
  }

  private @Nullable Void mergeInPasses() throws IOException {
    pace.hurry(true);
    try {
      int passes = 0; // what commits add meanwhile could keep it going for ever
      while (passes < MAX_PASSES && merger.merge(MergePlan::whole)) {
        counters.merged();
        passes++;
      }
    } finally {
      pace.hurry(false);
    }
    return null;
  }

  /** Leaves a merge that runs unfinished, and returns when it has ended. */
  void stop() {
    stopped = true;
    pace.stop();
    Uninterrupted.shutDown(thread);
  }
}
