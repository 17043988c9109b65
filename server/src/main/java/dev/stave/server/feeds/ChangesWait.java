package dev.stave.server.feeds;

import dev.stave.changes.ChangesFeed;
import dev.stave.database.Database;
import dev.stave.server.exchange.Request;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;

/** One wait, for a commit or for some time, whichever comes first. It holds no thread. */
final class ChangesWait {

  private final ChangesEndpoint endpoint;
  private final Runnable whenOver;
  private ChangesFeed.@Nullable Subscription subscription;
  private XnioExecutor.@Nullable Key timer;
  private boolean over;

  ChangesWait(ChangesEndpoint endpoint, Runnable whenOver) {
    this.endpoint = endpoint;
    this.whenOver = whenOver;
  }

  /** Waits until something is committed after {@code since}. */
  void begin(Request request, Database database, long since, long millis) {
    synchronized (this) {
      subscription = database.onCommit(sequence -> end());
      timer = request.after(millis, this::end);
    }
    endpoint.add(this);
    if (hasChanged(database, since)) { // before the subscription was there
      end();
    }
  }

  /** Whether there is something newer, or none to ask. */
  static boolean hasChanged(Database database, long since) {
    try {
      return database.lastSequence() > since;
    } catch (RuntimeException e) {
      return true; // the next look finds out what is wrong
    }
  }

  /** Ends the wait, if it has not ended yet. Any thread may do so. */
  void end() {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      if (subscription != null) {
        subscription.close();
      }
      if (timer != null) {
        timer.remove();
      }
    }
    endpoint.remove(this);
    whenOver.run();
  }
}
