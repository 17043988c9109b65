package dev.stave.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** RFC 6902 in its own words, on a tree that is changed in place and copied without thrift. */
final class NaivePatch {

  private NaivePatch() {}

  /** The patched tree; null if an operation does not fit. */
  static @Nullable JsonNode apply(JsonNode document, ArrayNode patch) {
    JsonNode root = document.deepCopy();
    for (JsonNode operation : patch) {
      root = one(root, operation);
      if (root == null) {
        return null;
      }
      root = root.deepCopy();
    }
    return root;
  }

  private static @Nullable JsonNode one(JsonNode root, JsonNode operation) {
    String path = operation.get("path").textValue();
    String from = operation.get("from").textValue();
    JsonNode value = operation.get("value").deepCopy();
    JsonNode target = at(root, path);
    JsonNode source = at(root, from);
    switch (operation.get("op").textValue()) {
      case "add":
        return add(root, path, value);
      case "remove":
        return target == null ? null : remove(root, path);
      case "replace":
        if (target == null) {
          return null;
        }
        return path.isEmpty() ? value : add(remove(root, path), path, value);
      case "move":
        if (source == null || path.startsWith(from + "/")) {
          return null;
        }
        if (path.equals(from)) {
          return root;
        }
        return add(remove(root, from), path, source.deepCopy());
      case "copy":
        return source == null ? null : add(root, path, source.deepCopy());
      default:
        return target != null && JsonOrder.INSTANCE.compare(target, value) == 0 ? root : null;
    }
  }

  private static @Nullable JsonNode at(JsonNode root, String path) {
    JsonNode at = root;
    for (String token : path.isEmpty() ? new String[0] : path.substring(1).split("/", -1)) {
      String name = token.replace("~1", "/").replace("~0", "~");
      if (at.isObject()) {
        at = at.get(name);
      } else {
        at =
            at.isArray() && name.matches("0|[1-9][0-9]{0,5}")
                ? at.get(Integer.parseInt(name))
                : null;
      }
      if (at == null) {
        return null;
      }
    }
    return at;
  }

  private static @Nullable JsonNode add(@Nullable JsonNode root, String path, JsonNode value) {
    if (root == null || path.isEmpty()) {
      return root == null ? null : value;
    }
    JsonNode parent = at(root, path.substring(0, path.lastIndexOf('/')));
    String name = path.substring(path.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
    if (parent instanceof ObjectNode object) {
      object.set(name, value);
      return root;
    }
    if (!(parent instanceof ArrayNode array) || !name.matches("-|0|[1-9][0-9]{0,5}")) {
      return null;
    }
    int index = name.equals("-") ? array.size() : Integer.parseInt(name);
    if (index > array.size()) {
      return null;
    }
    array.insert(index, value);
    return root;
  }

  private static @Nullable JsonNode remove(JsonNode root, String path) {
    if (path.isEmpty()) {
      return null;
    }
    JsonNode parent = at(root, path.substring(0, path.lastIndexOf('/')));
    String name = path.substring(path.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
    if (parent instanceof ObjectNode object) {
      object.remove(name);
    } else {
      ((ArrayNode) parent).remove(Integer.parseInt(name));
    }
    return root;
  }
}
