package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a selector in Java: a path, of which one method says what is to stand there.
 *
 * <pre>{@code
 * where("address.city").eq("Paris").and(where("age").gte(18))
 * }</pre>
 *
 * Each method means what the operator of Mango does that it names, and throws {@link
 * InvalidSelectorException} where that refuses its argument. Several conditions on one path that
 * leads into arrays may be met by different values; by one value they are met in {@link
 * #elemMatch}.
 */
public final class Where {

  private static final JsonNodeFactory JSON = JsonNodeFactory.withExactBigDecimals(true);

  private final @Nullable String path;

  /** Of a path, or with null of an element of an array itself. */
  Where(@Nullable String path) {
    this.path = path;
  }

  private Selector is(String operator, JsonNode argument) {
    ObjectNode condition = JSON.objectNode();
    condition.set(operator, argument);
    return path == null
        ? SelectorParser.parseOfValue(condition)
        : SelectorParser.parse((JsonNode) JSON.objectNode().set(path, condition));
  }

  private static JsonNode text(String value) {
    return JSON.textNode(value);
  }

  private static JsonNode number(double value) {
    return JSON.numberNode(value);
  }

  private static ArrayNode list(JsonNode... values) {
    ArrayNode list = JSON.arrayNode();
    for (JsonNode value : values) {
      list.add(value);
    }
    return list;
  }

  private static ArrayNode texts(String... values) {
    ArrayNode list = JSON.arrayNode();
    for (String value : values) {
      list.add(value);
    }
    return list;
  }

  private static ArrayNode numbers(long... values) {
    ArrayNode list = JSON.arrayNode();
    for (long value : values) {
      list.add(value);
    }
    return list;
  }

  public Selector eq(String value) {
    return is("$eq", text(value));
  }

  public Selector eq(long value) {
    return is("$eq", JSON.numberNode(value));
  }

  public Selector eq(double value) {
    return is("$eq", number(value));
  }

  public Selector eq(BigDecimal value) {
    return is("$eq", JSON.numberNode(value));
  }

  public Selector eq(boolean value) {
    return is("$eq", JSON.booleanNode(value));
  }

  /** Equal to any JSON value: of arrays and objects the whole of it. */
  public Selector eq(JsonNode value) {
    return is("$eq", value);
  }

  /** Is there, and null. */
  public Selector isNull() {
    return is("$eq", JSON.nullNode());
  }

  public Selector ne(String value) {
    return is("$ne", text(value));
  }

  public Selector ne(long value) {
    return is("$ne", JSON.numberNode(value));
  }

  public Selector ne(double value) {
    return is("$ne", number(value));
  }

  public Selector ne(BigDecimal value) {
    return is("$ne", JSON.numberNode(value));
  }

  public Selector ne(boolean value) {
    return is("$ne", JSON.booleanNode(value));
  }

  public Selector ne(JsonNode value) {
    return is("$ne", value);
  }

  public Selector gt(String value) {
    return is("$gt", text(value));
  }

  public Selector gt(long value) {
    return is("$gt", JSON.numberNode(value));
  }

  public Selector gt(double value) {
    return is("$gt", number(value));
  }

  public Selector gt(BigDecimal value) {
    return is("$gt", JSON.numberNode(value));
  }

  public Selector gte(String value) {
    return is("$gte", text(value));
  }

  public Selector gte(long value) {
    return is("$gte", JSON.numberNode(value));
  }

  public Selector gte(double value) {
    return is("$gte", number(value));
  }

  public Selector gte(BigDecimal value) {
    return is("$gte", JSON.numberNode(value));
  }

  public Selector lt(String value) {
    return is("$lt", text(value));
  }

  public Selector lt(long value) {
    return is("$lt", JSON.numberNode(value));
  }

  public Selector lt(double value) {
    return is("$lt", number(value));
  }

  public Selector lt(BigDecimal value) {
    return is("$lt", JSON.numberNode(value));
  }

  public Selector lte(String value) {
    return is("$lte", text(value));
  }

  public Selector lte(long value) {
    return is("$lte", JSON.numberNode(value));
  }

  public Selector lte(double value) {
    return is("$lte", number(value));
  }

  public Selector lte(BigDecimal value) {
    return is("$lte", JSON.numberNode(value));
  }

  public Selector in(String... values) {
    return is("$in", texts(values));
  }

  public Selector in(long... values) {
    return is("$in", numbers(values));
  }

  public Selector in(JsonNode... values) {
    return is("$in", list(values));
  }

  public Selector nin(String... values) {
    return is("$nin", texts(values));
  }

  public Selector nin(long... values) {
    return is("$nin", numbers(values));
  }

  public Selector nin(JsonNode... values) {
    return is("$nin", list(values));
  }

  /** An array that has each of {@code values}. */
  public Selector all(String... values) {
    return is("$all", texts(values));
  }

  public Selector all(long... values) {
    return is("$all", numbers(values));
  }

  public Selector all(JsonNode... values) {
    return is("$all", list(values));
  }

  public Selector exists() {
    return is("$exists", JSON.booleanNode(true));
  }

  public Selector missing() {
    return is("$exists", JSON.booleanNode(false));
  }

  /** Of a type by its name in Mango, such as {@code "number"}. */
  public Selector type(String name) {
    return is("$type", text(name));
  }

  /** An array of so many elements. */
  public Selector size(int elements) {
    return is("$size", JSON.numberNode(elements));
  }

  /** A whole number that leaves {@code remainder}. */
  public Selector mod(long divisor, long remainder) {
    return is("$mod", numbers(divisor, remainder));
  }

  public Selector beginsWith(String prefix) {
    return is("$beginsWith", text(prefix));
  }

  /** A string in which RE2's expression is found. */
  public Selector regex(String expression) {
    return is("$regex", text(expression));
  }

  /**
   * An array with an element that meets {@code conditions}, whose paths begin at the element;
   * {@link Selector#element()} is the element itself.
   */
  public Selector elemMatch(Selector conditions) {
    return within(new ValueTest.ElemMatch(conditions));
  }

  /** An array with elements, all of which meet {@code conditions}. */
  public Selector allMatch(Selector conditions) {
    return within(new ValueTest.AllMatch(conditions));
  }

  private Selector within(ValueTest test) {
    return new Selector.Has(((Selector.Has) exists()).path(), test);
  }
}
