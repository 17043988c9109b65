package dev.stave.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonPath.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
