package dev.stave.server.graphql.transport;

import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.LiveStream;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.StreamChannel;
import java.util.List;
import java.util.Map;

/**
 * One subscription as server-sent events, as the protocol of graphql-sse has it for one connection
 * an operation: {@code next} with each result, and {@code complete}.
 */
final class EventStream extends LiveStream {

  static final long HEARTBEAT_MILLIS = 12_000;

  private final Results results;

  EventStream(Request request, StreamChannel events, Results results) {
    super(request, events);
    this.results = results;
  }

  @Override
  protected long waitMillis() {
    return HEARTBEAT_MILLIS;
  }

  @Override
  protected boolean addMore(StreamChannel events, boolean timeIsUp) {
    if (timeIsUp) {
      events.add(":\n\n"); // says nothing, but that somebody is there
    }
    Results.Next next = results.poll();
    while (next != null) {
      if (next instanceof Results.Next.Result result) {
        events.addEvent("next", ReplyJson.text(result.body()));
      } else if (next instanceof Results.Next.End end) {
        if (end.failure() != null) {
          addErrors(events, ReplyJson.errors(end.failure()));
        }
        events.addEvent("complete", "");
        return true;
      }
      next = events.isFull() ? null : results.poll();
    }
    return false;
  }

  @Override
  protected void addFailure(StreamChannel events, HttpException why) {
    addErrors(events, ReplyJson.errors(why));
    events.addEvent("complete", "");
  }

  private static void addErrors(StreamChannel events, List<Map<String, Object>> errors) {
    events.addEvent("next", ReplyJson.text(Map.of("errors", errors)));
  }

  @Override
  protected void whenReady(Runnable task) {
    results.whenReady(task);
  }
}
