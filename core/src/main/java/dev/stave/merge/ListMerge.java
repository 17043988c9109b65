package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Merges a list whose elements have no identity. */
final class ListMerge {

  private final ThreeWayMerge merge;
  private final ArrayNode base;
  private final List<@Nullable Alignment> sides = new ArrayList<>(); // null: it changed nothing
  private boolean tooLong;

  ListMerge(ThreeWayMerge merge, ArrayNode base, JsonNode[] values) {
    this.merge = merge;
    this.base = base;
    for (JsonNode value : values) {
      boolean changed = !SameValue.same(base, value);
      Alignment alignment = changed ? Alignment.of(base, (ArrayNode) value) : null;
      tooLong |= changed && alignment == null;
      sides.add(alignment);
    }
  }

  /** Why the changes do not fit together, but as one value against another; or null. */
  Clash.@Nullable Why misfit() {
    if (tooLong) {
      return Clash.Why.CHANGED;
    }
    Map<SameValue, Integer> moved = new HashMap<>();
    for (Alignment side : sides) {
      if (side != null && !movesFit(side, moved)) {
        return Clash.Why.MOVED;
      }
    }
    for (Alignment side : sides) {
      for (Alignment other : sides) {
        if (side == null || side.blocks.isEmpty()) {
          break;
        }
        if (other != null && side != other && blocked(side, other)) {
          return Clash.Why.CHANGED;
        }
      }
    }
    return null;
  }

  /** Adds the places that {@code side} moved elements to; false if one was moved elsewhere. */
  private static boolean movesFit(Alignment side, Map<SameValue, Integer> moved) {
    for (Map.Entry<SameValue, Integer> move : side.moved().entrySet()) {
      Integer before = moved.putIfAbsent(move.getKey(), move.getValue());
      if (before != null && !before.equals(move.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean blocked(Alignment side, Alignment other) {
    for (Alignment.Block block : side.blocks.values()) {
      if (!block.equals(other.blocks.get(block.from())) && other.touches(block)) {
        return true;
      }
    }
    return false;
  }

  /** The merged list, if there is no {@link #misfit}. */
  ArrayNode merged(PolicyPlace place, Trail at) {
    ArrayNode result = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i <= base.size(); i++) {
      Set<List<SameValue>> inserted = new LinkedHashSet<>();
      Set<List<SameValue>> instead = new LinkedHashSet<>();
      for (Alignment side : sides) {
        if (side != null && side.inserted.containsKey(i)) {
          inserted.add(side.inserted.get(i));
        }
        if (side != null && side.blocks.containsKey(i)) {
          instead.add(side.blocks.get(i).run());
        }
      }
      Runs.join(new ArrayList<>(inserted)).forEach(value -> result.add(value.node()));
      Runs.join(new ArrayList<>(instead)).forEach(value -> result.add(value.node()));
      if (i < base.size()) {
        element(i, place, at, result);
      }
    }
    return result;
  }

  private void element(int i, PolicyPlace place, Trail at, ArrayNode result) {
    JsonNode before = base.get(i);
    JsonNode[] values = new JsonNode[sides.size()];
    boolean alike = true;
    boolean changed = false;
    for (int s = 0; s < values.length; s++) {
      Alignment side = sides.get(s);
      values[s] = side == null ? before : side.became[i];
      changed |= values[s] != before;
      alike &=
          values[s] == before || values[s].isMissingNode() || Alignment.alike(before, values[s]);
    }
    JsonNode value =
        changed
            ? merge.value(before, values, place.element(), at.below(result.size()), alike)
            : before;
    if (!value.isMissingNode()) {
      result.add(value);
    }
  }
}
