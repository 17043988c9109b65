package dev.stave.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.stave.Vectors;
import dev.stave.json.InvalidJsonException;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThreeWayMergeTest {

  static Stream<JsonNode> vectors() {
    return Vectors.read("merge.json");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void merge_vector_isAsExpected(JsonNode vector) {
    String before = vector.toString();
    MergePolicy policy =
        vector.has("policy")
            ? MergePolicy.of(JsonObject.parse(vector.get("policy").toString()))
            : MergePolicy.NONE;
    List<Side> sides = new ArrayList<>();
    for (JsonNode side : vector.get("sides")) {
      Long time = side.has("time") ? side.get("time").longValue() : null;
      sides.add(new Side(side.path("value"), time, null));
    }

    MergeResult result = ThreeWayMerge.merge(vector.path("base"), sides, policy);

    String name = vector.get("name").textValue();
    isSame(name, result.value(), vector.path("expected"));
    ArrayNode clashes = JsonNodeFactory.instance.arrayNode();
    result.clashes().forEach(clash -> clashes.add(clash.toJson()));
    isSame(name, clashes, vector.get("clashes"));
    assertThat(vector).hasToString(before);
  }

  private static void isSame(String name, JsonNode actual, JsonNode expected) {
    assertThat(actual.isMissingNode()).as(name).isEqualTo(expected.isMissingNode());
    if (!actual.isMissingNode()) {
      assertThatObject(actual).as(name).usingComparator(JsonOrder.INSTANCE).isEqualTo(expected);
    }
  }

  private static JsonNode json(String text) {
    return JsonObject.parseValue(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static MergeResult called(MergeFunction function, String... sides) {
    MergePolicy policy = MergePolicy.NONE.with("a", new Strategy.Function("f"));
    List<Side> all = new ArrayList<>();
    for (String side : sides) {
      all.add(new Side(json(side), 7L, "alice"));
    }
    return ThreeWayMerge.merge(json("{'a': 1}"), all, policy, Map.of("f", function));
  }

  @Test
  void merge_function_isGivenThePlaceTheBaseAndTheSidesThatChanged() {
    MergeFunction function =
        (path, base, sides) -> {
          assertThat(path).hasToString("/a");
          assertThat(base).hasToString("1");
          assertThat(sides)
              .containsExactly(
                  new Side(IntNode.valueOf(2), 7L, "alice"),
                  new Side(MissingNode.getInstance(), 7L, "alice"));
          return Optional.of(json("[5]"));
        };

    MergeResult result = called(function, "{'a': 2}", "{'a': 1.0}", "{}");

    assertThat(result.value()).hasToString("{\"a\":[5]}");
    assertThat(result.isClean()).isTrue();
  }

  @Test
  void merge_functionThatDeletesOrDeclines_deletesOrAsks() {
    MergeResult deleted =
        called((path, base, sides) -> Optional.of(MissingNode.getInstance()), "{'a':2}", "{'a':3}");
    MergeResult declined = called((path, base, sides) -> Optional.empty(), "{'a':2}", "{'a':3}");

    assertThat(deleted.value()).hasToString("{}");
    assertThat(deleted.isClean()).isTrue();
    assertThat(declined.value()).hasToString("{\"a\":2}");
    assertThat(declined.clashes()).extracting(Clash::why).containsExactly(Clash.Why.UNDECIDED);
  }

  @Test
  void merge_functionThatThrowsOrReturnsNoJson_throws() {
    MergeFunction failing =
        (path, base, sides) -> {
          throw new IllegalStateException("of the user");
        };

    assertThatThrownBy(() -> called(failing, "{'a':2}", "{'a':3}")).hasMessage("of the user");
    assertThatThrownBy(
            () ->
                called(
                    (path, base, sides) ->
                        Optional.of(JsonNodeFactory.instance.numberNode(Double.NaN)),
                    "{'a':2}",
                    "{'a':3}"))
        .isInstanceOf(InvalidJsonException.class);
  }

  @Test
  void merge_noSide_isRefused() {
    assertThatThrownBy(() -> ThreeWayMerge.merge(json("{}"), List.of(), MergePolicy.NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void body_ofDocumentOrDeletionOrNeither_isThatOrEmptyOrRefused() {
    JsonNode base = json("{'a': 1}");

    assertThat(ThreeWayMerge.merge(base, List.of(Side.deleted()), MergePolicy.NONE).body())
        .isEmpty();
    assertThat(
            ThreeWayMerge.merge(
                    base, List.of(Side.of(JsonObject.parse("{\"a\":2}"))), MergePolicy.NONE)
                .body())
        .contains(JsonObject.parse("{\"a\":2}"));
    assertThatThrownBy(
            () ->
                ThreeWayMerge.merge(
                        base, List.of(new Side(json("[]"), null, null)), MergePolicy.NONE)
                    .body())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void merge_manySidesThatAddAnElementAndAMemberEach_holdsThemAll() {
    List<Side> sides = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      String side = String.format("{'l':['a',%d],'k':[{'id':%d}],'m%d':1}", i, i, i);
      sides.add(new Side(json(side), null, null));
    }

    MergeResult result = ThreeWayMerge.merge(json("{'l':['a'],'k':[]}"), sides, MergePolicy.NONE);

    assertThat(result.isClean()).isTrue();
    assertThat(result.value().get("l").size()).isEqualTo(2_001);
    assertThat(result.value().get("k").size()).isEqualTo(2_000);
    assertThat(result.value().size()).isEqualTo(2_002);
  }

  /** {@code count} zeros, then one more element: every zero is a pair with every zero. */
  private static ArrayNode zeros(int first, int count, int last) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode().add(first);
    for (int i = 0; i < count; i++) {
      array.add(0);
    }
    return array.add(last);
  }

  /** One side changes both ends, so that nothing is trimmed; the other inserts in the middle. */
  private static MergeResult mergedZeros(int count) {
    return ThreeWayMerge.merge(
        zeros(1, count, 2),
        List.of(
            new Side(zeros(5, count, 6), null, null),
            new Side(zeros(1, count, 2).insert(500, 7), null, null)),
        MergePolicy.NONE);
  }

  @Test
  void merge_listsOfAsManyEqualPairsAsAreCompared_mergeByElement() {
    MergeResult result = mergedZeros(1_000);

    assertThat(result.isClean()).isTrue();
    assertThat(result.value().size()).isEqualTo(1_003);
    assertThat(result.value().get(0).intValue()).isEqualTo(5);
    assertThat(result.value()).contains(IntNode.valueOf(7));
    assertThat(result.value().get(1_002).intValue()).isEqualTo(6);
  }

  @Test
  void merge_listsOfMoreEqualPairsThanAreCompared_clashAsAWhole() {
    MergeResult result = mergedZeros(1_001);

    assertThat(result.clashes()).extracting(Clash::why).containsExactly(Clash.Why.CHANGED);
    assertThat(result.clashes().get(0).path()).hasToString("");
    assertThatObject(result.value()).isEqualTo(zeros(5, 1_001, 6));
  }
}
