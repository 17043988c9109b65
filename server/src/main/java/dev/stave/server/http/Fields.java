package dev.stave.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.document.Document;
import dev.stave.json.JsonPath;
import dev.stave.server.wire.OutgoingDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The paths that a client wants of each document, each a chain of member names. None: all of it.
 */
record Fields(List<List<String>> paths) {

  static Fields parse(JsonNode fields) {
    List<List<String>> paths = new ArrayList<>();
    if (fields.isMissingNode()) {
      return new Fields(paths);
    }
    if (!fields.isArray()) {
      throw invalid(fields);
    }
    for (JsonNode field : fields) {
      if (!field.isTextual()) {
        throw invalid(field);
      }
      List<String> names = new ArrayList<>();
      for (JsonPath.Step step : JsonPath.parse(field.textValue()).steps()) {
        if (!(step instanceof JsonPath.Step.Member member)) {
          throw invalid(field);
        }
        names.add(member.name());
      }
      paths.add(names);
    }
    return new Fields(paths);
  }

  private static HttpException invalid(JsonNode what) {
    return FindRequest.invalid(
        "invalid_fields_json", "`fields` is an array of paths without wildcards, not: " + what);
  }

  boolean isEmpty() {
    return paths.isEmpty();
  }

  /** These parts of {@code document}, at their places, and all of {@code extra}. */
  ObjectNode of(Document document, Map<String, JsonNode> extra) {
    ObjectNode whole = OutgoingDocument.tree(document);
    ObjectNode part = JsonReply.object();
    for (List<String> path : paths) {
      copy(whole, part, path);
    }
    part.setAll(extra);
    return part;
  }

  private static void copy(JsonNode from, ObjectNode to, List<String> path) {
    JsonNode value = from;
    for (String name : path) {
      value = value.path(name);
    }
    if (value.isMissingNode()) {
      return;
    }
    ObjectNode at = to;
    for (String name : path.subList(0, path.size() - 1)) {
      at = at.path(name) instanceof ObjectNode below ? below : at.putObject(name);
    }
    at.set(path.get(path.size() - 1), value.deepCopy());
  }
}
