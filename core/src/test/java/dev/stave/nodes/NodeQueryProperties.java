package dev.stave.nodes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import dev.stave.json.JsonObject;
import dev.stave.query.RandomData;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is asked, the answer is nodes or the one exception. */
class NodeQueryProperties {

  private static final JsonNode DOCUMENT =
      JsonObject.parseValue(
          "{\"a\":[1,\"x\",{\"a\":null,\"b\":[]}],\"b\":{\"a\":true},\"\":[[0]],\"ü\":\"a.b\"}"
              .getBytes(UTF_8));

  @Provide
  Arbitrary<String> nearlyQueries() {
    return Arbitraries.of(
            "$", "@", ".", "..", "*", "[", "]", "?", "(", ")", "a", "b", "'a'", "\"\"", ",", ":",
            "0", "-1", "1e1", " ", "==", "<", "&&", "||", "!", "true", "null", "length(", "count(",
            "value(", "match(", "search(", "'a*'", "@.a", "$..a", "[?@.a]", "[0]", "\\", "\ud800",
            "ü", "\t")
        .list()
        .ofMaxSize(12)
        .map(parts -> "$" + String.join("", parts));
  }

  @Property(tries = 20_000)
  void parse_garbage_isAQueryOrRefused(@ForAll("nearlyQueries") String text) {
    answers(text);
  }

  @Property(tries = 5_000)
  void parse_filterOfGarbage_isAQueryOrRefused(@ForAll("nearlyQueries") String text) {
    answers("$[?" + text + "]");
    answers("$[?@" + text.substring(1) + "]");
    answers("$..[?" + text.substring(1) + "]");
  }

  @Property
  void parse_anyText_isAQueryOrRefused(@ForAll String text) {
    answers(text);
    answers("$['" + text + "']");
  }

  private static void answers(String text) {
    try {
      for (Node node : NodeQuery.parse(text).nodes(DOCUMENT)) {
        assertThat(NodeQuery.parse(node.path()).nodes(DOCUMENT))
            .singleElement()
            .satisfies(same -> assertThat(same.sharedValue()).isSameAs(node.sharedValue()));
      }
    } catch (NodeQueryException e) {
      assertThat(e).hasMessageContaining("JSONPath");
    }
  }

  @Property
  void nodes_ofAllDescendants_areEachThereOnce(@ForAll long seed) {
    ObjectNode document = new RandomData(seed).document();
    document.put("'", 1).put("\\", "]").putObject("\u0001").putNull("");

    List<Node> nodes = NodeQuery.parse("$..*").nodes(document);

    Set<String> paths = new HashSet<>();
    nodes.forEach(node -> paths.add(node.path()));
    assertThat(paths).hasSize(nodes.size());
    assertThat(nodes).hasSize(count(document) - 1);
  }

  private static int count(JsonNode value) {
    int count = 1;
    for (JsonNode child : value) {
      count += count(child);
    }
    return count;
  }

  @Property
  void slice_anyBounds_isWhatTheWordsOfTheRfcSay(
      @ForAll("bounds") String start, @ForAll("bounds") String end, @ForAll("bounds") String step) {
    JsonNode array = JsonObject.parseValue("[0,1,2,3,4]".getBytes(UTF_8));

    List<Node> nodes = NodeQuery.parse("$[" + start + ":" + end + ":" + step + "]").nodes(array);

    assertThat(nodes)
        .extracting(node -> node.sharedValue().intValue())
        .containsExactlyElementsOf(sliced(start, end, step));
  }

  @Provide
  Arbitrary<String> bounds() {
    return Arbitraries.integers()
        .between(-7, 7)
        .map(String::valueOf)
        .injectNull(0.3)
        .map(bound -> bound == null ? "" : bound);
  }

  /** Of five elements, each asked whether it is between the bounds and on a step. */
  private static List<Integer> sliced(String start, String end, String step) {
    int by = step.isEmpty() ? 1 : Integer.parseInt(step);
    List<Integer> sliced = new ArrayList<>();
    if (by == 0) {
      return sliced;
    }
    int from = bound(start, by > 0 ? 0 : 4);
    int to = bound(end, by > 0 ? 5 : -1);
    from = by > 0 ? Math.max(from, 0) : Math.min(from, 4);
    for (int i = from; by > 0 ? i < to : i > to; i += by) {
      if (i < 0 || i > 4) {
        break;
      }
      sliced.add(i);
    }
    return sliced;
  }

  private static int bound(String text, int otherwise) {
    if (text.isEmpty()) {
      return otherwise;
    }
    int bound = Integer.parseInt(text);
    return bound < 0 ? bound + 5 : bound;
  }

  @Provide
  Arbitrary<String> nearlyPatterns() {
    return Arbitraries.of(
            "a",
            "b",
            "é",
            "😀",
            ".",
            "*",
            "+",
            "?",
            "{2}",
            "{1,}",
            "{0,2}",
            "{",
            "}",
            "(",
            ")",
            "|",
            "[a-c]",
            "[^b]",
            "[",
            "]",
            "-",
            "^",
            "$",
            "\\n",
            "\\.",
            "\\d",
            "\\p{L}",
            "\\P{Nd}",
            "\\p{C}",
            "\\p{Xx}",
            "\\",
            "[-a]",
            "[a-]",
            "[\\]]",
            "[\\p{Lu}\\t-z]",
            "\ud800",
            "#",
            "&&")
        .list()
        .ofMaxSize(6)
        .map(parts -> String.join("", parts));
  }

  /** What is taken for I-Regexp is compiled; what RE2 alone knows is not taken. */
  @Property(tries = 20_000)
  void parse_anyPattern_isOneOrNone(@ForAll("nearlyPatterns") String text) {
    try {
      Optional<IRegexp> pattern = IRegexp.parse(text);
      pattern.ifPresent(
          regexp -> {
            regexp.matches("abc\n😀", true);
            assertThat(regexp.size()).isPositive();
            if (!text.matches(".*(\\.|\\\\[pP]).*")) {
              assertThat(regexp.matches("ab", false)).isEqualTo(Pattern.matches(text, "ab"));
            }
          });
    } catch (NodeQueryException e) {
      assertThat(e).hasMessageContaining("limit");
    }
  }
}
