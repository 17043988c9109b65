package dev.stave.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonPath.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Paths, whatever the names in them, are written and read back; and where they lead. */
class JsonPathLaws {

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step> member =
        Arbitraries.of(".", "\\", "*", "**", "[", "]", "[]", "a", "7", "")
            .list()
            .ofMaxSize(4)
            .map(parts -> new Step.Member(String.join("", parts)));
    Arbitrary<Step> wildcard =
        Arbitraries.of(new Step.AnyElement(), new Step.Any(), new Step.AnyDepth());
    return Arbitraries.frequencyOf(Tuple.of(3, member), Tuple.of(1, wildcard))
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Property
  void toString_anyPath_isReadBack(@ForAll("steps") List<Step> steps) {
    JsonPath path = new JsonPath(steps);

    assertThat(JsonPath.parse(path.toString())).as(path.toString()).isEqualTo(path);
  }

  @Property
  void parse_anyText_isAPathThatIsReadBack(@ForAll String text) {
    JsonPath path = JsonPath.parse(text);

    assertThat(JsonPath.parse(path.toString())).isEqualTo(path);
  }

  @Example
  void parse_examples_areTheseSteps() {
    Step any = new Step.Any();
    Step element = new Step.AnyElement();
    Step depth = new Step.AnyDepth();
    Map<String, List<Step>> examples =
        Map.ofEntries(
            Map.entry("", List.of(member(""))),
            Map.entry("a", List.of(member("a"))),
            Map.entry("a.b.0", List.of(member("a"), member("b"), member("0"))),
            Map.entry("a..b", List.of(member("a"), member(""), member("b"))),
            Map.entry(".", List.of(member(""), member(""))),
            Map.entry("a\\.b", List.of(member("a.b"))),
            Map.entry("a\\\\.b", List.of(member("a\\"), member("b"))),
            Map.entry("a\\", List.of(member("a\\"))),
            Map.entry("tags[]", List.of(member("tags"), element)),
            Map.entry("tags.[]", List.of(member("tags"), element)),
            Map.entry("[]", List.of(element)),
            Map.entry("m[][].x", List.of(member("m"), element, element, member("x"))),
            Map.entry("a\\.b[]", List.of(member("a.b"), element)),
            Map.entry("a\\[]", List.of(member("a[]"))),
            Map.entry("\\[]", List.of(member("[]"))),
            Map.entry("*.x", List.of(any, member("x"))),
            Map.entry("\\*", List.of(member("*"))),
            Map.entry("*[]", List.of(any, element)),
            Map.entry("**.v", List.of(depth, member("v"))),
            Map.entry("\\**", List.of(member("**"))),
            Map.entry("*\\*", List.of(member("**"))),
            Map.entry("a*", List.of(member("a*"))),
            Map.entry("a[0]", List.of(member("a[0]"))));

    examples.forEach(
        (text, steps) -> assertThat(JsonPath.parse(text).steps()).as(text).isEqualTo(steps));
  }

  private static Step member(String name) {
    return new Step.Member(name);
  }

  /** The values that a path leads to, in the order they are met. */
  private static List<String> found(String path, String json) {
    JsonNode root = JsonObject.parseValue(json.replace('\'', '"').getBytes(UTF_8));
    List<String> found = new ArrayList<>();
    JsonPath.parse(path)
        .anyMatch(
            root,
            value -> {
              found.add(value.toString());
              return false;
            });
    return found;
  }

  @Example
  void anyMatch_member_isAMemberOrAPlaceInAnArray() {
    assertThat(found("a.b", "{'a':{'b':1}}")).containsExactly("1");
    assertThat(found("a.b", "{'a':[{'b':1}]}")).isEmpty();
    assertThat(found("a.1", "{'a':[5,6]}")).containsExactly("6");
    assertThat(found("a.1", "{'a':{'1':7}}")).containsExactly("7");
    assertThat(found("a.2", "{'a':[5,6]}")).isEmpty();
    assertThat(found("a.-1", "{'a':[5,6]}")).isEmpty();
    assertThat(found("a.99999999999", "{'a':[5,6]}")).isEmpty();
    assertThat(found("a.x", "{'a':[5,6]}")).isEmpty();
    assertThat(found("a", "{'a':null}")).containsExactly("null");
    assertThat(found("a.b", "{'a':1}")).isEmpty();
    assertThat(found("", "{'':3}")).containsExactly("3");
    assertThat(found("a\\.b", "{'a.b':4,'a':{'b':5}}")).containsExactly("4");
  }

