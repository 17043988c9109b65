package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonOrder;
import dev.stave.json.JsonPointer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Merges what two or more sides made of a base, into one value, the same on every peer.
 *
 * <p>What one side changed, or all alike, is taken. Where several changed a value differently,
 * objects merge by key and lists by element; a value that is neither is a {@link Clash}, unless the
 * {@link MergePolicy} has a strategy for its place. All sides are compared with the base at once,
 * so that their order, which is the winner order, decides nothing but what stands at a clash
 * provisionally, and where a policy says {@code winner}. The rules in full: {@code
 * spec/format/merge.md}.
 *
 * <p>Pure: nothing depends on a clock, a locale or an order of arrival, and the arguments stay as
 * they are. The result shares parts with them.
 */
public final class ThreeWayMerge {

  /** There is no common ancestor, or it was deleted: then everything was added. */
  public static final JsonNode NO_BASE = MissingNode.getInstance();

  private final MergePolicy policy;
  private final Map<String, MergeFunction> functions;
  private final List<Side> sides;
  private final List<Clash> clashes = new ArrayList<>();

  private ThreeWayMerge(
      MergePolicy policy, Map<String, MergeFunction> functions, List<Side> sides) {
    this.policy = policy;
    this.functions = functions;
    this.sides = sides;
  }

  /** As {@link #merge(JsonNode, List, MergePolicy, Map)}, without functions. */
  public static MergeResult merge(JsonNode base, List<Side> sides, MergePolicy policy) {
    return merge(base, sides, policy, Map.of());
  }

  /**
   * Merges any JSON values, documents or not.
   *
   * @param base a {@code MissingNode}, {@link #NO_BASE}, if there is none
   * @param sides in winner order, at least one
   * @param functions those that the policy may name
   * @throws IllegalArgumentException if there is no side
   * @throws dev.stave.json.InvalidJsonException if a function returns what may not be in a document
   */
  public static MergeResult merge(
      JsonNode base, List<Side> sides, MergePolicy policy, Map<String, MergeFunction> functions) {
    if (sides.isEmpty()) {
      throw new IllegalArgumentException("a merge has at least one side");
    }
    ThreeWayMerge merge = new ThreeWayMerge(policy, functions, sides);
    JsonNode[] values = sides.stream().map(Side::value).toArray(JsonNode[]::new);
    JsonNode merged = merge.value(base, values, PolicyPlace.root(policy), Trail.ROOT, true);
    return new MergeResult(merged, merge.clashes);
  }

  /**
   * The merged value of one place; missing if there is to be none. Without {@code follow} the
   * values have so little in common that they are not merged by structure.
   */
  JsonNode value(JsonNode base, JsonNode[] values, PolicyPlace place, Trail at, boolean follow) {
    List<Integer> changed = new ArrayList<>(values.length);
    for (int s = 0; s < values.length; s++) {
      if (!SameValue.same(base, values[s])) {
        changed.add(s);
      }
    }
    if (changed.isEmpty()) {
      return base;
    }
    Contest contest = new Contest(base, values, changed, place, at);
    Strategy rule = place.strategy();
    boolean byStructure = isByStructure(rule);
    if (contest.agreed() && !contest.mayCount(byStructure)) {
      return contest.first();
    }
    return byStructure ? structure(contest, rule, follow) : decided(contest, rule);
  }

