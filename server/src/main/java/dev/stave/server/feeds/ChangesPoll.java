package dev.stave.server.feeds;

import dev.stave.database.Database;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import java.util.concurrent.TimeUnit;

/** One request for changes, which waits as often as it must until there is one that it wants. */
final class ChangesPoll {

  private final ChangesRequest asked;
  private final Database database;
  private final ChangesEndpoint endpoint;
  private final long deadline;

  ChangesPoll(ChangesRequest asked, Database database, ChangesEndpoint endpoint) {
    this.asked = asked;
    this.database = database;
    this.endpoint = endpoint;
    this.deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(asked.timeoutMillis());
  }

  /** Replies with the changes after {@code since}, or if there are none, after a wait for them. */
  Reply look(long since) {
    return look(since, false);
  }

  private Reply look(long since, boolean again) {
    ChangesPage page = new ChangesPage(database, asked, since);
    long left = millisLeft();
    if (asked.feed() == ChangesRequest.Feed.NORMAL
        || page.hasNext()
        || left <= 0
        || endpoint.hasEnded()) {
      return JsonReply.ok(page::writeTo);
    }
    return request -> {
      if (again && asked.heartbeatMillis().isPresent()) {
        request.sendHeartbeat(); // fails if the client is gone
      }
      wait(request, page.end(), left);
    };
  }

  /** With a heartbeat the client waits as long as the connection holds. */
  private long millisLeft() {
    return asked.heartbeatMillis().isPresent()
        ? asked.heartbeatMillis().getAsLong()
        : TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
  }

  private void wait(Request request, long since, long millis) {
    request.park(
        () -> {
          ChangesWait wait =
              new ChangesWait(endpoint, () -> request.resume(same -> look(since, true)));
          wait.begin(request, database, since, millis);
        });
  }
}
