package dev.stave.server.graphql.live;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sources of events that end with the GraphQL of a database. Any thread may use it. */
public final class LiveSources {

  private final Set<Runnable> ends = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Supplier<? extends RuntimeException> reason; // once it is over

  /** Has {@code end} run when it is over, or at once if it is. */
  void add(Runnable end) {
    ends.add(end);
    if (reason != null) {
      end.run();
    }
  }

  /**
   * Goes on if it is not over.
   *
   * @throws RuntimeException why there is no more, as {@link #end} was told
   */
  void requireOpen() {
    Supplier<? extends RuntimeException> why = reason;
    if (why != null) {
      throw why.get();
    }
  }

  void remove(Runnable end) {
    ends.remove(end);
  }

  boolean isOver() {
    return reason != null;
  }

  /** Ends all: whoever listens hears {@code why}. */
  public void end(Supplier<? extends RuntimeException> why) {
    reason = why;
    ends.forEach(Runnable::run);
    ends.clear();
  }
}
