package dev.stave.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.InvalidJsonException;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPath;
import dev.stave.json.JsonPath.Step;
import dev.stave.json.JsonValues;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;

/** One law or two for each strategy, and for the rules that name them. */
class StrategyLaws {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static MergeResult merged(Strategy strategy, JsonNode base, List<JsonNode> values) {
    List<Side> sides = new ArrayList<>();
    values.forEach(value -> sides.add(new Side(inA(value), null, null)));
    return ThreeWayMerge.merge(inA(base), sides, MergePolicy.NONE.with("a", strategy));
  }

  private static ObjectNode inA(JsonNode value) {
    ObjectNode object = NODES.objectNode();
    return value.isMissingNode() ? object : object.set("a", value);
  }

  private static JsonNode clean(Strategy strategy, JsonNode base, List<JsonNode> values) {
    MergeResult result = merged(strategy, base, values);
    assertThat(result.clashes()).isEmpty();
    return result.value().path("a");
  }

  @Property
  void counter_anyNumbers_isTheBaseAndAllDifferences(
      @ForAll @Scale(3) @BigRange(min = "-1000000000", max = "1000000000") BigDecimal base,
      @ForAll @Size(min = 2, max = 5)
          List<@Scale(4) @BigRange(min = "-100", max = "100") BigDecimal> deltas,
      @ForAll long seed) {
    List<JsonNode> values =
        deltas.stream().map(base::add).map(NODES::numberNode).collect(Collectors.toList());
    BigDecimal expected = deltas.stream().reduce(base, BigDecimal::add);

    JsonNode counted = clean(Strategy.Plain.COUNTER, NODES.numberNode(base), values);
    Collections.shuffle(values, new Random(seed));
    JsonNode shuffled = clean(Strategy.Plain.COUNTER, NODES.numberNode(base), values);

    assertThat(counted.decimalValue()).isEqualByComparingTo(expected);
    assertThat(shuffled.toString()).isEqualTo(counted.toString());
  }

  @Property
  void counter_anyValues_isANumberOrAClash(
      @ForAll("values") JsonNode base,
      @ForAll("numbers") JsonNode left,
      @ForAll("numbers") JsonNode right) {
    MergeResult result = merged(Strategy.Plain.COUNTER, base, List.of(left, right));

    assertThat(result.isClean() ? 0 : 1).isEqualTo(result.clashes().size());
    assertThat(JsonObject.of((ObjectNode) result.value())).isNotNull();
  }

  @Property
  void maxAndMin_anyNumbers_areThoseOfTheSidesThatChanged(
      @ForAll int base, @ForAll @Size(min = 2, max = 5) List<Integer> numbers) {
    List<JsonNode> values = numbers.stream().map(NODES::numberNode).collect(Collectors.toList());
    List<Integer> changed = new ArrayList<>(numbers);
    changed.removeIf(number -> number == base);
    int greatest = changed.isEmpty() ? base : Collections.max(changed);
    int least = changed.isEmpty() ? base : Collections.min(changed);

    JsonNode start = NODES.numberNode(base);
    assertThat(clean(Strategy.Plain.MAX, start, values).intValue()).isEqualTo(greatest);
    assertThat(clean(Strategy.Plain.MIN, start, values).intValue()).isEqualTo(least);
  }

  private static ArrayNode array(Iterable<Integer> numbers) {
    ArrayNode array = NODES.arrayNode();
    numbers.forEach(array::add);
    return array;
  }

  @Property
  void setUnion_anySets_isCommutativeAndAssociative(
      @ForAll("sets") List<Integer> one,
      @ForAll("sets") List<Integer> two,
      @ForAll("sets") List<Integer> three) {
    JsonNode none = MissingNode.getInstance();
    JsonNode a = array(one);
    JsonNode b = array(two);
    JsonNode c = array(three);
    Strategy union = Strategy.Plain.SET_UNION;
    TreeSet<Integer> expected = new TreeSet<>(one);
    expected.addAll(two);
    expected.addAll(three);

    JsonNode left = clean(union, none, List.of(clean(union, none, List.of(a, b)), c));
    JsonNode right = clean(union, none, List.of(a, clean(union, none, List.of(c, b))));

    assertThat(members(left)).isEqualTo(expected);
    assertThat(members(right)).isEqualTo(expected);
    assertThat(members(clean(union, none, List.of(c, a, b)))).isEqualTo(expected);
  }

