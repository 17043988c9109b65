package dev.stave.server.designs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.script.ScriptException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** What a function of a design document answers. */
record ScriptReply(int status, Map<String, String> headers, byte[] body) implements Reply {

  private static final String TYPE = "Content-Type";

  /** With {@code status}, unless the function says another. */
  static ScriptReply of(int status, JsonNode response) {
    Map<String, String> headers = new HashMap<>();
    headers.put(TYPE, response.has("json") ? "application/json" : "text/html; charset=utf-8");
    headers.put("Vary", "Accept");
    for (Map.Entry<String, JsonNode> header : response.path("headers").properties()) {
      headers.keySet().removeIf(known -> known.equalsIgnoreCase(header.getKey()));
      headers.put(checked(header.getKey()), checked(header.getValue().asText()));
    }
    int code = response.path("code").asInt(status);
    return new ScriptReply(code >= 200 && code < 600 ? code : 500, headers, body(response));
  }

  /** A line break would let a function write the rest of the answer, too. */
  private static String checked(String header) {
    if (header.chars().anyMatch(c -> c < ' ')) {
      throw ScriptException.of("render_error", "a header with a line break");
    }
    return header;
  }

  private static byte[] body(JsonNode response) {
    if (response.has("json")) {
      return response.get("json").toString().getBytes(StandardCharsets.UTF_8);
    }
    if (response.has("base64")) {
      try {
        return Base64.getDecoder().decode(response.get("base64").asText());
      } catch (IllegalArgumentException e) {
        throw ScriptException.of("render_error", "base64 is not: " + e.getMessage());
      }
    }
    return response.path("body").asText("").getBytes(StandardCharsets.UTF_8);
  }

  ScriptReply with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new ScriptReply(status, more, body);
  }

  @Override
  public void send(Request request) throws IOException {
    request.begin(status, headers);
    try (OutputStream out = request.output()) {
      out.write(body);
    }
  }
}
