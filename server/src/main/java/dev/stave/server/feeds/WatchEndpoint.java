package dev.stave.server.feeds;

import dev.stave.database.Database;
import dev.stave.server.exchange.LiveStreams;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.StreamChannel;
import dev.stave.server.wire.OutgoingDocument;
import dev.stave.watch.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;

/** {@code GET} and {@code POST /{db}/_watch}. */
public final class WatchEndpoint {

  private final LiveStreams streams;

  public WatchEndpoint(LiveStreams streams) {
    this.streams = streams;
  }

  public Reply watch(Request request, Database database) {
    WatchRequest asked = WatchRequest.parse(request);
    return same -> {
      if (same.isHead()) {
        same.begin(200, StreamChannel.EVENTS);
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
    streams.enter(request);
    StreamChannel events = new StreamChannel(request, StreamChannel.EVENTS);
    Watch watch = watch(asked, database, events);
    request.whenOver(watch::close);
    events.addEvent("ready", watch.since(), "{}");
    events.sendAndWait();

    streams.begin(request, new WatchStream(request, events, watch, asked.heartbeatMillis()));
  }

  private static Watch watch(WatchRequest asked, Database database, StreamChannel events)
      throws IOException {
    try {
      return database.watch(
          asked.selector(),
          document -> {
            events.addEvent("snapshot", OutgoingDocument.text(document));
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
}
