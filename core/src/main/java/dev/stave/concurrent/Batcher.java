package dev.stave.concurrent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Does for many threads at once what is dear to begin and cheap to do more of, such as waiting for
 * a disk. Whoever comes while nobody works does the work, for all that have gathered; whoever comes
 * meanwhile waits, and one of those does it next.
 *
 * <p>A thread waits for its own item, not for a lock: with a lock, those whose item is done would
 * have to get it once more, one for each turn, only to see that.
 */
public final class Batcher<T> {

  /** What is done for many. */
  public interface Work<T> {
    /**
     * Takes as many items as it likes, one at least, and does them. What comes of each it leaves in
     * the item: whatever it throws is seen by one thread only.
     */
    void run(Source<T> waiting);
  }

  /** The items that wait, the oldest first. */
  public interface Source<T> {
    /** Takes the next one, or null if none is there now. */
    @Nullable T next();
  }

  private enum State {
    WAITING,
    LEADING,
    DONE
  }

  private static final class Waiter<T> {
    final T item;
    final Thread thread = Thread.currentThread();
    volatile State state = State.WAITING;

    Waiter(T item) {
      this.item = item;
    }
  }

  private final Work<T> work;
  private final Queue<Waiter<T>> waiters = new ArrayDeque<>(); // and the lock of all that is here
  private boolean busy;

  public Batcher(Work<T> work) {
    this.work = work;
  }

  /** Returns when {@code item} is done. An interrupt does not end that; it is kept for later. */
  public void submit(T item) {
    Waiter<T> mine = new Waiter<>(item);
    synchronized (waiters) {
      waiters.add(mine);
      if (!busy) {
        busy = true;
        mine.state = State.LEADING;
      }
    }
    boolean interrupted = false;
    while (mine.state == State.WAITING) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    try {
      if (mine.state == State.LEADING) {
        lead();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void lead() {
    Taken taken = new Taken();
    try {
      work.run(taken);
    } finally {
      passOn();
      taken.group.forEach(done -> wake(done, State.DONE));
    }
  }

  /** What the leader takes. Its own item is the first, also if the work should take none. */
  private final class Taken implements Source<T> {
    final List<Waiter<T>> group = new ArrayList<>();
    private @Nullable Waiter<T> next = poll();

    Taken() {
      if (next != null) {
        group.add(next);
      }
    }

    @Override
    public @Nullable T next() {
      Waiter<T> given = next;
      next = null;
      if (given == null) {
        given = poll();
        if (given == null) {
          return null;
        }
        group.add(given);
      }
      return given.item;
    }
  }

  private @Nullable Waiter<T> poll() {
    synchronized (waiters) {
      return waiters.poll();
    }
  }

  private void passOn() {
    Waiter<T> next;
    synchronized (waiters) {
      next = waiters.peek();
      busy = next != null;
    }
    if (next != null) {
      wake(next, State.LEADING);
    }
  }

  private static void wake(Waiter<?> waiter, State state) {
    waiter.state = state;
    if (waiter.thread != Thread.currentThread()) {
      LockSupport.unpark(waiter.thread);
    }
  }
}
