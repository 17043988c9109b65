package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.json.JsonPath;
import org.jspecify.annotations.Nullable;

/** A path to sort by, without wildcards, and which end of its values comes first. */
public record SortKey(JsonPath path, boolean descending) {

  public SortKey {
    if (!path.steps().stream().allMatch(JsonPath.Step.Member.class::isInstance)) {
      throw new InvalidSelectorException(
          "invalid_sort_json", "a path to sort by has no wildcards: " + path);
    }
  }

  /** The value that a document is sorted by, or null if it has none. */
  @Nullable JsonNode valueOf(String id, JsonNode body) {
    if (path.isId()) {
      return TextNode.valueOf(id);
    }
    JsonNode[] found = new JsonNode[1];
    path.anyMatch(
        body,
        value -> {
          found[0] = value;
          return true;
        });
    return found[0];
  }

  @Override
  public String toString() {
    return descending ? path + " descending" : path.toString();
  }
}
