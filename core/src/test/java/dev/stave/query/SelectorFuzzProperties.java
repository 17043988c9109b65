package dev.stave.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever JSON comes as a selector: it is one, or refused by name; nothing else is thrown. */
class SelectorFuzzProperties {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> OPERATORS =
      List.of(
          "$eq",
          "$ne",
          "$gt",
          "$gte",
          "$lt",
          "$lte",
          "$in",
          "$nin",
          "$exists",
          "$type",
          "$size",
          "$mod",
          "$regex",
          "$beginsWith",
          "$all",
          "$elemMatch",
          "$allMatch",
          "$keyMapMatch",
          "$and",
          "$or",
          "$nor",
          "$not",
          "$version",
          "$text",
          "$where",
          "$",
          "$foo");
  private static final List<String> NAMES =
      List.of("a", "", ".", "..", "\\", "a\\.b", "**", "*", "[]", "a[]", "0", "-1", "_id", "\\$x");
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "(",
          "[",
          "a{1000}",
          "(a{1000}){1000}",
          "(?=a)",
          "\\1",
          "^a+",
          "\\",
          "^*",
          "x{",
          "[[:alpha:]",
          "1.2",
          "string",
          "\uffff",
          "((a{99}){99}){99}",
          "\\pN",
          "(?P<n",
          "a**");

  private final RandomData documents = new RandomData(1);

  @Property(tries = 3_000)
  void of_anyJson_isASelectorOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    JsonNode json = random.nextInt(10) == 0 ? value(random, 3) : object(random, 5);
    Selector selector;
    try {
      selector = Selector.of(json);
    } catch (InvalidSelectorException e) {
      assertThat(e.code()).isNotEmpty();
      return;
    }
    JsonNode document = documents.document();
    assertThat(selector.toString()).hasSizeLessThanOrEqualTo(Selector.MAX_TEXT + 1);
    assertThat(selector.matches("d1", document)).isIn(true, false);
    assertThat(selector.negate().matches("d1", document)).isIn(true, false);
  }

  @Property(tries = 1_000)
  void parse_anyText_isASelectorOrRefused(@ForAll String text) {
    try {
      Selector.parse(text);
    } catch (InvalidSelectorException e) {
      assertThat(e.code()).isNotEmpty();
    }
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode object = NODES.objectNode();
    for (int i = random.nextInt(3); i >= 0; i--) {
      List<String> names = random.nextInt(3) == 0 ? NAMES : OPERATORS;
      object.set(names.get(random.nextInt(names.size())), value(random, depth - 1));
    }
    return object;
  }

  private static JsonNode value(Random random, int depth) {
    int kind = random.nextInt(depth > 0 ? 12 : 6);
    switch (kind) {
      case 0:
        return NODES.nullNode();
      case 1:
        return NODES.booleanNode(random.nextBoolean());
      case 2:
        return NODES.numberNode(random.nextInt(5) - 1);
      case 3:
        return NODES.numberNode(
            new BigDecimal(
                List.of("1.5", "2.0", "1e30", "-1e-9", "1e9999").get(random.nextInt(5))));
      case 4:
      case 5:
        return NODES.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
      case 6:
      case 7:
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(3); i > 0; i--) {
          array.add(value(random, depth - 1));
        }
        return array;
      default:
        return object(random, depth);
    }
  }
}