  private static TreeSet<Integer> members(JsonNode array) {
    TreeSet<Integer> members = new TreeSet<>();
    array.forEach(element -> members.add(element.intValue()));
    return members;
  }

  @Property
  void setUnion_fromABase_takesWhatWasRemovedAndAddsWhatWasAdded(
      @ForAll("sets") List<Integer> base,
      @ForAll("sets") List<Integer> left,
      @ForAll("sets") List<Integer> right) {
    TreeSet<Integer> expected = new TreeSet<>();
    for (int i = 0; i < 10; i++) {
      boolean both = left.contains(i) && right.contains(i);
      if (base.contains(i) ? both : left.contains(i) || right.contains(i)) {
        expected.add(i);
      }
    }

    JsonNode union =
        clean(Strategy.Plain.SET_UNION, array(base), List.of(array(left), array(right)));

    assertThat(members(union)).isEqualTo(expected);
  }

  @Provide
  Arbitrary<List<Integer>> sets() {
    return Arbitraries.integers().between(0, 9).set().ofMaxSize(6).map(ArrayList::new);
  }

  @Property
  void keepBoth_anyValues_isCommutativeAndKeepsNoMoreTheSecondTime(
      @ForAll("values") JsonNode left, @ForAll("values") JsonNode right) {
    JsonNode none = MissingNode.getInstance();
    Strategy keep = Strategy.Plain.KEEP_BOTH;

    JsonNode kept = clean(keep, none, List.of(left, right));

    assertThat(SameValue.same(clean(keep, none, List.of(right, left)), kept)).isTrue();
    if (kept.isArray() && !left.isArray() && !right.isArray()) {
      assertThat(SameValue.same(clean(keep, none, List.of(kept, left)), kept)).isTrue();
    }
  }

  @Property
  void text_differentLinesChanged_bothSurvive(
      @ForAll @Size(max = 30) List<@IntRange(min = 0, max = 2) Integer> who, @ForAll boolean end) {
    List<List<String>> texts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < who.size(); i++) {
      String line = "line " + i;
      for (int t = 0; t < 3; t++) {
        texts.get(t).add(t > 0 && who.get(i) == t ? "changed by " + t : line);
      }
      expected.add(who.get(i) == 0 ? line : "changed by " + who.get(i));
    }
    List<JsonNode> nodes = new ArrayList<>();
    texts.forEach(lines -> nodes.add(NODES.textNode(String.join("\n", lines) + (end ? "\n" : ""))));

    JsonNode merged = clean(Strategy.Plain.TEXT, nodes.get(0), nodes.subList(1, 3));

