package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonPointer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts what a {@link Resolution} chose into a merged value. */
final class Settlement {

  private Settlement() {}

  /** Changes {@code root}, or returns another in its place. */
  static JsonNode apply(Resolution choice, JsonNode root, Clash clash) {
    if (choice instanceof Resolution.Put put) {
      return replaced(root, clash.path(), put.value().deepCopy());
    }
    JsonNode chosen = clash.base();
    if (choice instanceof Resolution.Take take) {
      if (take.side() < 0 || take.side() >= clash.sides().size()) {
        throw new IllegalArgumentException(
            "no side " + take.side() + " of the clash at \"" + clash.path() + "\"");
      }
      chosen = clash.sides().get(take.side());
    }
    return replaced(
        root,
        clash.path(),
        clash.key() == null
            ? chosen.deepCopy()
            : ordered(clash.path().find(root), chosen, clash.path(), clash.key()));
  }

  private static JsonNode ordered(
      @Nullable JsonNode list, JsonNode like, JsonPointer path, String key) {
    if (list == null || Identity.of(new Strategy.ListByKey(key), list) == null) {
      throw new IllegalArgumentException(
          "elements have no key \"" + key + "\" any more to put them in order at \"" + path + "\"");
    }
    Map<SameValue, JsonNode> elements = KeyedListMerge.byKey(list, key);
    Set<SameValue> order = new LinkedHashSet<>(KeyedListMerge.byKey(like, key).keySet());
    order.retainAll(elements.keySet());
    ArrayNode ordered = JsonNodeFactory.instance.arrayNode();
    for (SameValue each :
        KeyedListMerge.orderOf(order, List.of(new ArrayList<>(elements.keySet())))) {
      ordered.add(elements.get(each));
    }
    return ordered;
  }

  private static JsonNode replaced(JsonNode root, JsonPointer path, JsonNode value) {
    if (path.tokens().isEmpty()) {
      return value;
    }
    int last = path.tokens().size() - 1;
    String name = path.tokens().get(last);
    JsonNode above = new JsonPointer(new ArrayList<>(path.tokens().subList(0, last))).find(root);
    if (above instanceof ObjectNode object) {
      if (value.isMissingNode()) {
        object.remove(name);
      } else {
        object.set(name, value);
      }
    } else if (above instanceof ArrayNode array) {
      int index = Integer.parseInt(name);
      if (value.isMissingNode()) {
        array.remove(index);
      } else {
        array.set(index, value);
      }
    }
    return root;
  }
}
