package dev.stave.watch;

import dev.stave.query.Selector;
import dev.stave.storage.StorageClosedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a selector matches, from a snapshot on: each change after it, in the order of commits,
 * exactly once. What counts is a document's winner.
 *
 * <p>Events wait here until they are taken, at most {@value #MAX_EVENTS} and {@value #MAX_BYTES}
 * bytes of documents (or one document, however large). Beyond that the watch is over, and says so;
 * no commit ever waits for it. Any thread may call any method. Close it.
 */
public final class Watch implements AutoCloseable {

  /** The most events that wait to be taken. */
  public static final int MAX_EVENTS = 10_000;

  /** The most bytes of JSON in documents that wait to be taken. */
  public static final long MAX_BYTES = 64L << 20;

  private enum State {
    OPEN,
    BEHIND,
    CLOSED,
    DATABASE_CLOSED,
    FAILED
  }

  private final Watches owner;
  private final Selector selector;

  // Below: guarded by this
  private final Queue<WatchEvent> events = new ArrayDeque<>(1); // most watches mostly have none
  private long bytes;
  private State state = State.OPEN;
  private @Nullable Throwable failure;
  private long since;
  private @Nullable Runnable listener;

  /** Where the index has it, null if it has to be asked about every change. Guarded by owner. */
  @Nullable List<Place> places;

  Watch(Watches owner, Selector selector) {
    this.owner = owner;
    this.selector = selector;
  }

  Selector selector() {
    return selector;
  }

  /** Events up to this sequence are in the snapshot. */
  synchronized void startAfter(long sequence) {
    since = sequence;
    while (!events.isEmpty() && events.element().sequence() <= since) {
      next();
    }
  }

  /** The sequence of the snapshot: the last one that was committed when it was taken. */
  public synchronized long since() {
    return since;
  }

  /**
   * The next event; waits until there is one.
   *
   * @throws WatchBehindException if events were given up because too many waited
   * @throws StorageClosedException if the database is closed, and all is taken
   * @throws IllegalStateException if the watch is closed
   */
  public synchronized WatchEvent take() throws InterruptedException {
    WatchEvent next = next();
    while (next == null) {
      wait();
      next = next();
    }
    return next;
  }

  /** As {@link #take}, but never waits: empty if there is no event now. */
  public synchronized Optional<WatchEvent> poll() {
    return Optional.ofNullable(next());
  }

  /** As {@link #take}, but waits so long at most. */
  public synchronized Optional<WatchEvent> poll(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    WatchEvent next = next();
    long left = deadline - System.nanoTime();
    while (next == null && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      next = next();
      left = deadline - System.nanoTime();
    }
    return Optional.ofNullable(next);
  }

  /**
   * Calls {@code listener} once, as soon as {@link #poll} would not wait: there is an event, or the
   * watch is over. It is called at once if that is so, else on the thread that commits or closes,
   * which it must not hold up: it may do no more than hand the matter on to another thread. A
   * listener that still waits is forgotten for the new one.
   */
  public synchronized void whenReady(Runnable listener) {
    this.listener = listener;
    if (!events.isEmpty() || state != State.OPEN) {
      tellThatReady();
    }
  }

  private void tellThatReady() {
    notifyAll();
    Runnable told = listener;
    listener = null;
    if (told == null) {
      return;
    }
    try {
      told.run();
    } catch (RuntimeException e) {
      // The write is durable: it must not look as if it had failed.
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  private @Nullable WatchEvent next() {
    WatchEvent next = events.poll();
    if (next == null) {
      requireOpen();
    } else {
      bytes -= bytes(next);
    }
    return next;
  }

  private void requireOpen() {
    switch (state) {
      case OPEN:
        return;
      case BEHIND:
        throw new WatchBehindException(MAX_EVENTS, MAX_BYTES);
      case CLOSED:
        throw new IllegalStateException("the watch is closed");
      case DATABASE_CLOSED:
        throw new StorageClosedException("the watch is over: the database is closed");
      case FAILED:
        throw new IllegalStateException("the watch is over: a commit could not be told", failure);
    }
  }

  /** Leaves an event to be taken. Returns false if that is too much, and the watch over. */
  synchronized boolean offer(WatchEvent event) {
    if (state != State.OPEN) {
      return false;
    }
    if (event.sequence() <= since) {
      return true; // the snapshot has it
    }
    boolean fits = events.isEmpty() || bytes + bytes(event) <= MAX_BYTES;
    if (events.size() == MAX_EVENTS || !fits) {
      give(State.BEHIND);
      return false;
    }
    events.add(event);
    bytes += bytes(event);
    tellThatReady();
    return true;
  }

  private static long bytes(WatchEvent event) {
    if (event instanceof WatchEvent.Added added) {
      return added.document().body().size();
    }
    return event instanceof WatchEvent.Changed changed ? changed.document().body().size() : 0;
  }

  /** Ends it, and forgets what was not taken. */
  private void give(State end) {
    state = end;
    events.clear();
    bytes = 0;
    tellThatReady();
  }

  /** A commit could not be told of: what came before it still can be taken. */
  synchronized void fail(Throwable why) {
    if (state == State.OPEN) {
      state = State.FAILED;
      failure = why;
      tellThatReady();
    }
  }

  /** No more will come: what came before still can be taken. */
  synchronized void databaseClosed() {
    if (state == State.OPEN) {
      state = State.DATABASE_CLOSED;
      tellThatReady();
    }
  }

  /** Ends the events. Who waits for one is told. May be called again. */
  @Override
  public void close() {
    owner.remove(this);
    synchronized (this) {
      if (state != State.CLOSED) {
        give(State.CLOSED);
      }
    }
  }
}
