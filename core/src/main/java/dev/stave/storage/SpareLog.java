package dev.stave.storage;

import dev.stave.concurrent.Uninterrupted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The log that the next memtable will need, made ahead: empty, named in the manifest, and in the
 * file of an old log if there is one, so that its room is there already.
 *
 * <p>One thread at a time calls it, but for {@link #retire}.
 */
final class SpareLog {

  /** A log and its number. */
  record Made(CommitLog log, long number) {}

  private final Folder folder;
  private final FileSet files;
  private final boolean syncsEach;
  private final ExecutorService thread;

  private @Nullable FutureTask<?> task;
  private @Nullable Made made; // these two: under this
  private @Nullable CommitLog retired;

  /** Logs are made on {@code thread}. */
  SpareLog(Folder folder, FileSet files, boolean syncsEach, ExecutorService thread) {
    this.folder = folder;
    this.files = files;
    this.syncsEach = syncsEach;
    this.thread = thread;
  }

  /** Begins to make one, if none is there or under way. */
  void prepare() {
    if (task == null) {
      task = new FutureTask<>(this::make);
      thread.execute(task);
    }
  }

  /**
   * Waits until one is there; one that could not be made ahead is tried again, since there may be
   * room by now. Returns why it cannot be made; then the next call tries again.
   */
  @Nullable Throwable await() {
    if (task == null || failureOf(task) != null) {
      task = new FutureTask<>(this::make);
    }
    Throwable why = failureOf(task);
    if (why != null) {
      task = null;
    }
    return why;
  }

  private static @Nullable Throwable failureOf(FutureTask<?> making) {
    making.run(); // here, if the thread has not begun it: it may be writing a segment
    return Uninterrupted.failureOf(making);
  }

  /** The one that is there: from now on another is needed. */
  synchronized Made take() {
    Made taken = made;
    if (taken == null) {
      throw new IllegalStateException("no log was made, and nothing failed");
    }
    made = null;
    task = null;
    return taken;
  }

  private @Nullable Void make() throws IOException {
    CommitLog old = takeRetired();
    long number = files.takeNumber();
    Path file = folder.log(number);
    CommitLog log =
        old == null
            ? CommitLog.create(folder.disk(), file, syncsEach)
            : CommitLog.recycle(folder.disk(), old, file, syncsEach);
    boolean isNamed = false;
    try {
      files.addLog(number);
      isNamed = true;
    } finally {
      if (!isNamed) {
        log.close();
        if (!files.isUnclear()) {
          Folder.deleteQuietly(folder.disk(), file);
        }
      }
    }
    synchronized (this) {
      made = new Made(log, number);
    }
    return null;
  }

  private synchronized @Nullable CommitLog takeRetired() {
    CommitLog taken = retired;
    retired = null;
    return taken;
  }

  /**
   * Keeps the file of a log that the manifest does not name any more; one is enough, and one that
   * is finished may be another storage's too.
   */
  void retire(CommitLog log) {
    if (log.isFinished()) {
      log.discard(folder.disk());
      return;
    }
    CommitLog unused;
    synchronized (this) {
      unused = retired;
      retired = log;
    }
    if (unused != null) {
      unused.discard(folder.disk());
    }
  }

  /** Lets go of the files. The thread does nothing any more by now. */
  synchronized void close() {
    if (retired != null) {
      retired.discard(folder.disk());
    }
    if (made != null) {
      made.log().close();
    }
  }

  /** Deletes the file of a log that was not used and that the manifest does not name any more. */
  synchronized void delete() throws IOException {
    if (made != null) {
      folder.disk().delete(folder.log(made.number()));
    }
  }
}
