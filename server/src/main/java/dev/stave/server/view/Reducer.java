package dev.stave.server.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;

/** Makes one value of the rows of a group. */
interface Reducer {

  void add(ViewRow row);

  /** Of the rows that were added, at least one. */
  JsonNode result();

  /** The key of the group of {@code key}. */
  static JsonNode group(JsonNode key, int level) {
    if (level == 0) {
      return NullNode.getInstance();
    }
    if (!key.isArray() || key.size() <= level) {
      return key;
    }
    ArrayNode group = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < level; i++) {
      group.add(key.get(i));
    }
    return group;
  }
}
