package dev.stave.nodes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stave.Vectors;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 9535 by its examples and a table of our own, and what bounds a query. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeQueryTest {

  Stream<Arguments> vectors() {
    List<Arguments> cases = new ArrayList<>();
    JsonNode[] document = new JsonNode[1];
    Vectors.read("jsonpath.json")
        .forEach(
            vector -> {
              document[0] = vector.has("document") ? vector.get("document") : document[0];
              cases.add(Arguments.of(vector.get("name").textValue(), vector, document[0]));
            });
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void nodes_vector_areAsExpected(String name, JsonNode vector, JsonNode document) {
    String query = vector.get("query").textValue();
    if (vector.path("invalid").asBoolean()) {
      assertThatThrownBy(() -> NodeQuery.parse(query))
          .as(query)
          .isInstanceOf(NodeQueryException.class)
          .hasMessageContaining("at=");
      return;
    }
    String before = document.toString();

    List<Node> nodes = NodeQuery.parse(query).nodes(document);

    if (vector.has("paths")) {
      List<String> paths = new ArrayList<>();
      vector.get("paths").forEach(path -> paths.add(path.textValue()));
      assertThat(nodes).as(query).extracting(Node::path).containsExactlyElementsOf(paths);
    }
    if (vector.has("values")) {
      ArrayNode values = JsonNodeFactory.instance.arrayNode();
      nodes.forEach(node -> values.add(node.sharedValue()));
      assertThatObject(values)
          .as(query)
          .usingComparator(JsonOrder.INSTANCE)
          .isEqualTo(vector.get("values"));
    }
    assertThat(document).hasToString(before);
    for (Node node : nodes) {
      assertThat(NodeQuery.parse(node.path()).nodes(document))
          .singleElement()
          .satisfies(same -> assertThat(same.sharedValue()).isSameAs(node.sharedValue()));
    }
  }

  private static JsonNode json(String text) {
    return JsonObject.parseValue(text.replace('\'', '"').getBytes(UTF_8));
  }

  @Test
  void value_ofANode_isACopy() {
    JsonObject document = JsonObject.parse("{\"a\":[1]}");

    Node node = NodeQuery.parse("$.a").nodes(document).get(0);
    ((ArrayNode) node.value()).add(2);

    assertThat(document.sharedTree()).hasToString("{\"a\":[1]}");
    assertThat(node).hasToString("$['a']: [1]");
  }

  @Test
  void parse_noQuery_saysWhere() {
    assertThatThrownBy(() -> NodeQuery.parse("$.a[?@.b = 1]"))
        .hasMessage("not a JSONPath: expected ]: at=9, before== 1]");
    assertThatThrownBy(() -> NodeQuery.parse("$.a[?@.* == 1]"))
        .hasMessageContaining("names and indexes only: at=5");
  }

  @Test
  void parse_lengthAtTheLimit_isTaken() {
    String longest = "$." + "a".repeat(NodeQuery.MAX_LENGTH - 2);

    assertThat(NodeQuery.parse(longest).nodes(json("{}"))).isEmpty();
    assertThatThrownBy(() -> NodeQuery.parse(longest + "a"))
        .isInstanceOf(NodeQueryException.class)
        .hasMessageContaining("limit=" + NodeQuery.MAX_LENGTH);
  }

  @Test
  void parse_nestingAtTheLimit_isTaken() {
    String[][] kinds = {{"(", ")"}, {"@[?", "]"}, {"!(", ")"}, {"@.a && (", ")"}};
    for (String[] kind : kinds) {
      int most = NodeQuery.MAX_NESTING - 1; // the filter around them is one
      String taken = "$[?" + kind[0].repeat(most) + "@" + kind[1].repeat(most) + "]";
      String refused = "$[?" + kind[0].repeat(most + 1) + "@" + kind[1].repeat(most + 1) + "]";

      assertThat(NodeQuery.parse(taken).nodes(json("[1]"))).isNotNull();
      assertThatThrownBy(() -> NodeQuery.parse(refused))
          .hasMessageContaining("nested deeper than " + NodeQuery.MAX_NESTING);
    }
    String functions = "length(".repeat(2_000) + "1" + ")".repeat(2_000);
    assertThatThrownBy(() -> NodeQuery.parse("$[?" + functions + "==1]"))
        .hasMessageContaining("nested deeper than " + NodeQuery.MAX_NESTING);
  }

  @Test
  void nodes_moreThanTheLimit_areRefused() {
    JsonNode thousand = json("[" + "0,".repeat(999) + "0]");
    String all = "*,".repeat(999) + "*";

    assertThat(NodeQuery.parse("$[" + all + "]").nodes(thousand)).hasSize(NodeQuery.MAX_NODES);
    assertThatThrownBy(() -> NodeQuery.parse("$[" + all + ",0]").nodes(thousand))
        .isInstanceOf(NodeQueryException.class)
        .hasMessageContaining("limit=" + NodeQuery.MAX_NODES);
  }

  /** Each of them would take minutes or all memory, and is ended by a limit, of steps or nodes. */
  @Test
  void nodes_explosions_areEnded() {
    String deep = "[".repeat(190) + "0" + "]".repeat(190);
    JsonNode chains = json("[" + (deep + ",").repeat(49) + deep + "]");
    JsonNode wide = json("[" + "[0,1,2,3,4,5,6,7,8,9],".repeat(2_000) + "0]");
    JsonNode text = json("['" + "x".repeat(1 << 20) + "']");
    List<Runnable> explosions =
        List.of(
            () -> NodeQuery.parse("$..*..*..*").nodes(chains),
            () -> NodeQuery.parse("$" + "..*".repeat(1_000)).nodes(chains),
            () -> NodeQuery.parse("$[*,*]" + "[*,*]".repeat(30)).nodes(chains),
            () -> NodeQuery.parse("$..[?@..[?@..[?@..*]]]").nodes(chains),
            () -> NodeQuery.parse("$..[?$..[?@ == $]]").nodes(wide),
            () -> NodeQuery.parse("$[" + "?$ == $,".repeat(1_999) + "0]").nodes(wide),
            () -> NodeQuery.parse("$[?count($..*) > 1, ?value($..*) == 1]").nodes(wide),
            () -> NodeQuery.parse("$[?search(@, '(x?){900}y')]").nodes(text),
            () -> NodeQuery.parse("$[" + "?length($[0])==1,".repeat(900) + "0]").nodes(wide(text)));
    for (int i = 0; i < explosions.size(); i++) {
      Runnable explosion = explosions.get(i);
      assertThatThrownBy(explosion::run, "explosion %s", i)
          .isInstanceOf(NodeQueryException.class)
          .hasMessageContaining("narrow it");
    }
  }

  /** The text, and a thousand that follow. */
  private static JsonNode wide(JsonNode text) {
    ArrayNode wide = text.deepCopy();
    for (int i = 0; i < 1_000; i++) {
      wide.add(0);
    }
    return wide;
  }

  @Test
  void nodes_ofAWholeDocument_areWithinTheLimits() {
    JsonNode large = json("{'a':[" + "{'b':[1,2,3]},".repeat(99_999) + "{'b':[4]}]}");

    assertThat(NodeQuery.parse("$..b[0]").nodes(large)).hasSize(100_000);
    assertThat(NodeQuery.parse("$.a[?@.b[0] > 3].b").nodes(large)).hasSize(1);
  }

  @Test
  void matches_patternThatIsTooLarge_isRefused() {
    JsonNode text = json("['a']");
    for (String pattern :
        List.of("a{1001}", "((a{100}){100}){100}", "(".repeat(200) + ")".repeat(200))) {
      assertThatThrownBy(() -> NodeQuery.parse("$[?match(@, '" + pattern + "')]").nodes(text))
          .isInstanceOf(NodeQueryException.class)
          .hasMessageContaining("limit=");
    }
    assertThat(NodeQuery.parse("$[?match(@, 'a{1,1000}')]").nodes(text)).hasSize(1);
    assertThat(NodeQuery.parse("$[?match(@, '((a{10}){10}){40}|a')]").nodes(text)).hasSize(1);
  }

  @Test
  void nodes_patternsOfTheDocument_areCountedWhenTheyAreCompiled() {
    String patterns =
        Stream.iterate(0, i -> i + 1)
            .limit(1_000)
            .map(i -> "'(a{1000}){4}" + i + "'")
            .collect(Collectors.joining(","));

    assertThatThrownBy(() -> NodeQuery.parse("$[?match('b', @)]").nodes(json("[" + patterns + "]")))
        .hasMessageContaining("too many steps");
  }
}
