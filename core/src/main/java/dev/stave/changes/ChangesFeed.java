package dev.stave.changes;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/** Tells whoever waits that there are new changes. Any thread may call any method. */
public final class ChangesFeed {

  private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();

  /**
   * Calls {@code listener} with the last sequence after each commit, on the thread that committed:
   * it must be quick and must not write; what it throws goes to the thread's handler of uncaught
   * exceptions. Commits in between may be told as one.
   *
   * @return what ends the calls when closed
   */
  public Subscription subscribe(LongConsumer listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Tells of a commit, once every reader can see it. */
  public void committed(long lastSequence) {
    for (LongConsumer listener : listeners) {
      try {
        listener.accept(lastSequence);
      } catch (RuntimeException e) {
        // The write is durable and seen: it must not look as if it had failed.
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    }
  }

  /** A listener's place among the listeners. */
  @FunctionalInterface
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
