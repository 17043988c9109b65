package dev.stave.server.feeds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.query.Selector;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.Request;
import dev.stave.server.search.FindRequest;
import java.util.Iterator;

/**
 * What a client asks of {@code _watch}.
 *
 * @param heartbeatMillis how often to say that the server is still there
 */
record WatchRequest(Selector selector, long heartbeatMillis) {

  static final long DEFAULT_HEARTBEAT_MILLIS = 30_000;
  static final long SHORTEST_HEARTBEAT_MILLIS = 100;

  /** What is said more seldom notices too late that a client is gone. */
  static final long LONGEST_HEARTBEAT_MILLIS = 60_000;

  static WatchRequest parse(Request request) {
    long heartbeat = request.parameters().number("heartbeat").orElse(DEFAULT_HEARTBEAT_MILLIS);
    if (heartbeat < SHORTEST_HEARTBEAT_MILLIS || heartbeat > LONGEST_HEARTBEAT_MILLIS) {
      throw HttpException.badParameter(
          "heartbeat is "
              + SHORTEST_HEARTBEAT_MILLIS
              + " to "
              + LONGEST_HEARTBEAT_MILLIS
              + " milliseconds, not: "
              + heartbeat);
    }
    return new WatchRequest(Selector.of(selector(request)), heartbeat);
  }

  private static JsonNode selector(Request request) {
    if (request.method().equals("GET")) {
      return request
          .parameters()
          .json("selector")
          .orElseThrow(() -> HttpException.badParameter("Missing required parameter: selector"));
    }
    JsonNode body = request.jsonObject(request.limits().documentBodyBytes()).sharedTree();
    for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!name.equals("selector")) {
        throw FindRequest.invalid("invalid_key", "Invalid key " + name + " for this request.");
      }
    }
    if (!body.has("selector")) {
      throw FindRequest.invalid("missing_required_key", "Missing required key: selector");
    }
    return body.get("selector");
  }
}
