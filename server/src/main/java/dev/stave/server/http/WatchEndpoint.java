package dev.stave.server.http;

import dev.stave.database.Database;
import dev.stave.server.wire.OutgoingDocument;
import dev.stave.watch.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** {@code GET} and {@code POST /{db}/_watch}, and all who watch. */
final class WatchEndpoint {

  private final int limit;
  private final Semaphore free;
  private final Set<WatchStream> streams = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  /** Lets {@code limit} watches be open at once. */
  WatchEndpoint(int limit) {
    this.limit = limit;
    this.free = new Semaphore(limit);
  }

  Reply watch(Request request, Database database) {
    WatchRequest asked = WatchRequest.parse(request);
    return same -> {
      if (same.isHead()) {
        same.begin(200, EventChannel.HEADERS);
        same.output().close();
      } else {
        begin(same, asked, database);
      }
    };
  }

  /**
   * The snapshot is written as any long reply is; what fails before its first event, has a status.
   */
  private void begin(Request request, WatchRequest asked, Database database) throws IOException {
    if (!free.tryAcquire()) {
      throw new HttpException(
          503, "service_unavailable", limit + " watches are open: close some, or try again later");
    }
    request.whenOver(free::release);
    EventChannel events = new EventChannel(request);
    Watch watch = watch(asked, database, events);
    request.whenOver(watch::close);
    events.add("ready", watch.since(), "{}");
    events.sendAndWait();

    WatchStream stream = new WatchStream(request, events, watch, asked.heartbeatMillis());
    streams.add(stream);
    request.whenOver(() -> streams.remove(stream));
    if (ended) {
      stream.end();
    }
    request.park(stream::turn);
  }

  private static Watch watch(WatchRequest asked, Database database, EventChannel events)
      throws IOException {
    try {
      return database.watch(
          asked.selector(),
          document -> {
            events.add("snapshot", OutgoingDocument.text(document));
            if (events.isFull()) {
              try {
                events.sendAndWait();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Ends all streams, and those that come later, with an event that says why. */
  void end() {
    ended = true;
    streams.forEach(WatchStream::end);
  }
}
