package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A condition on one value that is there. */
public sealed interface ValueTest {

  boolean matches(JsonNode value);

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

  /** {@code $in}: one of {@code values}; of an array, itself or any of its elements. */
  record In(List<JsonNode> values) implements ValueTest {

    /** Keeps {@code values} in order, so that looking one up among many is cheap. */
    public In {
      values = values.stream().sorted(JsonOrder.INSTANCE).collect(Collectors.toList());
    }

    @Override
    public boolean matches(JsonNode actual) {
      if (isAmong(actual)) {
        return true;
      }
      if (actual.isArray()) {
        for (JsonNode element : actual) {
          if (isAmong(element)) {
            return true;
          }
        }
      }
      return false;
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
      if (actual.isArray()) {
        for (JsonNode element : actual) {
          if (selector.matchesValue(element)) {
            return true;
          }
        }
      }
      return false;
    }

    @Override
    public String toString() {
      return "$elemMatch " + selector;
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

  /** One value that passes every test. */
  record Every(List<ValueTest> tests) implements ValueTest {
    @Override
    public boolean matches(JsonNode actual) {
      return tests.stream().allMatch(test -> test.matches(actual));
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      tests.forEach(test -> text.append(text.length() == 0 ? "" : ", ").append(test));
      return text.toString();
    }
  }
}
