package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.json.JsonOrder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Mango once more, straight from its JSON and from the words of the guide, with nothing of the
 * compiled selector: slow, plain, and to agree with it. Only the order of values is shared.
 */
final class NaiveMango {

  /** Where a condition stands: at a path in a document, or, without an id, in a value. */
  private final String id;

  private final JsonNode root;

  private NaiveMango(String id, JsonNode root) {
    this.id = id;
    this.root = root;
  }

  static boolean matches(JsonNode selector, String id, JsonNode body) {
    return new NaiveMango(id, body).holds(selector, List.of(), false);
  }

  private static boolean matchesValue(JsonNode condition, JsonNode value) {
    return new NaiveMango(null, value).holds(condition, List.of(), false);
  }

  /** Whether a condition, or with {@code not} its negation, holds. */
  private boolean holds(JsonNode condition, List<String> path, boolean not) {
    if (!condition.isObject() || (condition.isEmpty() && (!path.isEmpty() || id == null))) {
      return any(path, value -> (JsonOrder.INSTANCE.compare(value, condition) == 0) != not);
    }
    ObjectNode tests = JsonNodeFactory.instance.objectNode();
    List<Boolean> parts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : condition.properties()) {
      String name = member.getKey();
      JsonNode argument = member.getValue();
      if (!name.startsWith("$")) {
        List<String> longer = new ArrayList<>(path);
        longer.addAll(tokens(name));
        parts.add(holds(argument, longer, not));
      } else if (name.equals("$and") || name.equals("$or") || name.equals("$nor")) {
        boolean inner = not != name.equals("$nor");
        boolean all = name.equals("$and") != inner;
        List<Boolean> each = each(argument, part -> holds(part, path, inner));
        parts.add(all ? !each.contains(false) : each.contains(true));
      } else if (name.equals("$not")) {
        parts.add(holds(argument, path, !not));
      } else if (name.equals("$exists")) {
        parts.add(any(path, value -> true) == (argument.booleanValue() != not));
      } else {
        tests.set(name, argument);
      }
    }
    if (!tests.isEmpty()) {
      parts.add(
          any(
              path,
              value -> {
                List<Boolean> passed = new ArrayList<>();
                tests
                    .properties()
                    .forEach(t -> passed.add(passes(t.getKey(), t.getValue(), value)));
                return passed.contains(false) == not;
              }));
    }
    return not ? parts.contains(true) : !parts.contains(false);
  }

  private interface Test {
    boolean of(JsonNode value);
  }

  private static List<Boolean> each(JsonNode array, Test test) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(test::of)
        .collect(Collectors.toList());
  }

  private static boolean passes(String operator, JsonNode argument, JsonNode value) {
    int order = JsonOrder.INSTANCE.compare(value, argument);
    String text = value.isTextual() ? value.textValue() : null;
    switch (operator) {
      case "$eq":
        return order == 0;
      case "$ne":
        return order != 0;
      case "$gt":
        return order > 0;
      case "$gte":
        return order >= 0;
      case "$lt":
        return order < 0;
      case "$lte":
        return order <= 0;
      case "$in":
        return value.isArray()
            ? each(value, element -> isIn(element, argument)).contains(true)
            : isIn(value, argument);
      case "$nin":
        return !passes("$in", argument, value);
      case "$all":
        boolean isAll = !argument.isEmpty() && value.isArray();
        boolean hasAll = !each(argument, wanted -> isIn(wanted, value)).contains(false);
        boolean isOne = argument.size() == 1 && equal(argument.get(0), value);
        return isAll && (hasAll || isOne);
      case "$elemMatch":
        return value.isArray() && each(value, e -> matchesValue(argument, e)).contains(true);
      case "$allMatch":
        return value.isArray()
            && !value.isEmpty()
            && !each(value, e -> matchesValue(argument, e)).contains(false);
      case "$keyMapMatch":
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        value.fieldNames().forEachRemaining(names::add);
        return value.isObject() && each(names, n -> matchesValue(argument, n)).contains(true);
      case "$type":
        return value.getNodeType().name().equalsIgnoreCase(argument.textValue());
      case "$size":
        return value.isArray() && value.size() == argument.intValue();
      case "$beginsWith":
        return text != null && text.startsWith(argument.textValue());
      case "$regex":
        return text != null && Pattern.compile(argument.textValue()).matcher(text).find();
      case "$mod":
        return value.isNumber() && remainderIs(value.decimalValue(), argument);
      case "$version":
        return text != null && versionPasses(text, argument);
      default:
        throw new IllegalArgumentException(operator);
    }
  }

  private static boolean equal(JsonNode left, JsonNode right) {
    return JsonOrder.INSTANCE.compare(left, right) == 0;
  }

  private static boolean isIn(JsonNode value, JsonNode array) {
    return each(array, element -> equal(element, value)).contains(true);
  }

  private static boolean remainderIs(BigDecimal number, JsonNode argument) {
    BigInteger whole = number.toBigInteger();
    return new BigDecimal(whole).compareTo(number) == 0
        && whole
            .remainder(argument.get(0).bigIntegerValue())
            .equals(argument.get(1).bigIntegerValue());
  }

  private static boolean versionPasses(String text, JsonNode comparisons) {
    if (!text.matches("[0-9]+(\\.[0-9]+)*") || text.length() > 64) {
      return false;
    }
    List<Boolean> passed = new ArrayList<>();
    comparisons
        .properties()
        .forEach(
            c -> {
              int order = compareVersions(text, c.getValue().asText());
              JsonNode number = JsonNodeFactory.instance.numberNode(order);
              passed.add(passes(c.getKey(), JsonNodeFactory.instance.numberNode(0), number));
            });
    return !passed.contains(false);
  }

  private static int compareVersions(String left, String right) {
    String[] l = left.split("\\.");
    String[] r = right.split("\\.");
    for (int i = 0; i < Math.max(l.length, r.length); i++) {
      BigInteger a = new BigInteger(i < l.length ? l[i] : "0");
      BigInteger b = new BigInteger(i < r.length ? r[i] : "0");
      if (!a.equals(b)) {
        return a.compareTo(b);
      }
    }
    return 0;
  }

  /** The steps of a path, those of names with {@code =} before them. */
  private static List<String> tokens(String dotted) {
    List<String> tokens = new ArrayList<>();
    for (String part : dotted.split("(?<!\\\\)\\.")) {
      String name = part.endsWith("[]") ? part.substring(0, part.length() - 2) : part;
      if (name.equals("*") || name.equals("**")) {
        tokens.add(name);
      } else if (!name.isEmpty() || name.equals(part)) {
        tokens.add("=" + name.replace("\\.", "."));
      }
      if (!name.equals(part)) {
        tokens.add("[]");
      }
    }
    return tokens;
  }

  private boolean any(List<String> path, Test test) {
    if (id != null && path.equals(List.of("=_id"))) {
      return test.of(TextNode.valueOf(id));
    }
    return any(root, path, test);
  }

  private static boolean any(JsonNode at, List<String> path, Test test) {
    if (path.isEmpty()) {
      return test.of(at);
    }
    String step = path.get(0);
    List<String> rest = path.subList(1, path.size());
    if (step.equals("**") && any(at, rest, test)) {
      return true;
    }
    for (int i = 0; at.isArray() && i < at.size(); i++) {
      boolean fits = !step.startsWith("=") || step.equals("=" + i);
      if (fits && any(at.get(i), step.equals("**") ? path : rest, test)) {
        return true;
      }
    }
    for (Map.Entry<String, JsonNode> member : at.properties()) {
      boolean fits = step.startsWith("*") || step.equals("=" + member.getKey());
      if (fits && any(member.getValue(), step.equals("**") ? path : rest, test)) {
        return true;
      }
    }
    return false;
  }
}
