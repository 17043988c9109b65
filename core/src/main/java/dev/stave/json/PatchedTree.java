package dev.stave.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * A tree that is being changed, while the one it was made of stays as it is. For one thread.
 *
 * <p>An object or array is copied the first time something in it changes, its children are not: so
 * one change costs the containers on its path, whatever the size of the tree. Which containers are
 * copies of our own is kept in {@link #own}. Each of them has one place in the tree, so a value
 * that is to stand at a second place must be copied whole.
 */
final class PatchedTree {

  private final Set<JsonNode> own = Collections.newSetFromMap(new IdentityHashMap<>());
  private JsonNode root;

  PatchedTree(JsonNode root) {
    this.root = root;
  }

  JsonNode root() {
    return root;
  }

  /**
   * @throws PatchFailedException if it is no object any more
   * @throws InvalidJsonException if it is nested too deep
   */
  JsonObject toObject() {
    if (!root.isObject()) {
      throw new PatchFailedException(
          "a document is a JSON object, not " + JsonOrder.typeName(root), JsonPointer.ROOT);
    }
    return JsonObject.ofParts((ObjectNode) root);
  }

  JsonNode get(JsonPointer at) {
    JsonNode value = at.find(root);
    if (value == null) {
      throw new PatchFailedException("there is no value", at);
    }
    return value;
  }

  /** Adds or replaces a member, inserts an element before the one that is there. */
  void add(JsonPointer at, JsonNode value) {
    put(at, value, false);
  }

  /** Adds or replaces a member, replaces an element or adds one at the end. */
  void set(JsonPointer at, JsonNode value) {
    put(at, value, true);
  }

  void replace(JsonPointer at, JsonNode value) {
    get(at);
    set(at, value);
  }

  private void put(JsonPointer at, JsonNode value, boolean instead) {
    if (at.isRoot()) {
      root = value;
      return;
    }
    ContainerNode<?> parent = parent(at);
    if (parent instanceof ObjectNode object) {
      object.set(at.last(), value);
      return;
    }
    ArrayNode array = (ArrayNode) parent;
    int index = at.last().equals("-") ? array.size() : JsonPointer.index(at.last());
    if (index < 0 || index > array.size()) {
      throw new PatchFailedException("not an index of an array of " + array.size(), at);
    }
    if (instead && index < array.size()) {
      array.set(index, value);
    } else {
      array.insert(index, value);
    }
  }

  void remove(JsonPointer at) {
    get(at);
    if (at.isRoot()) {
      throw new PatchFailedException("the whole document cannot be removed by a patch", at);
    }
    ContainerNode<?> parent = parent(at);
    if (parent instanceof ObjectNode object) {
      object.remove(at.last());
    } else {
      ((ArrayNode) parent).remove(JsonPointer.index(at.last()));
    }
  }

  /** What holds the place {@code at}, as a container that may be changed. */
  private ContainerNode<?> parent(JsonPointer at) {
    JsonPointer above = at.parent();
    if (!get(above).isContainerNode()) {
      throw new PatchFailedException(
          "there is neither an object nor an array above, but " + JsonOrder.typeName(get(above)),
          at);
    }
    ContainerNode<?> here = owned(root);
    root = here;
    for (String token : above.tokens()) {
      ContainerNode<?> child;
      if (here instanceof ObjectNode object) {
        child = owned(object.get(token));
        object.set(token, child);
      } else {
        child = owned(here.get(JsonPointer.index(token)));
        ((ArrayNode) here).set(JsonPointer.index(token), child);
      }
      here = child;
    }
    return here;
  }

  private ContainerNode<?> owned(JsonNode container) {
    if (own.contains(container)) {
      return (ContainerNode<?>) container;
    }
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    ContainerNode<?> copy =
        container instanceof ObjectNode object
            ? nodes.objectNode().setAll(object)
            : nodes.arrayNode(container.size()).addAll((ArrayNode) container);
    own.add(copy);
    return copy;
  }
}
