package dev.stave.changes;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/** Tells whoever waits that there are new changes. Any thread may call any method. */
public final class ChangesFeed {

  private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();

  /**
   * Calls {@code listener} with the last sequence after each commit, on the thread that committed:
   * it must be quick, must not write, and must not throw. Commits in between may be told as one.
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
      listener.accept(lastSequence);
    }
  }

  /** A listener's place among the listeners. */
  @FunctionalInterface
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
