package dev.stave.sync;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of all replications of this process: a few, that end when there is nothing to do. A
 * replication has five steps at most here at any time, so what waits for a thread is bounded too.
 */
final class SharedWorkers implements Workers {

  static final SharedWorkers INSTANCE = new SharedWorkers();

  private static final int THREADS = 16;
  private static final int IDLE_SECONDS = 10;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          named("stave-sync-"));

  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(1, named("stave-sync-timer-"));

  private SharedWorkers() {
    threads.allowCoreThreadTimeOut(true);
    timers.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timers.allowCoreThreadTimeOut(true);
    timers.setRemoveOnCancelPolicy(true);
  }

  private static ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, name + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public void execute(Runnable work) {
    threads.execute(work);
  }

  @Override
  public Timer after(long millis, Runnable work) {
    ScheduledFuture<?> timer =
        timers.schedule(() -> threads.execute(work), millis, TimeUnit.MILLISECONDS);
    return () -> timer.cancel(false);
  }

  @Override
  public long millis() {
    return System.currentTimeMillis();
  }

  @Override
  public long random(long bound) {
    return ThreadLocalRandom.current().nextLong(bound);
  }
}
