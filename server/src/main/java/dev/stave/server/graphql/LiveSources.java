package dev.stave.server.graphql;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Sources of events that end with the GraphQL of a database. Any thread may use it. */
final class LiveSources {

  private final Set<Runnable> ends = ConcurrentHashMap.newKeySet();
  private volatile @Nullable String reason; // once it is over

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
   * @throws GraphQLException why there is no more
   */
  void requireOpen() {
    String why = reason;
    if (why != null) {
      throw new GraphQLException(ErrorCode.UNAVAILABLE, why);
    }
  }

  void remove(Runnable end) {
    ends.remove(end);
  }

  boolean isOver() {
    return reason != null;
  }

  /** Ends all, which are told {@code why}. */
  void end(String why) {
    reason = why;
    ends.forEach(Runnable::run);
    ends.clear();
  }
}