  @Example
  void anyMatch_wildcards_leadToAllThatTheyMay() {
    String json = "{'a':[1,[2],{'b':3}],'c':{'b':4}}";

    assertThat(found("a[]", json)).containsExactly("1", "[2]", "{\"b\":3}");
    assertThat(found("a[][]", json)).containsExactly("2");
    assertThat(found("c[]", json)).isEmpty();
    assertThat(found("*.b", json)).containsExactly("4");
    assertThat(found("a.*.b", json)).containsExactly("3");
    assertThat(found("**.b", json)).containsExactlyInAnyOrder("3", "4");
    assertThat(found("**", "{'x':[1]}")).containsExactly("{\"x\":[1]}", "[1]", "1");
    assertThat(found("c.**", json)).containsExactly("{\"b\":4}", "4");
  }

  @Property(tries = 3_000)
  void anyMatch_anyPath_meetsWhatOneWayAfterTheOtherMeets(
      @ForAll("fewNames") List<Step> steps, @ForAll long seed) {
    JsonNode root = tree(new Random(seed), 4);
    Set<JsonNode> met = Collections.newSetFromMap(new IdentityHashMap<>());

    new JsonPath(steps).anyMatch(root, value -> !met.add(value));

    Set<JsonNode> expected = Collections.newSetFromMap(new IdentityHashMap<>());
    addReached(root, steps, expected);
    assertThat(met).as("%s in %s", steps, root).isEqualTo(expected);
  }

  @Provide
  Arbitrary<List<Step>> fewNames() {
    return Arbitraries.of(
            member("a"),
            member("0"),
            new Step.Any(),
            new Step.AnyElement(),
            new Step.AnyDepth(),
            new Step.AnyDepth())
        .list()
        .ofMaxSize(6);
  }

  private static JsonNode tree(Random random, int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return new DoubleNode(random.nextInt(9)); // each an object of its own
    }
    if (random.nextBoolean()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      for (int i = random.nextInt(3); i > 0; i--) {
        array.add(tree(random, depth - 1));
      }
      return array;
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      object.set(List.of("a", "b", "0").get(random.nextInt(3)), tree(random, depth - 1));
    }
    return object;
  }

  /** What the words on the steps say, and nothing else. */
  private static void addReached(JsonNode at, List<Step> steps, Set<JsonNode> reached) {
    if (steps.isEmpty()) {
      reached.add(at);
      return;
    }
    Step step = steps.get(0);
    List<Step> rest = steps.subList(1, steps.size());
    if (step instanceof Step.Member member) {
      JsonNode child = at.isArray() ? at.get(member.elementIndex()) : at.get(member.name());
      if (child != null) {
        addReached(child, rest, reached);
      }
      return;
    }
    if (step instanceof Step.AnyDepth) {
      addReached(at, rest, reached);
    }
    if (!(step instanceof Step.AnyElement) || at.isArray()) {
      at.forEach(child -> addReached(child, step instanceof Step.AnyDepth ? steps : rest, reached));
    }
  }

  /** Once 8.9 s: each {@code **} was tried at every depth, for each way the others were. */
  @Example
  void anyMatch_manyAnyDepths_visitsEachValueOnce() {
    String json = "{\"a\":".repeat(190) + "[" + "0,".repeat(20_000) + "0]" + "}".repeat(190);
    JsonNode root = JsonObject.parseValue(json.getBytes(UTF_8));
    JsonPath path = JsonPath.parse("**.a.".repeat(20) + "**.7777777");

    assertTimeoutPreemptively(
        Duration.ofSeconds(2), () -> assertThat(path.anyMatch(root, value -> true)).isFalse());
  }

  @Example
  void anyMatch_firstMatch_ends() {
    JsonNode root = JsonObject.parseValue("{\"a\":[1,2,3]}".getBytes(UTF_8));
    List<Integer> asked = new ArrayList<>();

    boolean found =
        JsonPath.parse("a[]")
            .anyMatch(root, value -> asked.add(value.intValue()) && value.intValue() == 2);

    assertThat(found).isTrue();
    assertThat(asked).containsExactly(1, 2);
  }

  @Example
  void isId_idAlone_isIt() {
    assertThat(JsonPath.parse("_id").isId()).isTrue();
    assertThat(JsonPath.parse("a._id").isId()).isFalse();
    assertThat(JsonPath.parse("_id").plus(new Step.Any()).isId()).isFalse();
  }
}
