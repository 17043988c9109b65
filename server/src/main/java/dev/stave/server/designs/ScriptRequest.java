package dev.stave.server.designs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.server.documents.UserContext;
import dev.stave.server.exchange.BodyReader;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.MadeId;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.RequestTarget;
import io.undertow.server.handlers.Cookie;
import io.undertow.util.HeaderValues;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A request as functions of design documents see it, {@code req}. */
public final class ScriptRequest {

  private ScriptRequest() {}

  /**
   * Of {@code request}.
   *
   * @param id of the document that the path names, null for none
   */
  public static ObjectNode of(Request request, Database database, @Nullable String id) {
    ObjectNode json = JsonReply.object();
    json.putObject("info")
        .put("db_name", request.segment(0))
        .put("update_seq", database.lastSequence())
        .put("doc_count", database.count())
        .put("doc_del_count", database.deletedCount());
    json.put("id", id).put("uuid", MadeId.next());
    json.put("method", request.exchange().getRequestMethod().toString());
    ArrayNode path = json.putArray("path");
    request.path().forEach(path::add);
    json.set("requested_path", path);
    String query = request.exchange().getQueryString();
    String uri = request.exchange().getRequestURI();
    json.put("raw_path", query.isEmpty() ? uri : uri + "?" + query);
    ObjectNode parameters = json.putObject("query");
    request.parameters().values().forEach(parameters::put);
    ObjectNode headers = json.putObject("headers");
    for (HeaderValues values : request.exchange().getRequestHeaders()) {
      headers.put(values.getHeaderName().toString(), String.join(", ", values));
    }
    String body = body(request);
    json.put("body", body.isEmpty() ? "undefined" : body);
    json.put("peer", request.exchange().getSourceAddress().getAddress().getHostAddress());
    json.set("form", form(request, body));
    ObjectNode cookies = json.putObject("cookie");
    for (Cookie cookie : request.exchange().requestCookies()) {
      cookies.put(cookie.getName(), cookie.getValue());
    }
    json.set("userCtx", UserContext.of(request));
    json.set("secObj", UserContext.security(database));
    return json;
  }

  private static String body(Request request) {
    boolean isRead = request.receivedBody() instanceof BodyReader.Body.Read;
    return isRead
        ? new String(request.body(request.limits().bulkBodyBytes()), StandardCharsets.UTF_8)
        : "";
  }

  private static JsonNode form(Request request, String body) {
    ObjectNode form = JsonReply.object();
    if (request.mediaType().equals("application/x-www-form-urlencoded")) {
      RequestTarget.parse("/", body).parameters().values().forEach(form::put);
    }
    return form;
  }
}
