package dev.stave.review;

import dev.stave.StaveException;
import dev.stave.changes.Change;
import dev.stave.changes.ChangesFeed;
import dev.stave.concurrent.Uninterrupted;
import dev.stave.database.Database;
import dev.stave.document.Document;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Merges by policy what fits, as conflicts come about, on a thread of its own: first those that are
 * open, then each that a write brings. What is held back is tried again when its document, a
 * comment on it or the rules are written. Close it to end it.
 *
 * <p>Several peers may do so at once: they make the same merges.
 */
public final class AutomaticMerging implements AutoCloseable {

  private static final int CHANGES_AT_ONCE = 1_000;

  private final MergeRequests requests;
  private final BiConsumer<MergeRequest, MergeOutcome> listener;
  private final ChangesFeed.Subscription feed;
  private final Thread thread;

  // under the lock of this
  private long committed;
  private long seen;
  private boolean closed;
  private Optional<RuntimeException> failure = Optional.empty();

  /**
   * Begins.
   *
   * @param listener takes what came of each request that was looked at, on the thread that merges;
   *     it must not throw
   */
  public static AutomaticMerging start(
      MergeRequests requests, BiConsumer<MergeRequest, MergeOutcome> listener) {
    return new AutomaticMerging(requests, listener);
  }

  private AutomaticMerging(
      MergeRequests requests, BiConsumer<MergeRequest, MergeOutcome> listener) {
    this.requests = requests;
    this.listener = listener;
    this.feed = requests.database().onCommit(this::committed);
    this.committed = requests.database().lastSequence();
    this.seen = -1; // nothing was looked at yet
    this.thread = new Thread(this::run, "stave-merging");
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized void committed(long sequence) {
    committed = Math.max(committed, sequence);
    notifyAll();
  }

  private void run() {
    try {
      long since = requests.database().lastSequence();
      mergeAll();
      while (!isClosed()) {
        since = mergeChanged(since);
        waitBehind(since);
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void fail(RuntimeException e) {
    if (!closed) {
      failure = Optional.of(e);
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

  private void mergeAll() {
    for (MergeRequest request : requests.open()) {
      if (!isClosed()) {
        merge(request);
      }
    }
  }

  /** Looks at what changed after {@code since}, and returns up to where. */
  private long mergeChanged(long since) {
    Database database = requests.database();
    long last = database.lastSequence();
    List<Change> changes = database.changes(since, CHANGES_AT_ONCE);
    Set<String> documents = new LinkedHashSet<>();
    for (Change change : changes) {
      String id = change.id();
      if (id.equals(ReviewRules.DOCUMENT)) {
        mergeAll();
      } else if (id.startsWith(Comment.PREFIX)) {
        database.get(id).map(AutomaticMerging::documentOf).ifPresent(documents::add);
      } else {
        documents.add(id);
      }
    }
    for (String id : documents) {
      if (!isClosed()) {
        requests.openOf(id).ifPresent(this::merge);
      }
    }
    long end = changes.isEmpty() ? since : changes.get(changes.size() - 1).sequence();
    return changes.size() < CHANGES_AT_ONCE ? Math.max(last, end) : end;
  }

  private static String documentOf(Document comment) {
    String document = comment.body().sharedTree().path("document").asText();
    try {
      return Document.checkId(document);
    } catch (StaveException e) {
      return comment.id(); // it is about nothing
    }
  }

  private void merge(MergeRequest request) {
    MergeOutcome outcome;
    try {
      outcome = requests.mergeByPolicy(request);
    } catch (StaveException | IllegalStateException | IllegalArgumentException e) {
      outcome = new MergeOutcome.Held(List.of("it cannot be merged: " + e.getMessage()));
    }
    listener.accept(request, outcome);
  }

  /**
   * Returns when all that was committed before is looked at, or it was closed.
   *
   * @throws IllegalStateException if it has ended of a failure, such as a disk's
   */
  public void await() {
    long last = requests.database().lastSequence();
    synchronized (this) {
      Uninterrupted.await(
          () -> {
            if (seen >= last || closed || failure.isPresent()) {
              return true;
            }
            wait();
            return false;
          });
      failure.ifPresent(
          e -> {
            throw new IllegalStateException("merging has ended: start it anew", e);
          });
    }
  }

  /** Ends it; waits for the merge that is under way. */
  @Override
  public void close() {
    feed.close();
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    if (Thread.currentThread() != thread) { // a listener may close it
      Uninterrupted.await(
          () -> {
            thread.join();
            return true;
          });
    }
  }
}
