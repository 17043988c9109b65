package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.document.Document;
import dev.stave.json.JsonPath;
import org.jspecify.annotations.Nullable;

/** A path to sort by, without wildcards, and which end of its values comes first. */
public record SortKey(JsonPath path, boolean descending) {

  public SortKey {
    if (!path.isPlain()) {
      throw new InvalidSelectorException(
          "invalid_sort_json", "a path to sort by has no wildcards: " + path);
    }
  }

  /** The value that a document is sorted by, or null if it has none. */
  @Nullable JsonNode valueOf(Document document) {
    return path.isId() ? TextNode.valueOf(document.id()) : document.body().valueAt(path);
  }

  @Override
  public String toString() {
    return descending ? path + " descending" : path.toString();
  }
}
