package dev.stave.review;

import dev.stave.changes.Change;
import dev.stave.changes.ChangesFeed;
import dev.stave.concurrent.Uninterrupted;
import dev.stave.database.Database;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks at all changes of a database, in order, on a thread of its own, until it is closed. */
final class Follower implements AutoCloseable {

  private static final int CHANGES_AT_ONCE = 1_000;

  private final Database database;
  private final Runnable first;
  private final Consumer<List<Change>> work;
  private final ChangesFeed.Subscription feed;
  private final Thread thread;

  // under the lock of this
  private long committed;
  private long seen = -1; // nothing was looked at yet
  private boolean closed;
  private @Nullable RuntimeException failure;

  /** Runs {@code first}, and then {@code work} on what changed since that began. */
  Follower(Database database, String name, Runnable first, Consumer<List<Change>> work) {
    this.database = database;
    this.first = first;
    this.work = work;
    this.feed = database.onCommit(this::committed);
    this.committed = database.lastSequence();
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private synchronized void committed(long sequence) {
    committed = Math.max(committed, sequence);
    notifyAll();
  }

  private void run() {
    try {
      long since = database.lastSequence();
      first.run();
      while (!isClosed()) {
        since = follow(since);
        waitBehind(since);
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private long follow(long since) {
    long last = database.lastSequence();
    List<Change> changes = database.changes(since, CHANGES_AT_ONCE);
    work.accept(changes);
    long end = changes.isEmpty() ? since : changes.get(changes.size() - 1).sequence();
    return changes.size() < CHANGES_AT_ONCE ? Math.max(last, end) : end;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void fail(RuntimeException e) {
    if (!closed) {
      failure = e;
    }
    notifyAll();
  }

  private synchronized void waitBehind(long sequence) {
    seen = sequence;
    notifyAll();
    Uninterrupted.await(
        () -> {
          if (closed || committed > sequence) {
            return true;
          }
          wait();
          return false;
        });
  }

  /**
   * Returns when all that was committed before is looked at, or it was closed.
   *
   * @throws IllegalStateException if it has ended of a failure, such as a disk's
   */
  void await() {
    long last = database.lastSequence();
    synchronized (this) {
      Uninterrupted.await(
          () -> {
            if (seen >= last || closed || failure != null) {
              return true;
            }
            wait();
            return false;
          });
      if (failure != null) {
        throw new IllegalStateException("it has ended: start it anew", failure);
      }
    }
  }

  /** Ends it; waits for what is under way. */
  @Override
  public void close() {
    feed.close();
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    if (Thread.currentThread() != thread) { // who is called by it may close it
      Uninterrupted.await(
          () -> {
            thread.join();
            return true;
          });
    }
  }
}
