package dev.stave.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPointer;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random documents and random schemas of a few keywords, against the plainest check of them. */
class JsonSchemaProperties {

  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);
  private static final List<String> NAMES = List.of("a", "b", "c/d", "~");
  private static final List<String> TYPES =
      List.of("null", "boolean", "number", "integer", "string", "array", "object");

  private static JsonNode number(Random random) {
    BigDecimal number = BigDecimal.valueOf(random.nextInt(7) - 3).movePointLeft(random.nextInt(2));
    return NODES.numberNode(random.nextBoolean() ? number : number.setScale(3));
  }

  private static JsonNode value(Random random, int depth) {
    switch (random.nextInt(depth > 2 ? 4 : 8)) {
      case 0:
        return random.nextBoolean() ? NODES.nullNode() : NODES.booleanNode(random.nextBoolean());
      case 1:
        return NODES.textNode("xyz".substring(random.nextInt(4)));
      case 2:
      case 3:
        return number(random);
      case 4:
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(random, depth + 1));
        }
        return array;
      default:
        return object(random, depth);
    }
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode object = NODES.objectNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      object.set(NAMES.get(random.nextInt(NAMES.size())), value(random, depth + 1));
    }
    return object;
  }

  private static JsonNode schema(Random random, int depth) {
    if (depth > 3 || random.nextInt(12) == 0) {
      return NODES.booleanNode(random.nextInt(4) > 0);
    }
    ObjectNode schema = NODES.objectNode();
    if (random.nextInt(2) == 0) {
      ArrayNode types = schema.putArray("type");
      Set<String> some = new TreeSet<>();
      for (int i = 0; i < 4; i++) {
        some.add(TYPES.get(random.nextInt(TYPES.size())));
      }
      some.forEach(types::add);
    }
    if (random.nextInt(4) == 0) {
      schema.set("minimum", number(random));
    }
    if (random.nextInt(4) == 0) {
      schema.put("maxLength", random.nextInt(4));
    }
    if (random.nextInt(8) == 0) {
      schema.putArray("enum").add(value(random, 2)).add(value(random, 2)).add(value(random, 2));
    }
    if (random.nextInt(5) == 0) {
      schema.putArray("required").add(NAMES.get(random.nextInt(NAMES.size())));
    }
    if (random.nextInt(6) == 0) {
      schema.put("uniqueItems", true);
    }
    if (random.nextInt(3) == 0) {
      schema.set("items", schema(random, depth + 1));
    }
    if (random.nextInt(2) == 0) {
      ObjectNode members = schema.putObject("properties");
      members.set(NAMES.get(random.nextInt(NAMES.size())), schema(random, depth + 1));
      members.set(NAMES.get(random.nextInt(NAMES.size())), schema(random, depth + 1));
    }
    if (random.nextInt(5) == 0) {
      schema.set("additionalProperties", schema(random, depth + 1));
    }
    if (random.nextInt(6) == 0) {
      schema.putArray("anyOf").add(schema(random, depth + 1)).add(schema(random, depth + 1));
    }
    if (random.nextInt(6) == 0) {
      schema.set("not", schema(random, depth + 2));
    }
    return schema;
  }

  private static boolean isEqual(JsonNode left, JsonNode right) {
    if (left.isNumber() && right.isNumber()) {
      return left.decimalValue().compareTo(right.decimalValue()) == 0;
    }
    if (left.isContainerNode() && left.getNodeType() == right.getNodeType()) {
      boolean isEqual = left.size() == right.size();
      for (Iterator<String> names = left.fieldNames(); isEqual && names.hasNext(); ) {
        String name = names.next();
        isEqual = right.has(name) && isEqual(left.get(name), right.get(name));
      }
      for (int i = 0; isEqual && left.isArray() && i < left.size(); i++) {
        isEqual = isEqual(left.get(i), right.get(i));
      }
      return isEqual;
    }
    return left.equals(right);
  }

  private static boolean isOfType(JsonNode value, String type) {
    boolean isInteger =
        value.isNumber() && value.decimalValue().remainder(BigDecimal.ONE).signum() == 0;
    return type.equals("integer") ? isInteger : value.getNodeType().name().equalsIgnoreCase(type);
  }

  private static boolean holds(JsonNode schema, JsonNode value) {
    if (schema.isBoolean()) {
      return schema.booleanValue();
    }
    for (Iterator<String> keywords = schema.fieldNames(); keywords.hasNext(); ) {
      String keyword = keywords.next();
      if (!holds(keyword, schema.get(keyword), schema, value)) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(String keyword, JsonNode it, JsonNode schema, JsonNode value) {
    switch (keyword) {
      case "type":
        return any(it, type -> isOfType(value, type.textValue()));
      case "minimum":
        return !value.isNumber() || value.decimalValue().compareTo(it.decimalValue()) >= 0;
      case "maxLength":
        return !value.isTextual() || value.textValue().length() <= it.intValue();
      case "enum":
        return any(it, each -> isEqual(each, value));
      case "required":
        return !value.isObject() || value.has(it.get(0).textValue());
      case "uniqueItems":
        for (int i = 0; value.isArray() && i < value.size(); i++) {
          for (int j = 0; j < i; j++) {
            if (isEqual(value.get(i), value.get(j))) {
              return false;
            }
          }
        }
        return true;
      case "items":
        return !value.isArray() || !any(value, each -> !holds(it, each));
      case "properties":
        return NAMES.stream()
            .allMatch(n -> !it.has(n) || !value.has(n) || holds(it.get(n), value.get(n)));
      case "additionalProperties":
        return NAMES.stream()
            .allMatch(
                n -> !value.has(n) || schema.path("properties").has(n) || holds(it, value.get(n)));
      case "anyOf":
        return any(it, each -> holds(each, value));
      default:
        return !holds(it, value);
    }
  }

  private static boolean any(JsonNode all, Predicate<JsonNode> test) {
    for (JsonNode each : all) {
      if (test.test(each)) {
        return true;
      }
    }
    return false;
  }

  @Property
  void check_anyDocument_isWhatThePlainCheckSays(@ForAll long seed) {
    Random random = new Random(seed);
    JsonNode schema = schema(random, 0);
    JsonSchema.Compiled compiled = JsonSchema.compile("s", schema);
    assertThat(compiled.problems()).as("%s", schema).isEmpty();

    for (int i = 0; i < 10; i++) {
      JsonNode body = JsonObject.of(object(random, 0)).sharedTree();
      List<Problem> problems = compiled.schema().check(body);

      assertThat(problems.isEmpty()).as("%s of %s", body, schema).isEqualTo(holds(schema, body));
      assertThat(places(problems))
          .as("%s of %s", body, schema)
          .allMatch(place -> place.find(body) != null);
    }
  }

  private static List<JsonPointer> places(List<Problem> problems) {
    return problems.stream().map(Problem::place).collect(Collectors.toList());
  }
}
