package dev.stave.server.feeds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.changes.ChangesFeed;
import dev.stave.database.Database;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.LiveStreams;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.StreamChannel;
import dev.stave.server.script.ScriptPool;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@code GET} and {@code POST /{db}/_changes}, and all who wait there for a change. */
public final class ChangesEndpoint {

  private final Set<ChangesWait> waiting = ConcurrentHashMap.newKeySet();
  private final LiveStreams streams;
  private final ScriptPool scripts;
  private volatile boolean ended;

  public ChangesEndpoint(LiveStreams streams, ScriptPool scripts) {
    this.streams = streams;
    this.scripts = scripts;
  }

  public Reply changes(Request request, Database database) {
    JsonNode body =
        request.method().equals("POST")
            ? request.jsonObject(request.limits().bulkBodyBytes()).sharedTree()
            : JsonReply.object();
    ChangesRequest asked = ChangesRequest.parse(request, body, database, scripts);
    switch (asked.feed()) {
      case CONTINUOUS, EVENTSOURCE:
        boolean events = asked.feed() == ChangesRequest.Feed.EVENTSOURCE;
        Map<String, String> headers = events ? StreamChannel.EVENTS : StreamChannel.LINES;
        return same -> stream(same, headers, database, asked);
      default:
        return new ChangesPoll(asked, database, this).look(asked.since());
    }
  }

  private void stream(
      Request request, Map<String, String> headers, Database database, ChangesRequest asked)
      throws IOException {
    if (request.isHead()) {
      request.begin(200, headers);
      request.output().close();
      return;
    }
    streams.enter(request);
    StreamChannel channel = new StreamChannel(request, headers);
    ChangesStream stream = new ChangesStream(request, channel, database, asked);
    ChangesFeed.Subscription commits = database.onCommit(sequence -> stream.committed());
    request.whenOver(commits::close);
    channel.sendAndWait(); // the head: a client sees that it is connected
    streams.begin(request, stream);
  }

  /** Whether nobody is to wait any more. */
  boolean hasEnded() {
    return ended;
  }

  void add(ChangesWait wait) {
    waiting.add(wait);
    if (ended) {
      wait.end();
    }
  }

  void remove(ChangesWait wait) {
    waiting.remove(wait);
  }

  /** Has all who wait look again whether there is something to say. */
  public void wake() {
    waiting.forEach(ChangesWait::end);
    streams.look();
  }

  /** Answers all who wait, with what there is, and those who come later at once. */
  public void end() {
    ended = true;
    waiting.forEach(ChangesWait::end);
  }
}
