package dev.stave.spec.bench.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.function.BiConsumer;

/** JSON as those who make an index by hand walk through it. */
final class Leaves {

  static final ObjectMapper MAPPER = new ObjectMapper();

  private Leaves() {}

  static JsonNode parse(byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] bytes(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Hands over each path with each of its values: elements of an array have the name []. */
  static void walk(JsonNode json, BiConsumer<String, JsonNode> visitor) {
    walk("", json, visitor);
  }

  private static void walk(String path, JsonNode json, BiConsumer<String, JsonNode> visitor) {
    if (json.isObject()) {
      json.properties().forEach(m -> walk(below(path, m.getKey()), m.getValue(), visitor));
    } else if (json.isArray()) {
      json.elements().forEachRemaining(element -> walk(below(path, "[]"), element, visitor));
    } else {
      visitor.accept(path, json);
    }
  }

  private static String below(String path, String name) {
    return path.isEmpty() ? name : path + '.' + name;
  }
}
