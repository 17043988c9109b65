package dev.stave.server.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code _count}, {@code _sum}, {@code _stats} and {@code _approx_count_distinct}. */
final class BuiltInReducer {

  private static final String SUM =
      "The _sum function requires that map values be numbers, arrays of numbers, or objects."
          + " Objects cannot be mixed with other data structures. Objects can be arbitrarily"
          + " nested, provided that the values for all fields are themselves numbers, arrays of"
          + " numbers, or objects.";
  private static final String STATS =
      "The _stats function requires that map values be numbers or arrays of numbers, or what"
          + " _stats has made.";

  private BuiltInReducer() {}

  static Reducer of(String name) {
    return switch (name) {
      case "_count" -> new Count();
      case "_sum" -> new Fold(SUM, BuiltInReducer::plus);
      case "_stats" -> new Fold(STATS, BuiltInReducer::withStats);
      default -> new DistinctKeys();
    };
  }

  private static final class Count implements Reducer {
    private long count;

    @Override
    public void add(ViewRow row) {
      count++;
    }

    @Override
    public JsonNode result() {
      return LongNode.valueOf(count);
    }
  }

  /** What is so far and one more value; null if the value does not fit. */
  private interface Step {
    @Nullable JsonNode take(@Nullable JsonNode sum, JsonNode value);
  }

  /** A value that does not fit is told in the result, as CouchDB does. */
  private static final class Fold implements Reducer {
    private final String rule;
    private final Step step;
    private @Nullable JsonNode sum;
    private @Nullable JsonNode misfit;

    Fold(String rule, Step step) {
      this.rule = rule;
      this.step = step;
    }

    @Override
    public void add(ViewRow row) {
      if (misfit == null) {
        JsonNode value = row.value();
        sum = step.take(sum, value);
        misfit = sum == null ? value : null;
      }
    }

    @Override
    public JsonNode result() {
      if (sum != null) {
        return sum;
      }
      return JsonNodeFactory.instance
          .objectNode()
          .put("error", "builtin_reduce_error")
          .put("reason", rule)
          .set("caused_by", misfit);
    }
  }

  private static @Nullable JsonNode plus(@Nullable JsonNode sum, JsonNode value) {
    if (value.isNumber()) {
      return sum == null
          ? value
          : sum.isNumber() ? add(sum, value) : sum.isArray() ? plusArray(sum, array(value)) : null;
    }
    if (value.isArray()) {
      JsonNode before =
          sum == null ? JsonNodeFactory.instance.arrayNode() : sum.isNumber() ? array(sum) : sum;
      return before.isArray() ? plusArray(before, value) : null;
    }
    if (value.isObject() && (sum == null || sum.isObject())) {
      return plusObject(sum, value);
    }
    return null;
  }

  private static ArrayNode array(JsonNode only) {
    return JsonNodeFactory.instance.arrayNode().add(only);
  }

  private static @Nullable JsonNode plusArray(JsonNode sum, JsonNode value) {
    ArrayNode sums = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < Math.max(sum.size(), value.size()); i++) {
      JsonNode left = sum.path(i);
      JsonNode right = value.path(i);
      if (!left.isMissingNode() && !left.isNumber()
          || !right.isMissingNode() && !right.isNumber()) {
        return null;
      }
      sums.add(left.isMissingNode() ? right : right.isMissingNode() ? left : add(left, right));
    }
    return sums;
  }

  private static @Nullable JsonNode plusObject(@Nullable JsonNode sum, JsonNode value) {
    ObjectNode sums =
        sum == null ? JsonNodeFactory.instance.objectNode() : ((ObjectNode) sum).deepCopy();
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      JsonNode added = plus(sums.get(member.getKey()), member.getValue());
      if (added == null) {
        return null;
      }
      sums.set(member.getKey(), added);
    }
    return sums;
  }

  /** Whole numbers stay exact; others are doubles, as they were when they were emitted. */
  static JsonNode add(JsonNode left, JsonNode right) {
    if (left.isIntegralNumber() && right.isIntegralNumber()) {
      return whole(left.bigIntegerValue().add(right.bigIntegerValue()));
    }
    return real(left.doubleValue() + right.doubleValue());
  }

  private static JsonNode whole(BigInteger sum) {
    return sum.bitLength() < Long.SIZE
        ? LongNode.valueOf(sum.longValue())
        : BigIntegerNode.valueOf(sum);
  }

  private static JsonNode real(double value) {
    boolean isWhole = value == Math.rint(value) && Math.abs(value) <= 1L << 53;
    if (Double.isInfinite(value)) {
      return JsonNodeFactory.instance.nullNode();
    }
    return isWhole
        ? LongNode.valueOf((long) value)
        : DecimalNode.valueOf(BigDecimal.valueOf(value));
  }

  private static @Nullable JsonNode withStats(@Nullable JsonNode stats, JsonNode value) {
    if (value.isArray()) {
      return statsOfArray(stats, value);
    }
    JsonNode more = statsOf(value);
    return more == null ? null : stats == null ? more : stats.isObject() ? both(stats, more) : null;
  }

  private static @Nullable JsonNode statsOfArray(@Nullable JsonNode stats, JsonNode values) {
    if (stats != null && (!stats.isArray() || stats.size() != values.size())) {
      return null;
    }
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < values.size(); i++) {
      JsonNode more = statsOf(values.get(i));
      if (more == null) {
        return null;
      }
      all.add(stats == null ? more : both(stats.get(i), more));
    }
    return all;
  }

  private static @Nullable JsonNode statsOf(JsonNode value) {
    if (value.isNumber()) {
      ObjectNode stats = JsonNodeFactory.instance.objectNode();
      stats.set("sum", value);
      stats.put("count", 1).set("min", value);
      stats.set("max", value);
      stats.set("sumsqr", square(value));
      return stats;
    }
    boolean isStats = value.isObject();
    for (String member : new String[] {"sum", "count", "min", "max", "sumsqr"}) {
      isStats &= value.path(member).isNumber();
    }
    return isStats ? value : null;
  }

  private static JsonNode square(JsonNode value) {
    return value.isIntegralNumber()
        ? whole(value.bigIntegerValue().pow(2))
        : real(value.doubleValue() * value.doubleValue());
  }

  private static JsonNode both(JsonNode left, JsonNode right) {
    ObjectNode both = JsonNodeFactory.instance.objectNode();
    boolean rightIsLess =
        right.get("min").decimalValue().compareTo(left.get("min").decimalValue()) < 0;
    boolean rightIsMore =
        right.get("max").decimalValue().compareTo(left.get("max").decimalValue()) > 0;
    both.set("sum", add(left.get("sum"), right.get("sum")));
    both.set("count", add(left.get("count"), right.get("count")));
    both.set("min", (rightIsLess ? right : left).get("min"));
    both.set("max", (rightIsMore ? right : left).get("max"));
    both.set("sumsqr", add(left.get("sumsqr"), right.get("sumsqr")));
    return both;
  }
}
