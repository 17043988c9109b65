package dev.stave.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * JSON Merge Patch, whole by RFC 7396: an object that looks like what changes. A member that is
 * null is removed, an object is merged with the one that is there, anything else, arrays too, takes
 * the place of what is there.
 */
public final class MergePatch {

  private MergePatch() {}

  /** The document as {@code patch} changes it; both stay as they are. */
  public static JsonObject apply(JsonObject document, JsonObject patch) {
    return JsonObject.ofParts(
        (ObjectNode) apply(document.sharedTree(), (JsonNode) patch.sharedTree()));
  }

  /** The recursion is as deep as the patch, which was read within the limits of JSON. */
  static JsonNode apply(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    if (target instanceof ObjectNode object) {
      result.setAll(object);
    }
    for (Map.Entry<String, JsonNode> member : patch.properties()) {
      String name = member.getKey();
      if (member.getValue().isNull()) {
        result.remove(name);
      } else {
        JsonNode before = result.path(name);
        result.set(name, apply(before, member.getValue()));
      }
    }
    return result;
  }

  /**
   * The patch that makes {@code to} of {@code from}.
   *
   * @throws IllegalArgumentException if there is none: no merge patch can set a member to null
   */
  public static JsonObject between(JsonObject from, JsonObject to) {
    return JsonObject.ofParts(between(from.sharedTree(), to.sharedTree()));
  }

  private static ObjectNode between(JsonNode from, JsonNode to) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : from.properties()) {
      if (!to.has(member.getKey())) {
        patch.set(member.getKey(), NullNode.getInstance());
      }
    }
    for (Map.Entry<String, JsonNode> member : to.properties()) {
      JsonNode before = from.path(member.getKey());
      JsonNode after = member.getValue();
      JsonNode change = after.isObject() ? between(before, after) : after;
      boolean same =
          before.isObject() && after.isObject()
              ? change.isEmpty()
              : !before.isMissingNode() && JsonOrder.INSTANCE.compare(before, after) == 0;
      if (!same && after.isNull()) {
        throw new IllegalArgumentException(
            "a merge patch cannot set a member to null: " + member.getKey());
      }
      if (!same) {
        patch.set(member.getKey(), change);
      }
    }
    return patch;
  }
}
