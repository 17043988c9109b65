package dev.stave.server.feeds;

import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.LiveStream;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.StreamChannel;
import dev.stave.server.wire.OutgoingDocument;
import dev.stave.watch.Watch;
import dev.stave.watch.WatchEvent;
import java.util.Optional;

/** One live query after its snapshot, on the way to one client. */
final class WatchStream extends LiveStream {

  private final Watch watch;
  private final long heartbeatMillis;

  WatchStream(Request request, StreamChannel events, Watch watch, long heartbeatMillis) {
    super(request, events);
    this.watch = watch;
    this.heartbeatMillis = heartbeatMillis;
  }

  @Override
  protected long waitMillis() {
    return heartbeatMillis;
  }

  @Override
  protected boolean addMore(StreamChannel events, boolean timeIsUp) {
    if (timeIsUp) {
      events.add(":\n\n"); // says nothing, but that somebody is there
    }
    Optional<WatchEvent> next = watch.poll();
    while (next.isPresent()) {
      add(next.get(), events);
      next = events.isFull() ? Optional.empty() : watch.poll();
    }
    return false;
  }

  private static void add(WatchEvent event, StreamChannel events) {
    if (event instanceof WatchEvent.Added added) {
      events.addEvent("add", event.sequence(), OutgoingDocument.text(added.document()));
    } else if (event instanceof WatchEvent.Changed changed) {
      events.addEvent("change", event.sequence(), OutgoingDocument.text(changed.document()));
    } else if (event instanceof WatchEvent.Removed removed) {
      events.addEvent(
          "remove", event.sequence(), JsonReply.object().put("_id", removed.id()).toString());
    }
  }

  @Override
  protected void addFailure(StreamChannel events, HttpException why) {
    events.addEvent("error", JsonReply.error(why.error(), why.reason()).toString());
  }

  @Override
  protected void whenReady(Runnable task) {
    watch.whenReady(task);
  }
}
