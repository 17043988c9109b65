package dev.stave.spec.bench.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Threads that put one small document at a time, and wait until it is durable. Stave does it with a
 * whole database, since its committer is what groups writers; RocksDB with the three rows alone.
 */
final class Writers implements Workload {

  private static final long WARM_UP_MILLIS = TimeUnit.SECONDS.toMillis(2);

  private final int threads;
  private final AtomicLong next = new AtomicLong();
  private final LongAdder written = new LongAdder();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean done;

  Writers(int threads) {
    this.threads = threads;
  }

  @Override
  public void run(Lane lane, Measurements measurements) {
    try (DocumentStore store = lane.contender().openDocuments(lane.folder())) {
      List<Thread> writers = start(store);
      Sleep.millis(WARM_UP_MILLIS);
      long before = written.sum();
      Cost from = Cost.now();
      Sleep.millis(TimeUnit.SECONDS.toMillis(lane.settings().seconds()));
      Cost cost = Cost.now().minus(from);
      long count = written.sum() - before;
      done = true;
      join(writers);
      measurements.rates("writers" + threads, count, cost);
    }
  }

  private List<Thread> start(DocumentStore store) {
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread writer = new Thread(() -> write(store), "writer " + i);
      writers.add(writer);
      writer.start();
    }
    return writers;
  }

  private void write(DocumentStore store) {
    try {
      while (!done) {
        store.put(next.getAndIncrement());
        written.increment();
      }
    } catch (RuntimeException | Error e) {
      failure.set(e);
    }
  }

  private void join(List<Thread> writers) {
    for (Thread writer : writers) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted", e);
      }
    }
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("a writer failed", cause);
    }
  }
}
