package dev.stave.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.bytes.ByteWriter;
import dev.stave.policy.IndexPolicy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A walk through all that stands in a document: what the index has of it. */
abstract class DocumentValues {

  /** The number of the path one step below {@code parent}; below zero to leave out all in it. */
  abstract int child(int parent, @Nullable String name);

  /** A value's key stands at {@code path}. {@code coarse} if it may be that of others too. */
  abstract void value(int path, ByteWriter key, boolean coarse);

  private final ByteWriter key = new ByteWriter(ValueKey.MAX_BYTES);
  private int left; // values that may come yet

  /** Leaves out all that comes. */
  final void stop() {
    left = 0;
  }

  /** Returns whether that was all of it, but for what {@code policy} excludes. */
  final boolean walk(String id, JsonNode body, IndexPolicy policy) {
    left = policy.maxValuesPerDocument();
    key.clear();
    ValueKey.writeId(id, key);
    value(PathDictionary.ID, key, false);
    return walkBelow(PathDictionary.ROOT, body, policy.root());
  }

  private boolean walkBelow(int path, JsonNode value, IndexPolicy.Place place) {
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        if (!walkMember(path, member.getKey(), member.getValue(), place)) {
          return false;
        }
      }
    } else if (value.isArray() && !value.isEmpty()) {
      return walkElements(path, value, place.below(null));
    }
    return true;
  }

  private boolean walkMember(int object, String name, JsonNode value, IndexPolicy.Place place) {
    IndexPolicy.Place below = place.below(name);
    if (below.isExcluded()) {
      return true;
    }
    if (left == 0) {
      return false;
    }
    int path = child(object, name);
    return path < 0 ? left > 0 : walk(path, value, below);
  }

  private boolean walkElements(int array, JsonNode values, IndexPolicy.Place place) {
    if (place.isExcluded()) {
      return true;
    }
    if (left == 0) {
      return false;
    }
    int path = child(array, null);
    if (path < 0) {
      return left > 0;
    }
    for (JsonNode each : values) {
      if (!walk(path, each, place)) {
        return false;
      }
    }
    return true;
  }

  private boolean walk(int path, JsonNode value, IndexPolicy.Place place) {
    if (left == 0) {
      return false;
    }
    left--;
    key.clear();
    ValueKey.write(value, key);
    boolean longString = value.isTextual() && key.size() > ValueKey.MAX_STRING_BYTES;
    value(path, key, value.isContainerNode() || longString);
    return walkBelow(path, value, place);
  }
}
