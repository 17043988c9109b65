package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonOrder;
import java.math.BigDecimal;
import java.util.Map;

/**
 * A JSON value as a key of a map: equal by value as {@link JsonOrder} has it, so that 1 and 1.0 are
 * one, and the order of members does not matter. A missing value equals a missing one only.
 */
record SameValue(JsonNode node) {

  private static final int LONG_DIGITS = 19;

  /** As {@link JsonOrder} would say, but it sorts no members, and looks no further than needed. */
  static boolean same(JsonNode left, JsonNode right) {
    if (left == right) {
      return true;
    }
    if (left.isObject()) {
      return right.isObject() && sameMembers(left, right);
    }
    if (left.isArray()) {
      return right.isArray() && sameElements(left, right);
    }
    if (left.isTextual()) {
      return right.isTextual() && left.textValue().equals(right.textValue());
    }
    if (left.isMissingNode() || right.isMissingNode()) {
      return left.isMissingNode() && right.isMissingNode();
    }
    return JsonOrder.INSTANCE.compare(left, right) == 0;
  }

  private static boolean sameMembers(JsonNode left, JsonNode right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (Map.Entry<String, JsonNode> member : left.properties()) {
      if (!same(member.getValue(), right.path(member.getKey()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameElements(JsonNode left, JsonNode right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!same(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SameValue that && same(node, that.node);
  }

  @Override
  public int hashCode() {
    return hash(node);
  }

  private static int hash(JsonNode value) {
    if (value.isTextual()) {
      return value.textValue().hashCode();
    }
    if (value.isNumber()) {
      return numberHash(value);
    }
    int hash = value.size() + (value.isObject() ? 7 : value.isArray() ? 11 : 13);
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      hash += member.getKey().hashCode() * 31 ^ hash(member.getValue()); // in whatever order
    }
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      hash = 31 * hash + hash(value.get(i));
    }
    return value.isBoolean() && value.booleanValue() ? 17 : hash;
  }

  private static int numberHash(JsonNode number) {
    if (number.isInt() || number.isLong()) {
      return Long.hashCode(number.longValue());
    }
    BigDecimal value = number.decimalValue();
    if (value.signum() == 0) {
      return 0;
    }
    BigDecimal shortest = value.stripTrailingZeros();
    boolean mayBeLong =
        shortest.scale() <= 0 && (long) shortest.precision() - shortest.scale() <= LONG_DIGITS;
    return mayBeLong && shortest.toBigIntegerExact().bitLength() < Long.SIZE
        ? Long.hashCode(shortest.longValueExact())
        : shortest.hashCode();
  }
}
