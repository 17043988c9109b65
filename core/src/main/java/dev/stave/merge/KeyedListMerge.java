package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Merges a list whose elements are known by a key: the elements as an object's members, and their
 * order apart from that.
 *
 * <p>What no side moved keeps the base's order. What a side moved or inserted goes behind the
 * element that it stands behind on that side, of those that nobody moved.
 */
final class KeyedListMerge {

  private final ThreeWayMerge merge;
  private final List<Map<SameValue, JsonNode>> lists = new ArrayList<>(); // the sides', in order
  private final Map<SameValue, JsonNode> base;
  private final List<Integer> changed = new ArrayList<>();
  private final Map<Integer, Set<SameValue>> moved = new LinkedHashMap<>(); // by side

  KeyedListMerge(ThreeWayMerge merge, String key, JsonNode base, JsonNode[] values) {
    this.merge = merge;
    this.base = byKey(base, key);
    for (int s = 0; s < values.length; s++) {
      boolean same = SameValue.same(base, values[s]);
      lists.add(same ? this.base : byKey(values[s], key));
      if (!same) {
        changed.add(s);
        moved.put(s, moved(this.base.keySet(), lists.get(s).keySet()));
      }
    }
  }

  static Map<SameValue, JsonNode> byKey(JsonNode list, String key) {
    Map<SameValue, JsonNode> byKey = new LinkedHashMap<>();
    list.forEach(element -> byKey.put(new SameValue(element.get(key)), element));
    return byKey;
  }

  /** The least that must move to bring the keys of both from one order into the other. */
  static Set<SameValue> moved(Set<SameValue> before, Set<SameValue> after) {
    List<SameValue> from = new ArrayList<>(before);
    from.retainAll(after);
    List<SameValue> to = new ArrayList<>(after);
    to.retainAll(before);
    List<SequenceDiff.Hunk> hunks = SequenceDiff.hunks(from, to);
    Set<SameValue> moved = new HashSet<>();
    if (hunks == null) { // of more than a million elements none is told from another
      moved.addAll(from);
      return moved;
    }
    hunks.forEach(hunk -> moved.addAll(from.subList(hunk.from(), hunk.to())));
    return moved;
  }

  /** All keys in their merged order, or null if sides have put one into different places. */
  @Nullable List<SameValue> order() {
    Set<SameValue> unmoved = new LinkedHashSet<>(base.keySet());
    moved.values().forEach(unmoved::removeAll);
    Map<SameValue, List<List<SameValue>>> behind = new HashMap<>();
    List<List<SameValue>> atStart = new ArrayList<>();
    for (int s : changed) {
      List<SameValue> run = new ArrayList<>();
      atStart.add(run);
      for (SameValue key : lists.get(s).keySet()) {
        if (unmoved.contains(key)) {
          run = new ArrayList<>();
          behind.computeIfAbsent(key, k -> new ArrayList<>()).add(run);
        } else if (!base.containsKey(key) || movedBy(s).contains(key)) {
          run.add(key);
        }
      }
    }
    List<SameValue> order = new ArrayList<>(Runs.join(atStart));
    for (SameValue key : unmoved) {
      order.add(key);
      order.addAll(Runs.join(behind.getOrDefault(key, List.of())));
    }
    return new HashSet<>(order).size() == order.size() ? order : null;
  }

  private Set<SameValue> movedBy(int side) {
    return moved.getOrDefault(side, Set.of());
  }

  /** The sides that moved something; if none did, those that changed something. */
  List<Integer> movers() {
    List<Integer> movers = new ArrayList<>(changed);
    movers.removeIf(s -> movedBy(s).isEmpty());
    return movers.isEmpty() ? changed : movers;
  }

  /** All keys in the order of one side; the others' keys each behind the one it follows there. */
  List<SameValue> orderOf(int side) {
    List<List<SameValue>> others = new ArrayList<>();
    lists.forEach(list -> others.add(new ArrayList<>(list.keySet())));
    others.sort(Runs.ORDER); // whose they are decides nothing
    return orderOf(lists.get(side).keySet(), others);
  }

  static List<SameValue> orderOf(Collection<SameValue> first, List<List<SameValue>> others) {
    SameValue start = new SameValue(MissingNode.getInstance());
    Map<SameValue, SameValue> next = new HashMap<>();
    SameValue last = start;
    for (SameValue key : first) {
      next.put(last, key);
      last = key;
    }
    Set<SameValue> known = new HashSet<>(first);
    for (List<SameValue> other : others) {
      SameValue before = start;
      for (SameValue key : other) {
        if (known.add(key)) {
          SameValue after = next.get(before);
          next.put(before, key);
          if (after != null) {
            next.put(key, after);
          }
        }
        before = key;
      }
    }
    List<SameValue> order = new ArrayList<>(known.size());
    for (SameValue key = next.get(start); key != null; key = next.get(key)) {
      order.add(key);
    }
    return order;
  }

  /** The merged elements in that order. */
  ArrayNode merged(List<SameValue> order, PolicyPlace place, Trail at) {
    ArrayNode result = JsonNodeFactory.instance.arrayNode();
    for (SameValue key : order) {
      JsonNode before = base.getOrDefault(key, MissingNode.getInstance());
      JsonNode[] values = new JsonNode[lists.size()];
      boolean changedHere = false;
      for (int s = 0; s < values.length; s++) {
        values[s] = lists.get(s).getOrDefault(key, MissingNode.getInstance());
        changedHere |= !SameValue.same(before, values[s]);
      }
      JsonNode value =
          changedHere
              ? merge.value(before, values, place.element(), at.below(result.size()), true)
              : before;
      if (!value.isMissingNode()) {
        result.add(value);
      }
    }
    return result;
  }
}
