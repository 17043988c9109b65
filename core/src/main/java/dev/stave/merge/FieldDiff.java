package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonPatch;
import dev.stave.json.JsonPointer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a side changed of a base, field by field. Elements of lists are recognised as {@link
 * ThreeWayMerge} recognises them. Immutable; values are shared with the arguments.
 */
public final class FieldDiff {

  /** What became of a value. */
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED,
    /** An element of a list that is known by a key. What else changed in it comes after this. */
    MOVED;

    /** As JSON has it. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One value.
   *
   * @param path where it is in the side; of a removed value, where it was in the base
   * @param from of a moved element, where it was in the base; else null
   * @param before a {@code MissingNode} if it was added
   * @param after a {@code MissingNode} if it was removed
   */
  public record Change(
      JsonPointer path, Kind kind, @Nullable JsonPointer from, JsonNode before, JsonNode after) {

    /** {@code {"path", "kind", "from", "before", "after"}}, without what there is none of. */
    public ObjectNode toJson() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("path", path.toString()).put("kind", kind.text());
      if (from != null) {
        json.put("from", from.toString());
      }
      if (!before.isMissingNode()) {
        json.set("before", before);
      }
      if (!after.isMissingNode()) {
        json.set("after", after);
      }
      return json;
    }
  }

  private static final JsonNode NOTHING = MissingNode.getInstance();

  private final JsonNode base;
  private final JsonNode side;
  private final List<Change> changes = new ArrayList<>();
  private final ArrayNode operations = JsonNodeFactory.instance.arrayNode();

  private FieldDiff(JsonNode base, JsonNode side, MergePolicy policy) {
    this.base = base;
    this.side = side;
    walk(base, side, PolicyPlace.root(policy), Trail.ROOT, Trail.ROOT, true);
  }

  /** As {@link #between(JsonNode, JsonNode, MergePolicy)}, of no policy. */
  public static FieldDiff between(JsonNode base, JsonNode side) {
    return between(base, side, MergePolicy.NONE);
  }

  /**
   * What {@code side} changed; either is a {@code MissingNode} where there is no document. The
   * policy tells by which keys lists are known.
   */
  public static FieldDiff between(JsonNode base, JsonNode side, MergePolicy policy) {
    return new FieldDiff(base, side, policy);
  }

  /** In the order of the document, of a list what was removed first. */
  public List<Change> changes() {
    return List.copyOf(changes);
  }

  /** An array of what {@link Change#toJson} gives. */
  public ArrayNode toJson() {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    changes.forEach(change -> json.add(change.toJson()));
    return json;
  }

  /**
   * The same as a patch that makes the side of the base; empty where one of them is no document.
   * Where there would be more operations than a patch may have, it replaces the whole.
   */
  public Optional<JsonPatch> patch() {
    if (base.isMissingNode() || side.isMissingNode()) {
      return Optional.empty();
    }
    ArrayNode patch = operations;
    if (patch.size() > JsonPatch.MAX_OPERATIONS) {
      patch = JsonNodeFactory.instance.arrayNode();
      patch.add(operation("replace", Trail.ROOT, side));
    }
    return Optional.of(JsonPatch.parse(patch.toString()));
  }

  /**
   * Operations come in an order in which they can be applied: those on a list that change places of
   * elements before those below it, so that all places are those of the side. Without {@code
   * patching} the value is in the patch as a whole already.
   */
  private void walk(
      JsonNode before, JsonNode after, PolicyPlace place, Trail was, Trail is, boolean patching) {
    if (SameValue.same(before, after)) {
      return;
    }
    if (before.isObject() && after.isObject()) {
      members(before, after, place, was, is, patching);
    } else if (before instanceof ArrayNode from
        && after instanceof ArrayNode to
        && elements(from, to, place, was, is, patching)) {
      return;
    } else if (before.isMissingNode()) {
      add(Kind.ADDED, is, NOTHING, after);
      operate("add", is, after, patching);
    } else if (after.isMissingNode()) {
      add(Kind.REMOVED, was, before, NOTHING);
      operate("remove", is, NOTHING, patching);
    } else {
      add(Kind.CHANGED, is, before, after);
      operate("replace", is, after, patching);
    }
  }

  private void members(
      JsonNode before, JsonNode after, PolicyPlace place, Trail was, Trail is, boolean patching) {
    Set<String> names = new LinkedHashSet<>();
    before.fieldNames().forEachRemaining(names::add);
    after.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      JsonNode from = before.path(name);
      JsonNode to = after.path(name);
      if (!SameValue.same(from, to)) {
        walk(from, to, place.member(name), was.below(name), is.below(name), patching);
      }
    }
  }

  /** Where each element of a list came from, or -1, and which of them were moved. */
  private record Origins(int[] of, Set<Integer> moved) {}

  /** False if the lists cannot be compared. */
  private boolean elements(
      ArrayNode before, ArrayNode after, PolicyPlace place, Trail was, Trail is, boolean patching) {
    Origins origins = origins(before, after, place);
    if (origins == null) {
      return false;
    }
    int[] origin = origins.of();
    boolean[] stays = new boolean[before.size()];
    boolean[] isThere = new boolean[before.size()];
    for (int j = 0; j < origin.length; j++) {
      if (origin[j] >= 0) {
        isThere[origin[j]] = true;
        stays[origin[j]] = !origins.moved().contains(j);
      }
    }
    for (int i = before.size() - 1; i >= 0; i--) { // from the end: places before it stay
      if (!stays[i]) {
        operate("remove", is.below(i), NOTHING, patching);
      }
    }
    for (int i = 0; i < before.size(); i++) {
      if (!isThere[i]) {
        add(Kind.REMOVED, was.below(i), before.get(i), NOTHING);
      }
    }
    for (int j = 0; j < origin.length; j++) {
      if (origin[j] < 0 || origins.moved().contains(j)) {
        operate("add", is.below(j), after.get(j), patching);
      }
    }
    for (int j = 0; j < origin.length; j++) {
      element(before, after, j, origins, place.element(), was, is, patching);
    }
    return true;
  }

  private void element(
      ArrayNode before,
      ArrayNode after,
      int j,
      Origins origins,
      PolicyPlace place,
      Trail was,
      Trail is,
      boolean patching) {
    int i = origins.of()[j];
    boolean moved = origins.moved().contains(j);
    if (i < 0) {
      add(Kind.ADDED, is.below(j), NOTHING, after.get(j));
      return;
    }
    if (moved) {
      JsonPointer from = was.below(i).pointer();
      changes.add(new Change(is.below(j).pointer(), Kind.MOVED, from, before.get(i), after.get(j)));
    }
    walk(before.get(i), after.get(j), place, was.below(i), is.below(j), patching && !moved);
  }

  private static @Nullable Origins origins(ArrayNode before, ArrayNode after, PolicyPlace place) {
    String key = Identity.of(place.strategy(), before, after);
    if (key == null) {
      Alignment alignment = Alignment.of(before, after);
      return alignment == null ? null : new Origins(alignment.origin, Set.of());
    }
    List<SameValue> from = new ArrayList<>(KeyedListMerge.byKey(before, key).keySet());
    Map<SameValue, JsonNode> to = KeyedListMerge.byKey(after, key);
    Map<SameValue, Integer> places = new HashMap<>();
    for (int i = 0; i < from.size(); i++) {
      places.put(from.get(i), i);
    }
    Set<SameValue> movedKeys = KeyedListMerge.moved(new LinkedHashSet<>(from), to.keySet());
    int[] origin = new int[after.size()];
    Set<Integer> moved = new HashSet<>();
    int j = 0;
    for (SameValue element : to.keySet()) {
      origin[j] = places.getOrDefault(element, -1);
      if (movedKeys.contains(element)) {
        moved.add(j);
      }
      j++;
    }
    return new Origins(origin, moved);
  }

  private void add(Kind kind, Trail at, JsonNode before, JsonNode after) {
    changes.add(new Change(at.pointer(), kind, null, before, after));
  }

  private void operate(String op, Trail at, JsonNode value, boolean patching) {
    if (patching && operations.size() <= JsonPatch.MAX_OPERATIONS) {
      operations.add(operation(op, at, value));
    }
  }

  private static ObjectNode operation(String op, Trail at, JsonNode value) {
    ObjectNode operation = JsonNodeFactory.instance.objectNode();
    operation.put("op", op).put("path", at.pointer().toString());
    if (!value.isMissingNode()) {
      operation.set("value", value);
    }
    return operation;
  }
}
