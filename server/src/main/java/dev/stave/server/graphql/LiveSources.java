package dev.stave.server.graphql;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sources of events that nobody else ends when a database is closed. Any thread may use it. */
final class LiveSources {

  private final Set<Runnable> ends = ConcurrentHashMap.newKeySet();
  private volatile boolean isOver;

  /** Has {@code end} run when it is over, or at once if it is. */
  void add(Runnable end) {
    ends.add(end);
    if (isOver) {
      end.run();
    }
  }

  void remove(Runnable end) {
    ends.remove(end);
  }

  /** Ends all. */
  void end() {
    isOver = true;
    ends.forEach(Runnable::run);
    ends.clear();
  }
}
