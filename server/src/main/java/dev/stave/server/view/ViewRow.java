package dev.stave.server.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonObject;
import java.nio.charset.StandardCharsets;

/** A row of a view: what a map function emitted for the document {@code id}. */
public final class ViewRow {

  private final JsonNode key;
  private final String id;
  private final byte[] value;

  ViewRow(JsonNode key, String id, byte[] value) {
    this.key = key;
    this.id = id;
    this.value = value;
  }

  public JsonNode key() {
    return key;
  }

  public String id() {
    return id;
  }

  /** The value as JSON text. */
  public String valueText() {
    return new String(value, StandardCharsets.UTF_8);
  }

  public JsonNode value() {
    return JsonObject.parseValue(value);
  }
}
