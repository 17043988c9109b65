package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which documents: CouchDB's Mango, compiled. Immutable.
 *
 * <p>As in Mango a condition on a path that a document does not have is false, but for {@code
 * $exists: false}; and {@code $not} and {@code $nor} are moved down to the conditions by De
 * Morgan's laws, so that {@code {"$not": {"a": {"$gt": 1}}}} means that {@code a} is there and at
 * most 1.
 *
 * <p>Beyond Mango a path may have wildcards, see {@link JsonPath}: a condition on such a path holds
 * if it holds for any value there. Several conditions written in one object are met by the same
 * value.
 */
public sealed interface Selector {

  /** Characters after which a selector that is written out, for people to read, is cut. */
  int MAX_TEXT = 1_000;

  /** All of {@code parts}; with none of them, everything. */
  record And(List<Selector> parts) implements Selector {
    @Override
    public boolean matches(@Nullable String id, JsonNode value) {
      return parts.stream().allMatch(part -> part.matches(id, value));
    }

    @Override
    public Selector negate() {
      return new Or(negated(parts));
    }

    @Override
    public String toString() {
      return parts.isEmpty() ? "everything" : joined(parts, " and ");
    }
  }

  /** Any of {@code parts}; with none of them, nothing. */
  record Or(List<Selector> parts) implements Selector {
    @Override
    public boolean matches(@Nullable String id, JsonNode value) {
      return parts.stream().anyMatch(part -> part.matches(id, value));
    }

    @Override
    public Selector negate() {
      return new And(negated(parts));
    }

    @Override
    public String toString() {
      return parts.isEmpty() ? "nothing" : joined(parts, " or ");
    }
  }

  /** A value at {@code path} that passes {@code test}. */
  record Has(JsonPath path, ValueTest test) implements Selector {
    @Override
    public boolean matches(@Nullable String id, JsonNode value) {
      return (id != null && path.isId())
          ? test.matches(TextNode.valueOf(id))
          : path.anyMatch(value, test::matches);
    }

    @Override
    public Selector negate() {
      return test instanceof ValueTest.Present
          ? new Lacks(path)
          : new Has(path, ValueTest.negationOf(test));
    }

    @Override
    public String toString() {
      return cut(path + " " + test);
    }
  }

  /** No value at {@code path}. */
  record Lacks(JsonPath path) implements Selector {
    @Override
    public boolean matches(@Nullable String id, JsonNode value) {
      return !new Has(path, new ValueTest.Present()).matches(id, value);
    }

    @Override
    public Selector negate() {
      return new Has(path, new ValueTest.Present());
    }

    @Override
    public String toString() {
      return cut(path + " $exists false");
    }
  }

  /** Every document. */
  static Selector everything() {
    return new And(List.of());
  }

  /**
   * Compiles a copy of a selector.
   *
   * @throws InvalidSelectorException if an operator is unknown, or its argument of the wrong type
   *     or nothing that a document may hold
   */
  static Selector of(JsonNode selector) {
    return SelectorParser.parse(selector);
  }

  /** As {@link #of}, from JSON text. */
  static Selector parse(String json) {
    return SelectorParser.parse(json);
  }

  /**
   * Begins a selector in Java: {@code where("address.city").eq("Paris")}. The path is written as in
   * JSON, dots between its steps.
   */
  static Where where(String path) {
    return new Where(path);
  }

  /** Begins a condition on an element itself, for {@link Where#elemMatch}. */
  static Where element() {
    return new Where(null);
  }

  /** This and {@code other}. */
  default Selector and(Selector other) {
    return new And(joined(this instanceof And and ? and.parts() : List.of(this), other));
  }

  /** This or {@code other}, or both. */
  default Selector or(Selector other) {
    return new Or(joined(this instanceof Or or ? or.parts() : List.of(this), other));
  }

  /** One list, however long a chain is: nesting it would use up the stack. */
  private static List<Selector> joined(List<Selector> parts, Selector last) {
    List<Selector> longer = new ArrayList<>(parts);
    longer.add(last);
    return longer;
  }

  /** Whether the document of this id and body is one of them. */
  boolean matches(@Nullable String id, JsonNode body);

  /** Whether a value inside a document is one of them; it has no id. */
  default boolean matchesValue(JsonNode value) {
    return matches(null, value);
  }

  /** {@code $not} of this. */
  Selector negate();

  private static List<Selector> negated(List<Selector> parts) {
    return parts.stream().map(Selector::negate).collect(Collectors.toList());
  }

  private static String joined(List<Selector> parts, String word) {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < parts.size() && text.length() <= MAX_TEXT; i++) {
      text.append(i == 0 ? "" : word).append(parts.get(i));
    }
    return cut(text.append(')').toString());
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }
}
