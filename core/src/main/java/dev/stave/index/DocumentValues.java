package dev.stave.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.bytes.ByteWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A walk through all that stands in a document: what the index has of it. */
abstract class DocumentValues {

  /** The number of the path one step below {@code parent}; below zero to leave out all in it. */
  abstract int child(int parent, @Nullable String name);

  /** A value's key stands at {@code path}. {@code coarse} if it may be that of others too. */
  abstract void value(int path, ByteWriter key, boolean coarse);

  private final ByteWriter key = new ByteWriter(ValueKey.MAX_BYTES);

  final void walk(String id, JsonNode body) {
    key.clear();
    ValueKey.writeId(id, key);
    value(PathDictionary.ID, key, false);
    walkBelow(PathDictionary.ROOT, body);
  }

  private void walkBelow(int path, JsonNode value) {
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        walk(child(path, member.getKey()), member.getValue());
      }
    } else if (value.isArray()) {
      int element = child(path, null);
      for (JsonNode each : value) {
        walk(element, each);
      }
    }
  }

  private void walk(int path, JsonNode value) {
    if (path < 0) {
      return;
    }
    key.clear();
    ValueKey.write(value, key);
    boolean longString = value.isTextual() && key.size() > ValueKey.MAX_STRING_BYTES;
    value(path, key, value.isContainerNode() || longString);
    walkBelow(path, value);
  }
}
