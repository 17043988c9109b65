package dev.stave.server.exchange;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A status, headers, and JSON that is written while it is sent, so that it may be long. */
public record JsonReply(int status, Map<String, String> headers, Body body) implements Reply {

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM); // then small ones have a length

  /** Writes one JSON value. */
  @FunctionalInterface
  public interface Body {
    void writeTo(JsonGenerator out) throws IOException;
  }

  public static JsonReply of(int status, JsonNode json) {
    return new JsonReply(status, Map.of(), out -> out.writeTree(json));
  }

  public static JsonReply ok(JsonNode json) {
    return of(200, json);
  }

  public static JsonReply ok(Body body) {
    return new JsonReply(200, Map.of(), body);
  }

  /** JSON text that is at hand. */
  public static JsonReply ok(String json) {
    return ok(out -> out.writeRawValue(json));
  }

  /** {@code {"ok": true}}, to be added to. */
  public static ObjectNode okay() {
    return object().put("ok", true);
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ObjectNode error(String error, String reason) {
    return object().put("error", error).put("reason", reason);
  }

  /** The part of {@code all} that {@code skip} and {@code limit} of the request ask for. */
  public static JsonReply page(Request request, String name, List<ObjectNode> all) {
    long skip = request.parameters().number("skip").orElse(0);
    long limit = request.parameters().number("limit").orElse(Long.MAX_VALUE);
    ObjectNode page = object().put("total_rows", all.size()).put("offset", skip);
    all.stream().skip(skip).limit(limit).forEach(page.putArray(name)::add);
    return ok(page);
  }

  public JsonReply with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new JsonReply(status, more, body);
  }

  @Override
  public void send(Request request) throws IOException {
    request.begin(status, headers);
    boolean isTagged = headers.containsKey("ETag"); // of the bytes as they are
    OutputStream bytes = isTagged ? request.output() : request.compressedOutput();
    try (JsonGenerator out = MAPPER.createGenerator(bytes)) {
      body.writeTo(out);
    }
    bytes.write('\n');
    bytes.close();
  }
}
