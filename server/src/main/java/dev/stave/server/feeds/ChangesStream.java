package dev.stave.server.feeds;

import dev.stave.database.Database;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.LiveStream;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.StreamChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code feed=continuous} and {@code feed=eventsource}: changes for as long as a client listens.
 */
final class ChangesStream extends LiveStream {

  private final Database database;
  private final ChangesRequest asked;
  private final ChangeRows rows;
  private ChangesPage page;
  private long left;
  private long toldAtNanos = System.nanoTime();

  private volatile @Nullable Runnable waiting;

  ChangesStream(Request request, StreamChannel channel, Database database, ChangesRequest asked) {
    super(request, channel);
    this.database = database;
    this.asked = asked;
    this.rows = new ChangeRows(database, asked);
    this.page = new ChangesPage(database, asked, asked.since());
    this.left = asked.limit();
  }

  private boolean hasEvents() {
    return asked.feed() == ChangesRequest.Feed.EVENTSOURCE;
  }

  @Override
  protected long waitMillis() {
    long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - toldAtNanos);
    return Math.max(1, asked.heartbeatMillis().orElse(asked.timeoutMillis()) - silent);
  }

  @Override
  protected boolean addMore(StreamChannel channel, boolean timeIsUp) {
    boolean told = addRows(channel);
    if (left == 0 || asked.descending() && !page.hasNext()) {
      addEnd(channel);
      return true;
    }
    if (told || timeIsUp) {
      toldAtNanos = System.nanoTime();
    }
    if (timeIsUp && !told && asked.heartbeatMillis().isEmpty()) {
      addEnd(channel);
      return true;
    }
    if (timeIsUp && !told) {
      channel.add(hasEvents() ? "event: heartbeat\ndata: \n\n" : "\n");
    }
    return false;
  }

  private boolean addRows(StreamChannel channel) {
    boolean told = false;
    if (!page.hasNext() && !asked.descending()) {
      page = new ChangesPage(database, asked, page.last());
    }
    while (left > 0 && !channel.isFull() && page.hasNext()) {
      FeedRow next = page.next();
      String row = rows.text(next);
      if (hasEvents()) {
        channel.add("data: ");
        channel.addLine(row);
        channel.add("id: " + next.change().sequence() + "\n\n");
      } else {
        channel.addLine(row);
      }
      left--;
      told = true;
    }
    return told;
  }

  private void addEnd(StreamChannel channel) {
    if (!hasEvents()) {
      channel.addLine("{\"last_seq\":" + page.last() + ",\"pending\":" + page.pending() + "}");
    }
  }

  @Override
  protected void addFailure(StreamChannel channel, HttpException why) {
    String error = JsonReply.error(why.error(), why.reason()).toString();
    if (hasEvents()) {
      channel.addEvent("error", error);
    } else {
      channel.addLine(error);
    }
  }

  @Override
  protected void whenReady(Runnable task) {
    boolean isMore = page.hasNext();
    long end = page.end();
    waiting = task; // from here on the page is that of the next turn
    if (isMore || ChangesWait.hasChanged(database, end)) {
      committed();
    }
  }

  /** Something was committed. */
  void committed() {
    Runnable task = waiting;
    if (task != null) {
      waiting = null;
      task.run();
    }
  }
}
