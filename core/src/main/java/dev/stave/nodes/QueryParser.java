package dev.stave.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads RFC 9535's grammar by recursive descent, and checks what the grammar leaves to words: the
 * types of functions, and that a query that is compared finds one node at most.
 *
 * <p>Blanks may stand inside the brackets of such a query too. The RFC's grammar has none there;
 * that is taken for an oversight, since they may stand in every other bracket.
 */
final class QueryParser {

  /** The longer ones first. */
  private static final List<String> COMPARISONS = List.of("==", "!=", "<=", ">=", "<", ">");

  private final QueryText text;
  private int nesting;

  QueryParser(String text) {
    this.text = new QueryText(text);
  }

  /** The whole text. */
  List<Segment> query() {
    text.expect("$");
    List<Segment> segments = segments();
    if (!text.isAtEnd()) {
      throw text.wrong("expected . or [ or the end");
    }
    return segments;
  }

  private List<Segment> segments() {
    List<Segment> segments = new ArrayList<>();
    while (true) {
      int before = text.place();
      text.skipBlanks();
      if (text.take("..")) {
        segments.add(new Segment(true, text.peek() == '[' ? bracketed() : afterDot()));
      } else if (text.take(".")) {
        segments.add(new Segment(false, afterDot()));
      } else if (text.peek() == '[') {
        segments.add(new Segment(false, bracketed()));
      } else {
        text.goBackTo(before); // the blanks are not of this query
        return List.copyOf(segments);
      }
    }
  }

  private List<NodeSelector> afterDot() {
    return List.of(
        text.take("*") ? new NodeSelector.Wildcard() : new NodeSelector.Name(text.shorthandName()));
  }

  private List<NodeSelector> bracketed() {
    text.expect("[");
    List<NodeSelector> selectors = new ArrayList<>();
    do {
      text.skipBlanks();
      selectors.add(selector());
      text.skipBlanks();
    } while (text.take(","));
    text.expect("]");
    return List.copyOf(selectors);
  }

  private NodeSelector selector() {
    if (text.isAtString()) {
      return new NodeSelector.Name(text.string());
    }
    if (text.take("*")) {
      return new NodeSelector.Wildcard();
    }
    if (text.take("?")) {
      text.skipBlanks();
      return new NodeSelector.Filter(nested(this::or));
    }
    if (!text.isAtInteger() && text.peek() != ':') {
      throw text.wrong("expected a name in quotes, an index, a slice, * or ?");
    }
    Long first = text.isAtInteger() ? text.integer() : null;
    int before = text.place();
    text.skipBlanks();
    if (text.take(":")) {
      return slice(first);
    }
    if (first == null) {
      throw text.wrong("expected :");
    }
    text.goBackTo(before);
    return new NodeSelector.Index(first);
  }

  private NodeSelector slice(@Nullable Long start) {
    text.skipBlanks();
    Long end = text.isAtInteger() ? text.integer() : null;
    text.skipBlanks();
    long step = 1;
    if (text.take(":")) {
      text.skipBlanks();
      step = text.isAtInteger() ? text.integer() : 1;
    }
    return new NodeSelector.Slice(start, end, step);
  }

  /** A part of the grammar that may hold itself. */
  private interface Part<T> {
    T read();
  }

  private <T> T nested(Part<T> part) {
    if (++nesting > NodeQuery.MAX_NESTING) {
      throw text.wrong("nested deeper than " + NodeQuery.MAX_NESTING);
    }
    T read = part.read();
    nesting--;
    return read;
  }

  private Condition or() {
    List<Condition> parts = new ArrayList<>();
    do {
      text.skipBlanks();
      parts.add(and());
      text.skipBlanks();
    } while (text.take("||"));
    return parts.size() == 1 ? parts.get(0) : new Condition.Or(parts);
  }

