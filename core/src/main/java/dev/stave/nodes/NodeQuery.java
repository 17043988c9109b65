package dev.stave.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonObject;
import java.util.List;

/**
 * A JSONPath expression, whole by RFC 9535: it finds nodes in a document. Immutable.
 *
 * <pre>{@code
 * NodeQuery cheap = NodeQuery.parse("$.items[?@.price < 10].name");
 * for (Node node : cheap.nodes(document.body())) {
 *   System.out.println(node.path() + " " + node.value());
 * }
 * }</pre>
 *
 * Numbers are compared by their exact value, strings by code points. Members of an object are met
 * in the order in which the document has them.
 */
public final class NodeQuery {

  /** The most characters of an expression. */
  public static final int MAX_LENGTH = 16_384;

  /** The most filters, parentheses and functions inside each other. */
  public static final int MAX_NESTING = 50;

  /**
   * The most steps of one evaluation: values looked at, found or compared, a text's characters by
   * 64, and for a pattern its characters times the pattern's size. Millions of them take a second.
   */
  public static final int MAX_STEPS = 20_000_000;

  /** The most nodes that are found, at the end or on the way. */
  public static final int MAX_NODES = 1_000_000;

  private final String text;
  private final List<Segment> segments;

  private NodeQuery(String text, List<Segment> segments) {
    this.text = text;
    this.segments = segments;
  }

  /**
   * Reads an expression.
   *
   * @throws NodeQueryException if it is none, or over a limit
   */
  public static NodeQuery parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new NodeQueryException(
          "the JSONPath is too long", "characters", text.length(), "limit", MAX_LENGTH);
    }
    return new NodeQuery(text, new QueryParser(text).query());
  }

  /**
   * The nodes of {@code document} that this finds, in RFC 9535's order; one may be there twice.
   *
   * @throws NodeQueryException if that takes more than {@value #MAX_STEPS} steps, or finds more
   *     than {@value #MAX_NODES} nodes
   */
  public List<Node> nodes(JsonObject document) {
    return nodes(document.sharedTree());
  }

  List<Node> nodes(JsonNode root) {
    Node first = Node.root(root);
    return new Evaluation(first).nodes(segments, first);
  }

  /** The expression as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
