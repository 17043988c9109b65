package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.json.InvalidJsonException;
import dev.stave.json.JsonLimits;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonOrder;
import dev.stave.json.JsonPath;
import dev.stave.query.ValueTest.Comparison;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads Mango's JSON. Implicit equality, implicit {@code $and}, nested paths and negations are
 * resolved here, so that nobody below meets them.
 */
final class SelectorParser {

  /** Longer paths lead nowhere, and with wildcards each value costs as much as they have steps. */
  static final int MAX_STEPS = JsonLimits.MAX_DEPTH;

  /** Conditions and groups of them in one selector: each may cost a look at every document. */
  static final int MAX_CONDITIONS = 10_000;

  /** No array has as many: it would be over the limit of a body many times. */
  private static final BigDecimal MOST_ELEMENTS = BigDecimal.valueOf(Integer.MAX_VALUE);

  private static final JsonPath HERE = new JsonPath(List.of());

  /** Whether a condition without a path means the value itself, as in {@code $elemMatch}. */
  private final boolean ofValue;

  private final AtomicInteger conditions; // so far, in the whole selector

  private SelectorParser(boolean ofValue, AtomicInteger conditions) {
    this.ofValue = ofValue;
    this.conditions = conditions;
  }

  /** Takes a copy, so that it holds what documents may hold, and whoever made it may go on. */
  static Selector parse(JsonNode selector) {
    if (!(selector instanceof ObjectNode object)) {
      throw new InvalidSelectorException(
          "invalid_selector_json", "Selector must be a JSON object, not: " + shown(selector));
    }
    return parse(copied(object));
  }

  /** As {@link #parse(JsonNode)}, of conditions on a value, which may stand without a path. */
  static Selector parseOfValue(ObjectNode conditions) {
    return new SelectorParser(true, new AtomicInteger())
        .condition(HERE, copied(conditions).sharedTree());
  }

  private static JsonObject copied(ObjectNode selector) {
    try {
      return JsonObject.of(selector);
    } catch (InvalidJsonException e) {
      throw new InvalidSelectorException(
          "bad_arg", "a selector holds what a document may hold: " + e.getMessage());
    }
  }

  static Selector parse(String json) {
    try {
      return parse(JsonObject.parse(json));
    } catch (InvalidJsonException e) {
      throw new InvalidSelectorException(
          "invalid_selector_json", "Selector must be a JSON object: " + e.getMessage());
    }
  }

  private static Selector parse(JsonObject selector) {
    return new SelectorParser(false, new AtomicInteger()).condition(HERE, selector.sharedTree());
  }

  /** What stands behind a member name: operators, deeper names, or a value to equal. */
  private Selector condition(JsonPath path, JsonNode condition) {
    if (condition.isObject() && !condition.isEmpty()) {
      return members(path, condition);
    }
    if (isDocument(path) && condition.isObject()) {
      countOne();
      return Selector.everything();
    }
    return has(path, "$eq", new ValueTest.Compare(Comparison.EQ, condition));
  }

  private void countOne() {
    if (conditions.incrementAndGet() > MAX_CONDITIONS) {
      throw new InvalidSelectorException(
          "bad_arg", "a selector has at most " + MAX_CONDITIONS + " conditions");
    }
  }

  private boolean isDocument(JsonPath path) {
    return path.steps().isEmpty() && !ofValue;
  }

  private Selector has(JsonPath path, String operator, ValueTest test) {
    if (isDocument(path)) {
      throw new InvalidSelectorException(
          "invalid_selector",
          "One or more conditions is missing a field name: there is none before " + operator);
    }
    countOne();
    return new Selector.Has(path, test);
  }

