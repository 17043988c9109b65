package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.json.JsonOrder;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A condition on one value that is there. */
public sealed interface ValueTest {

  boolean matches(JsonNode value);

  /** What a value passes that does not pass {@code test}; of a negation, the test itself. */
  static ValueTest negationOf(ValueTest test) {
    if (test instanceof Compare compare) {
      return new Compare(compare.comparison().negated(), compare.value());
    }
    if (test instanceof Every every) {
      return new Some(negationsOf(every.tests()));
    }
    if (test instanceof Some some) {
      return new Every(negationsOf(some.tests()));
    }
    return test instanceof Not not ? not.test() : new Not(test);
  }

  private static List<ValueTest> negationsOf(List<ValueTest> tests) {
    return tests.stream().map(ValueTest::negationOf).collect(Collectors.toList());
  }

  private static boolean anyElement(JsonNode array, Predicate<JsonNode> test) {
    for (JsonNode element : array) {
      if (test.test(element)) {
        return true;
      }
    }
    return false;
  }

  private static String joined(List<ValueTest> tests, String between) {
    return tests.stream().map(ValueTest::toString).collect(Collectors.joining(between));
  }

  /** How two values compare. */
  enum Comparison {
    EQ,
    NE,
    GT,
    GTE,
    LT,
    LTE;

    /** What holds when this one does not. */
    Comparison negated() {
      return switch (this) {
        case EQ -> NE;
        case NE -> EQ;
        case GT -> LTE;
        case GTE -> LT;
        case LT -> GTE;
        case LTE -> GT;
      };
    }

    boolean holds(int order) {
      return switch (this) {
        case EQ -> order == 0;
        case NE -> order != 0;
        case GT -> order > 0;
        case GTE -> order >= 0;
        case LT -> order < 0;
        case LTE -> order <= 0;
      };
    }

    /** The comparison that {@code operator} names, if it names one. */
    static Optional<Comparison> of(String operator) {
      return Arrays.stream(values()).filter(c -> c.operator().equals(operator)).findFirst();
    }

    /** The operator, such as {@code $gte}. */
    String operator() {
      return "$" + name().toLowerCase(Locale.ROOT);
    }
  }

