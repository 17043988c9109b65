package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stave.json.JsonLimits;
import dev.stave.json.JsonOrder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the strategies make of the values that sides changed something into. Null where that is not
 * for them. None depends on the order of the values.
 */
final class Decisions {

  private Decisions() {}

  static @Nullable JsonNode most(List<JsonNode> values, Comparator<JsonNode> order) {
    boolean comparable =
        values.stream().allMatch(JsonNode::isNumber)
            || values.stream().allMatch(JsonNode::isTextual);
    return comparable ? values.stream().max(order).orElse(null) : null;
  }

  static @Nullable JsonNode sum(JsonNode base, List<JsonNode> values) {
    if (!(base.isMissingNode() || isCount(base)) || !values.stream().allMatch(Decisions::isCount)) {
      return null;
    }
    BigDecimal start = base.isMissingNode() ? BigDecimal.ZERO : base.decimalValue();
    BigDecimal sum = start;
    for (JsonNode value : values) {
      sum = sum.add(value.decimalValue()).subtract(start);
    }
    BigDecimal shortest = sum.signum() == 0 ? BigDecimal.ZERO : sum.stripTrailingZeros();
    if (shortest.precision() > JsonLimits.MAX_NUMBER_DIGITS
        || !isInBounds((long) shortest.precision() - shortest.scale())) {
      return null;
    }
    boolean isLong =
        shortest.scale() <= 0
            && shortest.precision() - shortest.scale() <= 19
            && shortest.toBigIntegerExact().bitLength() < Long.SIZE;
    return isLong
        ? JsonNodeFactory.instance.numberNode(shortest.longValueExact())
        : DecimalNode.valueOf(shortest);
  }

  /** A number far out of bounds, which no document holds, could take all memory to add up. */
  private static boolean isCount(JsonNode value) {
    return value.isNumber()
        && isInBounds(value.decimalValue().precision() - (long) value.decimalValue().scale());
  }

  private static boolean isInBounds(long integerDigits) {
    return Math.abs(integerDigits) <= JsonLimits.MAX_EXPONENT;
  }

  static @Nullable JsonNode union(JsonNode base, List<JsonNode> values) {
    if (!(base.isMissingNode() || base.isArray()) || !values.stream().allMatch(JsonNode::isArray)) {
      return null;
    }
    Set<SameValue> before = new LinkedHashSet<>(Alignment.elements(base));
    Set<SameValue> kept = new LinkedHashSet<>(before);
    Set<JsonNode> added = new TreeSet<>(JsonOrder.INSTANCE);
    for (JsonNode value : values) {
      Set<SameValue> elements = new HashSet<>(Alignment.elements(value));
      kept.retainAll(elements);
      elements.removeAll(before);
      elements.forEach(element -> added.add(element.node()));
    }
    ArrayNode union = JsonNodeFactory.instance.arrayNode();
    kept.forEach(element -> union.add(element.node()));
    return union.addAll(added);
  }

  /** An array counts as its elements, so that keeping once more makes no array of arrays. */
  static JsonNode all(List<JsonNode> values) {
    List<JsonNode> live = new ArrayList<>(values);
    live.removeIf(JsonNode::isMissingNode);
    JsonNode first = live.get(0);
    if (live.stream().allMatch(value -> SameValue.same(first, value))) {
      return first; // against deletion
    }
    Set<JsonNode> different = new TreeSet<>(JsonOrder.INSTANCE);
    for (JsonNode value : live) {
      if (value.isArray()) {
        value.forEach(different::add);
      } else {
        different.add(value);
      }
    }
    return JsonNodeFactory.instance.arrayNode().addAll(different);
  }
}
