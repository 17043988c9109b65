package dev.stave.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@code GET} and {@code POST /{db}/_changes}, and all who wait there for a change. */
final class ChangesEndpoint {

  private final Set<ChangesWait> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  Reply changes(Request request, Database database) {
    JsonNode body =
        request.method().equals("POST")
            ? request.jsonObject(request.limits().bulkBodyBytes()).sharedTree()
            : JsonReply.object();
    ChangesRequest asked =
        ChangesRequest.parse(request.parameters(), body, database, request.limits());
    return new ChangesPoll(asked, database, this).look(asked.since());
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
  void wake() {
    waiting.forEach(ChangesWait::end);
  }

  /** Answers all who wait, with what there is, and those who come later at once. */
  void end() {
    ended = true;
    waiting.forEach(ChangesWait::end);
  }
}