  /** {@code $eq $ne $gt $gte $lt $lte}, in the order of {@link JsonOrder}, across types. */
  record Compare(Comparison comparison, JsonNode value) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      return comparison.holds(JsonOrder.INSTANCE.compare(actual, value));
    }

    @Override
    public String toString() {
      return comparison.operator() + " " + value;
    }
  }

  /** {@code $in}: one of {@code values}; of an array, any element, and never the array itself. */
  record In(List<JsonNode> values) implements ValueTest {

    /** Keeps {@code values} in order, so that looking one up among many is cheap. */
    public In {
      values = values.stream().sorted(JsonOrder.INSTANCE).collect(Collectors.toList());
    }

    @Override
    public boolean matches(JsonNode actual) {
      return actual.isArray() ? anyElement(actual, this::isAmong) : isAmong(actual);
    }

    private boolean isAmong(JsonNode actual) {
      return Collections.binarySearch(values, actual, JsonOrder.INSTANCE) >= 0;
    }

    @Override
    public String toString() {
      return "$in " + values;
    }
  }

  /** {@code $exists: true}: any value at all. */
  record Present() implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      return true;
    }

    @Override
    public String toString() {
      return "$exists true";
    }
  }

  /** {@code $elemMatch}: an array with an element that {@code selector} matches. */
  record ElemMatch(Selector selector) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      return actual.isArray() && anyElement(actual, selector::matchesValue);
    }

    @Override
    public String toString() {
      return "$elemMatch " + selector;
    }
  }

  /** {@code $allMatch}: an array with elements, all of which {@code selector} matches. */
  record AllMatch(Selector selector) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      return actual.isArray()
          && !actual.isEmpty()
          && !anyElement(actual, element -> !selector.matchesValue(element));
    }

    @Override
    public String toString() {
      return "$allMatch " + selector;
    }
  }

  /**
   * {@code $keyMapMatch}: an object with a member whose name, a string, {@code selector} matches.
   */
  record KeyMapMatch(Selector selector) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      return actual.properties().stream().anyMatch(member -> matchesName(member.getKey()));
    }

    boolean matchesName(String name) {
      return selector.matchesValue(TextNode.valueOf(name));
    }

    @Override
    public String toString() {
      return "$keyMapMatch " + selector;
    }
  }

  /** {@code $type}: null, boolean, number, string, array or object; no value is of another. */
  record OfType(String name) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      return JsonOrder.typeName(actual).equals(name);
    }

    @Override
    public String toString() {
      return "$type " + name;
    }
  }

  /** {@code $size}: an array of so many elements. */
  record Size(int elements) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      return actual.isArray() && actual.size() == elements;
    }

    @Override
    public String toString() {
      return "$size " + elements;
    }
  }

  /**
   * {@code $mod}: a whole number with this remainder, which has the sign of the number; 10.0 is one
   * as well as 10 is.
   *
   * @param divisor whole and not 0
   */
  record Mod(BigDecimal divisor, BigDecimal remainder) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      if (!actual.isNumber()) {
        return false;
      }
      BigDecimal number = actual.decimalValue();
      return isWhole(number) && number.remainder(divisor).compareTo(remainder) == 0;
    }

    static boolean isWhole(BigDecimal number) {
      return number.scale() <= 0 || number.stripTrailingZeros().scale() <= 0;
    }

    @Override
    public String toString() {
      return "$mod [" + divisor + ", " + remainder + "]";
    }
  }

  /** {@code $beginsWith}: a string that does. */
  record BeginsWith(String prefix) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      return actual.isTextual() && actual.textValue().startsWith(prefix);
    }

    @Override
    public String toString() {
      return "$beginsWith " + TextNode.valueOf(prefix);
    }
  }

  /** {@code $regex}: a string of which a part is what {@code regex} describes. */
  record OfRegex(Regex regex) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      return actual.isTextual() && regex.isIn(actual.textValue());
    }

    @Override
    public String toString() {
      return "$regex " + TextNode.valueOf(regex.toString());
    }
  }

  /** {@code $all}: an array that has each of {@code values}, or is the only one of them itself. */
  record All(List<JsonNode> values) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      if (!actual.isArray() || values.isEmpty()) {
        return false;
      }
      Set<JsonNode> elements = new TreeSet<>(JsonOrder.INSTANCE);
      actual.forEach(elements::add);
      return elements.containsAll(values) || isTheOnly(actual);
    }

    private boolean isTheOnly(JsonNode array) {
      return values.size() == 1 && JsonOrder.INSTANCE.compare(values.get(0), array) == 0;
    }

    @Override
    public String toString() {
      return "$all " + values;
    }
  }

  /** {@code $version}: a string of numbers with dots that compares so with another. */
  record OfVersion(Comparison comparison, Version version) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      return actual.isTextual() && matchesText(actual.textValue());
    }

    boolean matchesText(String text) {
      return Version.parse(text).filter(v -> comparison.holds(v.compareTo(version))).isPresent();
    }

    @Override
    public String toString() {
      return "$version " + comparison.operator() + " " + version;
    }
  }

  /** A value that {@code test} does not match. */
  record Not(ValueTest test) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      return !test.matches(actual);
    }

    @Override
    public String toString() {
      return "$not " + test;
    }
  }

  /** One value that passes one of the tests: the negation of {@link Every}. */
  record Some(List<ValueTest> tests) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      return tests.stream().anyMatch(test -> test.matches(actual));
    }

    @Override
    public String toString() {
      return joined(tests, " or ");
    }
  }

  /** One value that passes every test. */
  record Every(List<ValueTest> tests) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      return tests.stream().allMatch(test -> test.matches(actual));
    }

    @Override
    public String toString() {
      return joined(tests, ", ");
    }
  }
}
