package dev.stave.server.graphql;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends what takes too long. One thread for all, which does next to nothing, and is gone when there
 * has been nothing to wait for for a while. Any thread may call any method.
 */
final class Deadlines {

  /*
   * Whoever puts a task before all others wakes the thread. So that not each request does, a tick
   * stands before them: it does nothing but come again, for as long as anything waits.
   */

  private static final long TICK_MILLIS = 1_000;
  private static final long KEPT_MILLIS = 10_000;

  private final ScheduledThreadPoolExecutor timer = timer();
  private final AtomicBoolean isTicking = new AtomicBoolean();
  private final long tickMillis;

  Deadlines() {
    this(TICK_MILLIS);
  }

  Deadlines(long tickMillis) {
    this.tickMillis = tickMillis;
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "stave-graphql-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(KEPT_MILLIS, TimeUnit.MILLISECONDS);
    timer.allowCoreThreadTimeOut(true);
    return timer;
  }

  /**
   * Has {@code end} run when so much time has passed.
   *
   * @return what takes that back, if it has not come to it
   */
  Runnable after(long millis, Runnable end) {
    if (!isTicking.get() && isTicking.compareAndSet(false, true)) {
      tickLater();
    }
    ScheduledFuture<?> task = timer.schedule(end, millis, TimeUnit.MILLISECONDS);
    return () -> task.cancel(false);
  }

  private void tickLater() {
    timer.schedule(this::tick, tickMillis, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    if (timer.getQueue().isEmpty()) {
      isTicking.set(false); // one who came just now wakes the thread, and the next begins again
    } else {
      tickLater();
    }
  }

  /** Whether anything is to be done, if only to look again. */
  boolean isAtWork() {
    return isTicking.get() || !timer.getQueue().isEmpty();
  }
}
