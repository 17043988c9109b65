package dev.stave.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonOrder;
import dev.stave.json.JsonPointer;
import dev.stave.json.JsonValues;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the base, the sides and the policy. */
class MergeLaws {

  private static final List<MergePolicy> POLICIES =
      List.of(
          MergePolicy.NONE,
          MergePolicy.NONE.with("keyed", new Strategy.ListByKey("a")),
          MergePolicy.NONE.with("text", Strategy.Plain.TEXT).with("list", Strategy.Plain.SET_UNION),
          MergePolicy.NONE.otherwise(Strategy.Plain.LATEST),
          MergePolicy.NONE.otherwise(Strategy.Plain.PREFER_LIVE),
          MergePolicy.NONE
              .with("number", Strategy.Plain.MAX)
              .with("keyed[].a", Strategy.Plain.MIN)
              .with("**.b", Strategy.Plain.KEEP_BOTH)
              .otherwise(Strategy.Plain.PREFER_DELETED));

  /** Anything at all, and absence. */
  @Provide
  Arbitrary<JsonNode> values() {
    return Arbitraries.oneOf(
        JsonValues.values(), JsonValues.values(), Arbitraries.of(MissingNode.getInstance()));
  }

  @Provide
  Arbitrary<MergePolicy> policies() {
    return Arbitraries.of(POLICIES);
  }

