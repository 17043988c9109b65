package dev.stave.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.index.KeyRange;
import dev.stave.json.JsonPath;
import dev.stave.json.JsonPath.Step;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the watches that a document may match, by its own values: a tree of all paths that watches
 * look at, walked beside the document. For one thread at a time.
 *
 * <p>A document costs a walk through as much of it as the tree has, whatever the number of watches;
 * then a look at each watch that waits for a value that it has. Watches whose selector names no
 * place to wait at ({@link Places}) are found for every document.
 */
final class WatchIndex {

  private static final Step ID = new Step.Member(JsonPath.ID);

  /** One path, and who waits there. */
  private static final class Node {
    final Map<Step, Node> children = new HashMap<>(2);
    final Map<ByteBuffer, Set<Watch>> forValue = new HashMap<>(2);
    final Set<Watch> forAnyValue = new HashSet<>(2);

    boolean isEmpty() {
      return children.isEmpty() && forValue.isEmpty() && forAnyValue.isEmpty();
    }
  }

  private final Node root = new Node();
  private final Set<Watch> everywhere = new HashSet<>();
  private final Set<Watch> all = new HashSet<>();

  int size() {
    return all.size();
  }

  Collection<Watch> all() {
    return Collections.unmodifiableSet(all);
  }

  static ByteBuffer key(JsonNode value) {
    return ByteBuffer.wrap(KeyRange.equalTo(value).from());
  }

  void add(Watch watch) {
    all.add(watch);
    watch.places = new Places(this).of(watch.selector());
    if (watch.places == null) {
      everywhere.add(watch);
      return;
    }
    for (Place place : watch.places) {
      Node node = root;
      for (Step step : place.path().steps()) {
        node = node.children.computeIfAbsent(step, s -> new Node());
      }
      if (place.key() == null) {
        node.forAnyValue.add(watch);
      } else {
        node.forValue.computeIfAbsent(place.key(), k -> new HashSet<>(2)).add(watch);
      }
    }
  }

  /** Does nothing if it was never added, or is removed already. */
  void remove(Watch watch) {
    if (all.remove(watch)) {
      everywhere.remove(watch);
      List<Place> places = watch.places;
      if (places != null) {
        places.forEach(place -> remove(root, place, 0, watch));
      }
    }
  }

  private static void remove(Node node, Place place, int depth, Watch watch) {
    List<Step> steps = place.path().steps();
    if (depth < steps.size()) {
      Node child = node.children.get(steps.get(depth));
      if (child != null) { // else another place of the same watch was the same
        remove(child, place, depth + 1, watch);
        if (child.isEmpty()) {
          node.children.remove(steps.get(depth));
        }
      }
    } else if (place.key() == null) {
      node.forAnyValue.remove(watch);
    } else {
      Set<Watch> watches = node.forValue.get(place.key());
      if (watches != null && watches.remove(watch) && watches.isEmpty()) {
        node.forValue.remove(place.key());
      }
    }
  }

  /** How many watches wait for the same. */
  int waitingAt(Place place) {
    Node node = root;
    for (Step step : place.path().steps()) {
      node = node.children.get(step);
      if (node == null) {
        return 0;
      }
    }
    return place.key() == null
        ? node.forAnyValue.size()
        : node.forValue.getOrDefault(place.key(), Set.of()).size();
  }

  /** All watches that match {@code before} or {@code now}, and perhaps some more. */
  Collection<Watch> candidates(String id, @Nullable JsonNode before, @Nullable JsonNode now) {
    Set<Watch> found = new HashSet<>(everywhere);
    Node ofId = root.children.get(ID);
    if (ofId != null) {
      look(ofId, TextNode.valueOf(id), found);
    }
    if (before != null) {
      walk(root, before, found);
    }
    if (now != null) {
      walk(root, now, found);
    }
    return found;
  }

  private static void walk(@Nullable Node node, JsonNode value, Set<Watch> found) {
    if (node == null) {
      return;
    }
    look(node, value, found);
    if (node.children.isEmpty() || !value.isContainerNode()) {
      return;
    }
    Node any = node.children.get(new Step.Any());
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      walk(node.children.get(new Step.Member(member.getKey())), member.getValue(), found);
      walk(any, member.getValue(), found);
    }
    Node anyElement = node.children.get(new Step.AnyElement());
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      JsonNode element = value.get(i);
      walk(node.children.get(new Step.Member(Integer.toString(i))), element, found);
      walk(anyElement, element, found);
      walk(any, element, found);
    }
  }

  private static void look(Node node, JsonNode value, Set<Watch> found) {
    found.addAll(node.forAnyValue);
    if (node.forValue.isEmpty()) {
      return;
    }
    found.addAll(node.forValue.getOrDefault(key(value), Set.of()));
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      found.addAll(node.forValue.getOrDefault(key(value.get(i)), Set.of()));
    }
  }
}