  private Condition and() {
    List<Condition> parts = new ArrayList<>();
    do {
      text.skipBlanks();
      parts.add(basic());
      text.skipBlanks();
    } while (text.take("&&"));
    return parts.size() == 1 ? parts.get(0) : new Condition.And(parts);
  }

  private Condition basic() {
    if (text.take("!")) {
      text.skipBlanks();
      int place = text.place();
      return new Condition.Not(text.peek() == '(' ? parenthesis() : test(operandOrMatch(), place));
    }
    if (text.peek() == '(') {
      return parenthesis();
    }
    int before = text.place();
    Object left = operandOrMatch();
    String operator = comparison();
    if (operator == null) {
      return test(left, before);
    }
    text.skipBlanks();
    Operand first = comparable(left, before);
    int second = text.place();
    return new Condition.Compare(first, operator, comparable(operandOrMatch(), second));
  }

  private Condition parenthesis() {
    text.expect("(");
    Condition inside = nested(this::or);
    text.expect(")");
    return inside;
  }

  private @Nullable String comparison() {
    text.skipBlanks();
    for (String operator : COMPARISONS) {
      if (text.take(operator)) {
        return operator;
      }
    }
    return null;
  }

  /** A query or a function that is true or false by itself. */
  private Condition test(Object tested, int place) {
    if (tested instanceof Condition.Match match) {
      return match;
    }
    if (tested instanceof Operand.Query query) {
      return new Condition.Exists(query);
    }
    text.goBackTo(place);
    throw text.wrong("a value alone is no condition: compare it");
  }

  private Operand comparable(Object operand, int place) {
    if (operand instanceof Operand.Query query && !query.isSingular()) {
      text.goBackTo(place);
      throw text.wrong("a query that is compared has names and indexes only");
    }
    if (operand instanceof Operand value) {
      return value;
    }
    text.goBackTo(place);
    throw text.wrong("match and search are conditions and cannot be compared");
  }

  /** An {@link Operand}, or a {@link Condition.Match}: what follows tells which may stand here. */
  private Object operandOrMatch() {
    if (text.take("@")) {
      return new Operand.Query(false, segments());
    }
    if (text.take("$")) {
      return new Operand.Query(true, segments());
    }
    if (text.isAtString()) {
      return new Operand.Literal(TextNode.valueOf(text.string()));
    }
    if (text.isAtInteger()) {
      return new Operand.Literal(text.number());
    }
    int before = text.place();
    String name = text.functionName();
    if (!name.isEmpty() && text.take("(")) {
      return nested(() -> function(name, before));
    }
    JsonNode word =
        switch (name) {
          case "true" -> BooleanNode.TRUE;
          case "false" -> BooleanNode.FALSE;
          case "null" -> NullNode.getInstance();
          default -> null;
        };
    if (word == null) {
      text.goBackTo(before);
      throw text.wrong("expected @, $, a literal or a function");
    }
    return new Operand.Literal(word);
  }

  private Object function(String name, int place) {
    Object function =
        switch (name) {
          case "length" -> new Operand.Length(valueArgument());
          case "count" -> new Operand.Count(queryArgument());
          case "value" -> new Operand.ValueOf(queryArgument());
          case "match", "search" -> {
            Operand subject = valueArgument();
            text.expect(",");
            yield new Condition.Match(subject, valueArgument(), name.equals("search"));
          }
          default -> {
            text.goBackTo(place);
            throw text.wrong("the functions are length, count, match, search and value");
          }
        };
    text.expect(")");
    return function;
  }

  private Operand valueArgument() {
    text.skipBlanks();
    int before = text.place();
    Operand argument = comparable(operandOrMatch(), before);
    text.skipBlanks();
    return argument;
  }

  private Operand.Query queryArgument() {
    text.skipBlanks();
    int before = text.place();
    Object argument = operandOrMatch();
    if (!(argument instanceof Operand.Query query)) {
      text.goBackTo(before);
      throw text.wrong("count and value take a query");
    }
    text.skipBlanks();
    return query;
  }
}