  /** A place that sides changed, and which of them did. */
  private record Contest(
      JsonNode base, JsonNode[] values, List<Integer> changed, PolicyPlace place, Trail at) {

    JsonNode first() {
      return values[changed.get(0)];
    }

    /** The first change that is not deletion: where all deleted they agree. */
    JsonNode live() {
      JsonNode live = first();
      for (int i = 1; live.isMissingNode() && i < changed.size(); i++) {
        live = values[changed.get(i)];
      }
      return live;
    }

    List<JsonNode> changes() {
      List<JsonNode> changes = new ArrayList<>(changed.size());
      changed.forEach(s -> changes.add(values[s]));
      return changes;
    }

    boolean agreed() {
      return changes().stream().allMatch(value -> SameValue.same(first(), value));
    }

    /** Counters add up what the sides did, even where they did the same. */
    boolean mayCount(boolean byStructure) {
      return changed.size() > 1
          && place.mayCount()
          && (byStructure
              ? first().isContainerNode()
              : place.strategy() == Strategy.Plain.COUNTER && first().isNumber());
    }

    boolean someDeleted() {
      return changes().stream().anyMatch(JsonNode::isMissingNode);
    }

    boolean allObjects() {
      return (base.isObject() || base.isMissingNode())
          && changes().stream().allMatch(JsonNode::isObject);
    }

    boolean allArrays() {
      return (base.isArray() || base.isMissingNode())
          && changes().stream().allMatch(JsonNode::isArray);
    }

    Clash.Why why() {
      if (someDeleted()) {
        return Clash.Why.DELETED;
      }
      if (base.isMissingNode()) {
        return Clash.Why.ADDED;
      }
      String type = JsonOrder.typeName(base);
      return changes().stream().allMatch(value -> JsonOrder.typeName(value).equals(type))
          ? Clash.Why.CHANGED
          : Clash.Why.TYPE;
    }

    /** With what was deleted as it was in the base. */
    JsonNode[] undeleted() {
      JsonNode[] live = values.clone();
      changed.forEach(s -> live[s] = live[s].isMissingNode() ? base : live[s]);
      return live;
    }
  }

  private static boolean isByStructure(@Nullable Strategy rule) {
    return rule == null
        || rule == Strategy.Plain.MERGE
        || rule == Strategy.Plain.PREFER_LIVE
        || rule == Strategy.Plain.PREFER_DELETED
        || rule instanceof Strategy.ListByKey;
  }

  private JsonNode structure(Contest contest, @Nullable Strategy rule, boolean follow) {
    if (contest.someDeleted()) {
      boolean ruled = rule == Strategy.Plain.PREFER_LIVE || rule == Strategy.Plain.PREFER_DELETED;
      Strategy deletions = ruled ? rule : policy.otherwise();
      if (deletions == Strategy.Plain.PREFER_DELETED) {
        return MissingNode.getInstance();
      }
      if (deletions == Strategy.Plain.PREFER_LIVE) {
        return value(contest.base, contest.undeleted(), contest.place, contest.at, follow);
      }
    } else if (follow && contest.allObjects()) {
      return object(contest);
    } else if (follow && contest.allArrays()) {
      return array(contest, rule);
    }
    return clash(contest, contest.why());
  }

