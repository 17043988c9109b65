package dev.stave.server.http;

import dev.stave.database.Database;
import java.io.IOException;
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
    ChangesPage page = new ChangesPage(database, asked, since);
    long left = millisLeft();
    if (!asked.longpoll() || !page.isEmpty() || left <= 0 || endpoint.hasEnded()) {
      return JsonReply.ok(page::writeTo);
    }
    return request -> wait(request, page.end(), left);
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
              new ChangesWait(endpoint, () -> request.resume(again -> lookAgain(again, since)));
          wait.begin(request, database, since, millis);
        });
  }

  private Reply lookAgain(Request request, long since) throws IOException {
    if (asked.heartbeatMillis().isPresent()) {
      request.sendHeartbeat(); // fails if the client is gone
    }
    return look(since);
  }
}
