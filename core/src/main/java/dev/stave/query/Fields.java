package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.document.Document;
import dev.stave.json.JsonMask;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPath;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of each document that are wanted, at their places in it. What a document lacks is left
 * out; no path is a place in an array.
 *
 * @param paths of members, without wildcards; none: all of it
 */
public record Fields(List<JsonPath> paths) {

  /** The whole document. */
  public static final Fields ALL = new Fields(List.of());

  public Fields {
    paths = List.copyOf(paths);
    for (JsonPath path : paths) {
      if (!path.isPlain()) {
        throw new InvalidSelectorException(
            "invalid_fields_json", "`fields` are paths without wildcards, not: " + path);
      }
    }
  }

  /**
   * Of paths in their dotted form.
   *
   * @throws InvalidSelectorException if one has wildcards
   */
  public static Fields of(String... paths) {
    List<JsonPath> parsed = new ArrayList<>();
    for (String path : paths) {
      parsed.add(JsonPath.parse(path));
    }
    return new Fields(parsed);
  }

  /** Whether they are the whole document. */
  public boolean areAll() {
    return paths.isEmpty();
  }

  /** The same of a body that is not read yet. */
  JsonMask mask() {
    return areAll() ? JsonMask.WHOLE : JsonMask.of(paths);
  }

  /**
   * {@code document} with these parts of its body.
   *
   * @param mask their {@link #mask}
   */
  Document of(Document document, JsonMask mask) {
    return areAll()
        ? document
        : new Document(
            document.id(),
            document.revision(),
            document.deleted(),
            JsonObject.ofParts(of(document.body().masked(mask).sharedTree())),
            document.attachments());
  }

  /** A copy of these parts of {@code whole}. */
  public ObjectNode of(ObjectNode whole) {
    ObjectNode part = JsonNodeFactory.instance.objectNode();
    for (JsonPath path : paths) {
      copy(whole, part, path.steps());
    }
    return part;
  }

  private static void copy(JsonNode from, ObjectNode to, List<JsonPath.Step> path) {
    JsonNode value = from;
    for (JsonPath.Step step : path) {
      value = value.path(name(step));
    }
    if (value.isMissingNode()) {
      return;
    }
    ObjectNode at = to;
    for (JsonPath.Step step : path.subList(0, path.size() - 1)) {
      at = at.path(name(step)) instanceof ObjectNode below ? below : at.putObject(name(step));
    }
    at.set(name(path.get(path.size() - 1)), value.deepCopy());
  }

  private static String name(JsonPath.Step step) {
    return ((JsonPath.Step.Member) step).name();
  }
}