  private ObjectNode object(Contest contest) {
    JsonNode base = contest.base;
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : base.properties()) {
      member(contest, member.getKey(), member.getValue(), result);
    }
    Set<String> added = new LinkedHashSet<>();
    for (int s : contest.changed) {
      for (Map.Entry<String, JsonNode> member : contest.values[s].properties()) {
        if (!base.has(member.getKey())) {
          added.add(member.getKey());
        }
      }
    }
    added.forEach(name -> member(contest, name, MissingNode.getInstance(), result));
    return result;
  }

  private void member(Contest contest, String name, JsonNode before, ObjectNode result) {
    JsonNode[] values = new JsonNode[contest.values.length];
    boolean changed = false;
    for (int s = 0; s < values.length; s++) {
      values[s] = contest.values[s].path(name);
      changed |= !SameValue.same(before, values[s]);
    }
    JsonNode value =
        changed
            ? value(before, values, contest.place.member(name), contest.at.below(name), true)
            : before;
    if (!value.isMissingNode()) {
      result.set(name, value);
    }
  }

  private JsonNode array(Contest contest, @Nullable Strategy rule) {
    ArrayNode base =
        contest.base instanceof ArrayNode array ? array : JsonNodeFactory.instance.arrayNode();
    JsonNode[] values = contest.values.clone();
    for (int s = 0; s < values.length; s++) {
      values[s] = values[s].isMissingNode() ? base : values[s];
    }
    String key = Identity.of(rule, base, values);
    if (key == null) {
      ListMerge list = new ListMerge(this, base, values);
      Clash.Why misfit = list.misfit();
      return misfit == null
          ? list.merged(contest.place, contest.at)
          : clash(contest, contest.base.isMissingNode() ? Clash.Why.ADDED : misfit);
    }
    KeyedListMerge list = new KeyedListMerge(this, key, base, values);
    List<SameValue> order = list.order();
    if (order == null) {
      int side = settled(list.movers(), values);
      if (side < 0) {
        side = list.movers().get(0);
        clashes.add(clashOf(contest, Clash.Why.MOVED, key));
      }
      order = list.orderOf(side);
    }
    return list.merged(order, contest.place, contest.at);
  }

  /** What the rule makes of the whole value. */
  private JsonNode decided(Contest contest, @Nullable Strategy rule) {
    if (rule == Strategy.Plain.ASK) {
      return asked(contest, Clash.Why.ASKED);
    }
    JsonNode value =
        rule instanceof Strategy.Function function
            ? called(contest, functions.get(function.name()))
            : rule instanceof Strategy.Plain plain ? decided(contest, plain) : null;
    return value == null
        ? asked(contest, contest.someDeleted() ? Clash.Why.DELETED : Clash.Why.UNDECIDED)
        : value;
  }

  /** Null if it cannot be told. */
  private @Nullable JsonNode decided(Contest contest, Strategy.Plain rule) {
    List<JsonNode> changes = contest.changes();
    return switch (rule) {
      case WINNER -> contest.first();
      case LATEST -> {
        int latest = latest(contest.changed, contest.values);
        yield latest < 0 ? null : contest.values[latest];
      }
      case MAX -> Decisions.most(changes, JsonOrder.INSTANCE);
      case MIN -> Decisions.most(changes, JsonOrder.INSTANCE.reversed());
      case COUNTER -> Decisions.sum(contest.base, changes);
      case SET_UNION -> Decisions.union(contest.base, changes);
      case TEXT -> TextMerge.merge(contest.base, changes);
      case KEEP_BOTH -> Decisions.all(changes);
      default -> null; // the others go by structure
    };
  }

  private @Nullable JsonNode called(Contest contest, @Nullable MergeFunction function) {
    if (function == null) {
      return null;
    }
    List<Side> changes = new ArrayList<>();
    for (int s : contest.changed) {
      Side side = sides.get(s);
      changes.add(new Side(contest.values[s].deepCopy(), side.time(), side.author()));
    }
    JsonPointer path = contest.at.pointer();
    Optional<JsonNode> value = function.merge(path, contest.base.deepCopy(), changes);
    return value.map(v -> v.isMissingNode() ? v : JsonObject.copyOf(v)).orElse(null);
  }

  /** A clash, unless the policy has a way out of what no rule decides. */
  private JsonNode clash(Contest contest, Clash.Why why) {
    int settled = settled(contest.changed, contest.values);
    return settled >= 0 ? contest.values[settled] : asked(contest, why);
  }

  /**
   * A clash, and what stands there until it is settled: the winner's change that is not deletion.
   */
  private JsonNode asked(Contest contest, Clash.Why why) {
    clashes.add(clashOf(contest, why, null));
    return contest.live();
  }

  private Clash clashOf(Contest contest, Clash.Why why, @Nullable String key) {
    return new Clash(contest.at.pointer(), why, contest.base, List.of(contest.values), key);
  }

  /** The side that {@link MergePolicy#otherwise} takes of those that changed something, or -1. */
  private int settled(List<Integer> changed, JsonNode[] values) {
    return switch (policy.otherwise()) {
      case WINNER -> changed.get(0);
      case LATEST -> latest(changed, values);
      default -> -1;
    };
  }

  /** The latest side, or -1 if a time is not known. Of equal times the greater value is later. */
  private int latest(List<Integer> changed, JsonNode[] values) {
    int latest = -1;
    for (int s : changed) {
      Long time = sides.get(s).time();
      if (time == null) {
        return -1;
      }
      Long before = latest < 0 ? null : sides.get(latest).time();
      int order = before == null ? 1 : time.compareTo(before);
      boolean greater = order == 0 && isGreater(values[s], values[latest]);
      latest = order > 0 || greater ? s : latest;
    }
    return latest;
  }

  private static boolean isGreater(JsonNode value, JsonNode other) {
    return other.isMissingNode()
        || (!value.isMissingNode() && JsonOrder.INSTANCE.compare(value, other) > 0);
  }
}