    assertThat(merged.textValue()).isEqualTo(String.join("\n", expected) + (end ? "\n" : ""));
  }

  @Property(tries = 3_000)
  void text_anyLines_isTheSameFromBothSidesOrAClashFromBoth(
      @ForAll("texts") String base, @ForAll("texts") String left, @ForAll("texts") String right) {
    JsonNode start = NODES.textNode(base);
    JsonNode one = NODES.textNode(left);
    JsonNode two = NODES.textNode(right);

    MergeResult result = merged(Strategy.Plain.TEXT, start, List.of(one, two));
    MergeResult other = merged(Strategy.Plain.TEXT, start, List.of(two, one));

    assertThat(other.isClean()).isEqualTo(result.isClean());
    if (result.isClean()) {
      assertThat(other.value().toString()).isEqualTo(result.value().toString());
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("a\n", "b\n", "c\n", "\n", "d")
        .list()
        .ofMaxSize(6)
        .map(lines -> String.join("", lines));
  }

  @Provide
  Arbitrary<JsonNode> values() {
    return JsonValues.values();
  }

  @Provide
  Arbitrary<JsonNode> numbers() {
    return JsonValues.numbers();
  }

  @Provide
  Arbitrary<MergePolicy> policies() {
    Arbitrary<Strategy> strategies =
        Arbitraries.oneOf(
            Arbitraries.of(Strategy.Plain.class),
            Arbitraries.of("id", "", "\u00e9", "\"").map(Strategy.ListByKey::new),
            Arbitraries.of("f", "", "{}").map(Strategy.Function::new));
    Arbitrary<MergePolicy.Rule> rules =
        Combinators.combine(paths(), strategies).as(MergePolicy.Rule::new);
    return rules
        .list()
        .uniqueElements(MergePolicy.Rule::path)
        .ofMaxSize(5)
        .map(list -> new MergePolicy(list, Strategy.Plain.LATEST));
  }

  private static Arbitrary<JsonPath> paths() {
    return Arbitraries.of("a", "b", "[]", "*", "**", "a\\.b", "a[]", "\\*", "0", "")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(steps -> JsonPath.parse(String.join(".", steps)));
  }

  @Property
  void policy_writtenAsJson_isReadBackAndWrittenAlike(@ForAll("policies") MergePolicy policy) {
    MergePolicy read = MergePolicy.of(policy.toJson());

    assertThat(read).isEqualTo(policy);
    assertThat(read.toJson().toString()).isEqualTo(policy.toJson().toString());
  }

  @Property(tries = 2_000)
  void policy_anyPlace_hasTheFirstRuleThatFits(
      @ForAll("policies") MergePolicy policy,
      @ForAll @Size(max = 5) List<@IntRange(min = 0, max = 4) Integer> place) {
    String[] names = {"a", "b", "a.b", "0"}; // 4 is an element
    PolicyPlace at = PolicyPlace.root(policy);
    for (int step : place) {
      at = step == 4 ? at.element() : at.member(names[step]);
    }
    List<String> steps =
        place.stream().map(i -> i == 4 ? null : names[i]).collect(Collectors.toList());

    Strategy expected =
        policy.rules().stream()
            .filter(rule -> fits(rule.path().steps(), steps))
            .map(MergePolicy.Rule::strategy)
            .findFirst()
            .orElse(null);

    assertThat(at.strategy()).isEqualTo(expected);
  }

  private static boolean fits(List<Step> pattern, List<String> place) {
    if (pattern.isEmpty()) {
      return place.isEmpty();
    }
    List<Step> rest = pattern.subList(1, pattern.size());
    if (pattern.get(0) instanceof Step.AnyDepth) {
      return IntStream.rangeClosed(0, place.size())
          .anyMatch(i -> fits(rest, place.subList(i, place.size())));
    }
    if (place.isEmpty()) {
      return false;
    }
    String name = place.get(0);
    boolean one =
        pattern.get(0) instanceof Step.Member member
            ? member.name().equals(name)
            : pattern.get(0) instanceof Step.Any || name == null;
    return one && fits(rest, place.subList(1, place.size()));
  }

  @Property(tries = 2_000)
  void policy_garbage_isReadOrRefusedWithItsPlace(@ForAll("nearlyPolicies") String text) {
    try {
      MergePolicy.of(JsonObject.parse(text));
    } catch (InvalidMergePolicyException e) {
      assertThat(e).hasMessageContaining("path=");
    } catch (InvalidJsonException e) {
      assertThat(e).hasMessageNotContaining("policy");
    }
  }

  @Provide
  Arbitrary<String> nearlyPolicies() {
    return Arbitraries.of(
            "{\"path\":\"a\",\"strategy\":\"max\"}",
            "{\"path\":\"b\",\"strategy\":\"list\",\"key\":\"k\"}",
            "{\"path\":1,\"strategy\":\"max\"}",
            "{\"path\":\"c\",\"strategy\":\"no\"}",
            "{\"path\":\"d\",\"strategy\":\"function\"}",
            "[]",
            "null",
            "{")
        .list()
        .ofMaxSize(3)
        .map(rules -> "{\"rules\":[" + String.join(",", rules) + "]}");
  }
}