  /** An object of operators and member names: all of them. */
  private Selector members(JsonPath path, JsonNode object) {
    List<Selector> parts = new ArrayList<>();
    List<ValueTest> tests = new ArrayList<>(); // of one value
    String lastOperator = "";
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String name = member.getKey();
      JsonNode argument = member.getValue();
      if (!name.startsWith("$")) {
        parts.add(condition(below(path, name), argument));
      } else if (isLogic(name)) {
        parts.add(logic(path, name, argument));
      } else {
        tests.add(test(name, argument));
        lastOperator = name;
      }
    }
    if (!tests.isEmpty()) {
      ValueTest test = tests.size() == 1 ? tests.get(0) : new ValueTest.Every(tests);
      parts.add(has(path, lastOperator, test));
    }
    return parts.size() == 1 ? parts.get(0) : new Selector.And(parts);
  }

  private static JsonPath below(JsonPath path, String name) {
    List<JsonPath.Step> steps = new ArrayList<>(path.steps());
    steps.addAll(JsonPath.parse(name).steps());
    if (steps.size() > MAX_STEPS) {
      throw new InvalidSelectorException(
          "bad_field", "a path has at most " + MAX_STEPS + " steps, not " + steps.size());
    }
    return new JsonPath(steps);
  }

  private static boolean isLogic(String operator) {
    return List.of("$and", "$or", "$nor", "$not", "$exists").contains(operator);
  }

  private Selector logic(JsonPath path, String operator, JsonNode argument) {
    return switch (operator) {
      case "$and" -> new Selector.And(list(path, operator, argument));
      case "$or" -> new Selector.Or(list(path, operator, argument));
      case "$nor" -> new Selector.Or(list(path, operator, argument)).negate();
      case "$not" -> {
        require(argument.isObject(), operator, argument, "an object");
        yield condition(path, argument).negate();
      }
      default -> {
        require(argument.isBoolean(), operator, argument, "true or false");
        Selector present = has(path, operator, new ValueTest.Present());
        yield argument.booleanValue() ? present : present.negate();
      }
    };
  }

  private List<Selector> list(JsonPath path, String operator, JsonNode argument) {
    require(argument.isArray(), operator, argument, "an array");
    countOne();
    List<Selector> parts = new ArrayList<>();
    for (JsonNode part : argument) {
      require(part.isObject() || !isDocument(path), operator, part, "objects");
      parts.add(condition(path, part));
    }
    return parts;
  }

  private ValueTest test(String operator, JsonNode argument) {
    Optional<Comparison> comparison = Comparison.of(operator);
    if (comparison.isPresent()) {
      return new ValueTest.Compare(comparison.get(), argument);
    }
    return switch (operator) {
      case "$in" -> new ValueTest.In(values(operator, argument));
      case "$nin" -> new ValueTest.Not(new ValueTest.In(values(operator, argument)));
      case "$all" -> new ValueTest.All(values(operator, argument));
      case "$elemMatch" -> new ValueTest.ElemMatch(ofValue(operator, argument));
      case "$allMatch" -> new ValueTest.AllMatch(ofValue(operator, argument));
      case "$keyMapMatch" -> new ValueTest.KeyMapMatch(ofValue(operator, argument));
      case "$type" -> new ValueTest.OfType(text(operator, argument));
      case "$beginsWith" -> new ValueTest.BeginsWith(text(operator, argument));
      case "$regex" -> new ValueTest.OfRegex(regex(text(operator, argument)));
      case "$size" -> {
        require(isWhole(argument), operator, argument, "a whole number from 0");
        BigDecimal size = argument.decimalValue();
        require(size.signum() >= 0, operator, argument, "a whole number from 0");
        yield new ValueTest.Size(size.min(MOST_ELEMENTS).intValue());
      }
      case "$mod" -> {
        boolean right =
            argument.isArray()
                && argument.size() == 2
                && isWhole(argument.get(0))
                && isWhole(argument.get(1))
                && argument.get(0).decimalValue().signum() != 0;
        require(right, operator, argument, "a divisor and a remainder, whole numbers");
        yield new ValueTest.Mod(argument.get(0).decimalValue(), argument.get(1).decimalValue());
      }
      case "$version" -> version(argument);
      case "$text", "$where", "$geoWithin", "$geoIntersects", "$near", "$nearSphere" ->
          throw new InvalidSelectorException("not_supported", "Unsupported operator: " + operator);
      default ->
          throw new InvalidSelectorException("invalid_operator", "Invalid operator: " + operator);
    };
  }

  private Selector ofValue(String operator, JsonNode argument) {
    require(argument.isObject(), operator, argument, "an object");
    return new SelectorParser(true, conditions).condition(HERE, argument);
  }

  private static String text(String operator, JsonNode argument) {
    require(argument.isTextual(), operator, argument, "a string");
    return argument.textValue();
  }

  private static Regex regex(String text) {
    try {
      return Regex.of(text);
    } catch (IllegalArgumentException e) {
      throw badArgument("$regex", TextNode.valueOf(text), "one that runs: " + e.getMessage());
    }
  }

  private static boolean isWhole(JsonNode value) {
    return value.isNumber() && ValueTest.Mod.isWhole(value.decimalValue());
  }

  private static List<JsonNode> values(String operator, JsonNode argument) {
    require(argument.isArray(), operator, argument, "an array");
    List<JsonNode> values = new ArrayList<>();
    argument.forEach(values::add);
    return values;
  }

  /** {@code {"$gte": "15.4", "$lt": 100}}: comparisons with versions, all of which must hold. */
  private static ValueTest version(JsonNode argument) {
    require(argument.isObject() && !argument.isEmpty(), "$version", argument, "comparisons");
    List<ValueTest> tests = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : argument.properties()) {
      Optional<ValueTest> test =
          Comparison.of(member.getKey())
              .flatMap(
                  comparison ->
                      Version.parse(member.getValue().asText())
                          .map(version -> new ValueTest.OfVersion(comparison, version)));
      require(
          test.isPresent(),
          "$version",
          argument,
          "comparisons with numbers and dots, such as {\"$gte\": \"15.4\"}");
      test.ifPresent(tests::add);
    }
    return tests.size() == 1 ? tests.get(0) : new ValueTest.Every(tests);
  }

  private static void require(boolean right, String operator, JsonNode argument, String expected) {
    if (!right) {
      throw badArgument(operator, argument, expected);
    }
  }

  private static InvalidSelectorException badArgument(
      String operator, JsonNode argument, String expected) {
    return new InvalidSelectorException(
        "bad_arg",
        "Bad argument for operator " + operator + ": " + shown(argument) + ", not " + expected);
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() <= 80
        ? text
        : JsonOrder.typeName(value) + " " + text.substring(0, 80) + "…";
  }
}
