package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;

/**
 * Small documents and selectors out of few names and few values, so that they meet often. The
 * values are those that indexes get wrong: numbers of all kinds beside each other, long strings
 * that differ late, arrays in arrays, empty containers, names that are digits.
 */
public final class RandomData {

  private static final List<String> NAMES = List.of("a", "b", "c", "0", "1", "d.e");
  private static final String LONG = "x".repeat(255);
  private static final List<String> TYPES =
      List.of("null", "boolean", "number", "string", "array", "object", "integer");
  private static final List<String> PREFIXES =
      List.of("", "p", "pq", "9", "x", LONG, LONG + "y", LONG + "yy", "\ud83d\ude00");
  private static final List<String> REGEXES =
      List.of(
          "^p", "q$", "^pq?$", "^9\\.1", "^x+y", "^xx", "x+z$", "[0-9]", ".", "^1|^p", "^$", "y",
          "^[a-c]$");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Random random;

  public RandomData(long seed) {
    this.random = new Random(seed);
  }

  public int nextInt(int bound) {
    return random.nextInt(bound);
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  public ObjectNode document() {
    return object(3);
  }

  private ObjectNode object(int depth) {
    ObjectNode object = NODES.objectNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      object.set(oneOf(NAMES), value(depth - 1));
    }
    return object;
  }

  private JsonNode value(int depth) {
    int kind = random.nextInt(10);
    if (kind < 2 && depth > 0) {
      return object(depth);
    }
    if (kind < 5 && depth > 0) {
      ArrayNode array = NODES.arrayNode();
      for (int i = random.nextInt(4); i > 0; i--) {
        array.add(value(depth - 1));
      }
      return array;
    }
    return scalar();
  }

  private JsonNode scalar() {
    switch (random.nextInt(8)) {
      case 0:
        return NODES.nullNode();
      case 1:
        return NODES.booleanNode(random.nextBoolean());
      case 2:
        return NODES.numberNode(random.nextInt(5) - 2);
      case 3:
        return NODES.numberNode(new BigDecimal(oneOf(List.of("9.5", "0.1", "-1.5", "1e2", "100"))));
      case 4:
        return NODES.numberNode(
            new BigInteger("9007199254740992").add(BigInteger.valueOf(random.nextInt(3))));
      case 5:
        return NODES.textNode(LONG + oneOf(List.of("", "y", "yy", "yyy", "z")));
      case 6:
        return NODES.textNode(
            oneOf(List.of("9", "10", "9.1", "1.10", "preview", "\uffff", "\ud83d\ude00")));
      default:
        return NODES.textNode(oneOf(List.of("", "p", "q", "pq", "a")));
    }
  }

  public ObjectNode selector() {
    return selector(2);
  }

  private ObjectNode selector(int depth) {
    ObjectNode selector = NODES.objectNode();
    int kind = depth == 0 ? 9 : random.nextInt(10);
    if (kind < 3) {
      ArrayNode parts = NODES.arrayNode();
      for (int i = random.nextInt(3); i >= 0; i--) {
        parts.add(selector(depth - 1));
      }
      return selector.set(oneOf(List.of("$and", "$or", "$nor")), parts);
    }
    if (kind == 3) {
      return selector.set("$not", selector(depth - 1));
    }
    selector.set(path(), condition(1));
    if (random.nextInt(3) == 0) {
      selector.set(path(), condition(1));
    }
    return selector;
  }

  private String path() {
    switch (random.nextInt(6)) {
      case 0:
        return oneOf(List.of("**.a", "*", "*.b", "a.**", "**.b.c", "a[]", "**[].a", "a[].b", "**"));
      case 1:
        return oneOf(List.of("a.b", "b.0", "a.1.b", "d\\.e", "c.a", "_id"));
      default:
        return oneOf(List.of("a", "b", "c"));
    }
  }

  private JsonNode condition(int depth) {
    if (random.nextInt(6) == 0) {
      return value(2);
    }
    ObjectNode condition = NODES.objectNode();
    for (int i = random.nextInt(2); i >= 0; i--) {
      operator(condition, depth);
    }
    return condition;
  }

  private void operator(ObjectNode condition, int depth) {
    switch (random.nextInt(depth > 0 ? 18 : 14)) {
      case 9:
        condition.put("$type", oneOf(TYPES));
        break;
      case 10:
        condition.put("$size", random.nextInt(4));
        break;
      case 11:
        int divisor = oneOf(List.of(-3, -2, 2, 3, 7));
        condition.putArray("$mod").add(divisor).add(random.nextInt(5) - 2);
        break;
      case 12:
        condition.put("$beginsWith", oneOf(PREFIXES));
        break;
      case 13:
        condition.put("$regex", oneOf(REGEXES));
        break;
      case 14:
      case 15:
        condition.set("$allMatch", ofValue());
        break;
      case 16:
      case 17:
        condition.set("$keyMapMatch", ofValue());
        break;
      case 0:
        condition.put("$exists", random.nextBoolean());
        break;
      case 1:
        condition.set(oneOf(List.of("$in", "$nin", "$all")), values());
        break;
      case 2:
        ObjectNode version = NODES.objectNode();
        version.put(oneOf(List.of("$gte", "$lt", "$eq", "$ne")), oneOf(List.of("9", "9.5", "1.2")));
        condition.set("$version", version);
        break;
      case 5:
        condition.set("$elemMatch", ofValue());
        break;
      case 6:
        ObjectNode negated = NODES.objectNode();
        operator(negated, 0);
        condition.set("$not", negated);
        break;
      default:
        condition.set(oneOf(List.of("$eq", "$ne", "$gt", "$gte", "$lt", "$lte")), value(2));
    }
  }

  /** What $elemMatch and its like take: of a value, not of a document. */
  private JsonNode ofValue() {
    JsonNode condition = random.nextBoolean() ? selector(0) : condition(0);
    return condition.isObject() ? condition : selector(0);
  }

  private ArrayNode values() {
    ArrayNode values = NODES.arrayNode();
    for (int i = random.nextInt(3); i > 0; i--) {
      values.add(value(2));
    }
    return values;
  }
}