  /** Documents and their edits; and now and then a deletion. */
  private static List<Side> sides(Edits edits, JsonNode base, int count) {
    List<Side> sides = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      JsonNode edited = edits.edited(base, 5);
      sides.add(new Side(edited, (long) i, null));
    }
    return sides;
  }

  private static void same(JsonNode actual, JsonNode expected) {
    assertThat(actual.isMissingNode()).isEqualTo(expected.isMissingNode());
    if (!actual.isMissingNode()) {
      assertThatObject(actual).usingComparator(JsonOrder.INSTANCE).isEqualTo(expected);
    }
  }

  private static Side side(JsonNode value) {
    return new Side(value, null, null);
  }

  @Property(tries = 3_000)
  void merge_anyValues_holdsWhatOneOrAllDidAndIsDeterministic(
      @ForAll("values") JsonNode base,
      @ForAll("values") JsonNode left,
      @ForAll("values") JsonNode right,
      @ForAll("policies") MergePolicy policy) {
    String before = base + " " + left + " " + right;

    same(ThreeWayMerge.merge(base, List.of(side(base), side(left)), policy).value(), left);
    same(ThreeWayMerge.merge(base, List.of(side(left), side(base)), policy).value(), left);
    same(ThreeWayMerge.merge(base, List.of(side(left), side(left)), policy).value(), left);
    List<Side> sides = List.of(side(left), side(right));
    MergeResult result = ThreeWayMerge.merge(base, sides, policy);
    MergeResult again = ThreeWayMerge.merge(base, sides, policy);
    assertThat(again.value().toString()).isEqualTo(result.value().toString());
    assertThat(again.clashes().toString()).isEqualTo(result.clashes().toString());
    assertThat(base + " " + left + " " + right).isEqualTo(before);
  }

  @Property(tries = 5_000)
  void merge_sidesInAnotherOrder_isTheSameIfNothingClashes(
      @ForAll long seed, @ForAll("policies") MergePolicy policy) {
    Edits edits = new Edits(seed);
    JsonNode base = edits.document();
    List<Side> sides = sides(edits, base, 2 + new Random(seed).nextInt(2));
    List<Side> others = new ArrayList<>(sides);
    Collections.shuffle(others, new Random(seed));

    MergeResult result = ThreeWayMerge.merge(base, sides, policy);
    MergeResult other = ThreeWayMerge.merge(base, others, policy);

    assertThat(other.clashes()).hasSameSizeAs(result.clashes());
    assertThat(other.clashes().stream().map(Clash::why))
        .containsExactlyInAnyOrderElementsOf(
            result.clashes().stream().map(Clash::why).collect(Collectors.toList()));
    if (result.isClean()) {
      same(other.value(), result.value());
    }
  }

  @Property(tries = 3_000)
  void merge_anUnchangedSideMore_changesNothing(
      @ForAll long seed, @ForAll("policies") MergePolicy policy) {
    Edits edits = new Edits(seed);
    JsonNode base = edits.document();
    List<Side> sides = sides(edits, base, 2);
    List<Side> more = new ArrayList<>(sides);
    more.add(new Random(seed).nextInt(3), new Side(base.deepCopy(), 99L, null));

    MergeResult result = ThreeWayMerge.merge(base, sides, policy);
    MergeResult other = ThreeWayMerge.merge(base, more, policy);

    same(other.value(), result.value());
    assertThat(other.clashes()).extracting(Clash::path).isEqualTo(paths(result));
  }

  @Property(tries = 3_000)
  void merge_aSideTwice_isAsOnce(@ForAll long seed, @ForAll("policies") MergePolicy policy) {
    Edits edits = new Edits(seed);
    JsonNode base = edits.document();
    List<Side> sides = sides(edits, base, 2);
    List<Side> more = new ArrayList<>(sides);
    more.add(sides.get(0));

    MergeResult result = ThreeWayMerge.merge(base, sides, policy);
    MergeResult other = ThreeWayMerge.merge(base, more, policy);

    same(other.value(), result.value());
    assertThat(other.clashes()).extracting(Clash::path).isEqualTo(paths(result));
  }

  private static List<JsonPointer> paths(MergeResult result) {
    List<JsonPointer> paths = new ArrayList<>();
    result.clashes().forEach(clash -> paths.add(clash.path()));
    return paths;
  }

  /** Each leaf that one side alone changed, as the other left everything around it. */
  @Property(tries = 2_000)
  void merge_differentMembersAndElementsChanged_bothSurvive(@ForAll long seed) {
    Random random = new Random(seed);
    ObjectNode base = new Edits(seed).document();
    ObjectNode left = base.deepCopy();
    ObjectNode right = base.deepCopy();
    ObjectNode expected = base.deepCopy();
    for (String list : List.of("list", "rows", "keyed")) {
      for (int i = 0; i < base.get(list).size(); i++) {
        int who = random.nextInt(3);
        JsonNode edited = base.get(list).get(i).deepCopy();
        if (edited instanceof ObjectNode object) {
          object.put("b", 100 + i);
        } else {
          edited = base.numberNode(100 + i);
        }
        ((ArrayNode) expected.get(list)).set(i, who == 2 ? base.get(list).get(i) : edited);
        ObjectNode side = who == 0 ? left : right;
        ((ArrayNode) side.get(list)).set(i, who == 2 ? base.get(list).get(i) : edited);
      }
    }
    left.put("number", 50);
    right.put("text", "other").put("new", 1);
    expected.put("number", 50).put("text", "other").put("new", 1);

    MergeResult result =
        ThreeWayMerge.merge(base, List.of(side(left), side(right)), MergePolicy.NONE);

    assertThat(result.clashes()).isEmpty();
    same(result.value(), expected);
  }

  @Property(tries = 3_000)
  void merge_clashes_standAtTheirPlacesAndAreAboutWhatIsThere(
      @ForAll long seed, @ForAll("policies") MergePolicy policy) {
    Edits edits = new Edits(seed);
    JsonNode base = edits.document();

    MergeResult result = ThreeWayMerge.merge(base, sides(edits, base, 3), policy);

    assertThat(paths(result)).doesNotHaveDuplicates();
    for (Clash clash : result.clashes()) {
      JsonNode there = clash.path().find(result.value());
      assertThat(there).as("%s in %s", clash.path(), result.value()).isNotNull();
      boolean isOfASide = clash.sides().stream().anyMatch(v -> SameValue.same(there, v));
      assertThat(isOfASide || clash.key() != null).as("%s", clash).isTrue();
    }
  }

  @Property(tries = 3_000)
  void resolve_everyClashAtRandom_putsTheChoiceThere(@ForAll long seed) {
    Random random = new Random(seed);
    Edits edits = new Edits(seed);
    JsonNode base = edits.document();
    MergeResult result = ThreeWayMerge.merge(base, sides(edits, base, 2), MergePolicy.NONE);
    String before = result.value().toString();
    Map<JsonPointer, Resolution> provisional = new HashMap<>();
    Map<JsonPointer, Resolution> choices = new HashMap<>();
    for (Clash clash : result.clashes()) {
      int first = clash.sides().get(0).isMissingNode() ? 1 : 0;
      provisional.put(clash.path(), new Resolution.Take(first));
      choices.put(
          clash.path(),
          random.nextBoolean()
              ? new Resolution.Take(random.nextInt(2))
              : new Resolution.TakeBase());
    }

    if (result.clashes().stream().allMatch(clash -> clash.key() == null)) {
      same(result.resolve(provisional), result.value()); // a list's mover is not always the first
    }
    result.resolve(choices);
    assertThat(result.value().toString()).isEqualTo(before);
  }

  @Property(tries = 3_000)
  void patch_ofADiff_makesTheSideOfTheBase(
      @ForAll long seed, @ForAll("policies") MergePolicy policy) {
    Edits edits = new Edits(seed);
    ObjectNode base = edits.document();
    ObjectNode side = (ObjectNode) edits.edited(base, 8);
    JsonObject before = JsonObject.of(base);
    FieldDiff diff = FieldDiff.between(base, side, policy);

    assertThat(diff.patch().orElseThrow().apply(before)).isEqualTo(JsonObject.of(side));
    assertThat(diff.changes().isEmpty()).isEqualTo(SameValue.same(base, side));
    for (FieldDiff.Change change : diff.changes()) {
      if (!change.after().isMissingNode()) {
        same(change.path().find(side), change.after());
      }
      if (change.kind() == FieldDiff.Kind.REMOVED) {
        same(change.path().find(base), change.before());
      }
      if (change.from() != null) {
        same(change.from().find(base), change.before());
      }
    }
  }

  @Property(tries = 2_000)
  void patch_ofADiffOfAnyObjects_makesTheSideOfTheBase(
      @ForAll("values") JsonNode left, @ForAll("values") JsonNode right) {
    ObjectNode base = JsonNodeFactory.instance.objectNode();
    ObjectNode side = base.deepCopy();
    if (!left.isMissingNode()) {
      base.set("v", left);
    }
    if (!right.isMissingNode()) {
      side.set("v", right);
    }
    JsonObject before = JsonObject.of(base);

    assertThat(FieldDiff.between(base, side).patch().orElseThrow().apply(before))
        .isEqualTo(JsonObject.of(side));
  }
}
