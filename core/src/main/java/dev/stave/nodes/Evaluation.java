package dev.stave.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of a query over one document: its root, and what it may still do. For one thread. */
final class Evaluation {

  /** Steps for each character of a pattern and of its repetitions: it bounds their memory too. */
  private static final long COMPILING = 100;

  private final Node root;
  private final Map<String, Optional<IRegexp>> patterns = new HashMap<>();
  private long stepsLeft = NodeQuery.MAX_STEPS;

  Evaluation(Node root) {
    this.root = root;
  }

  Node root() {
    return root;
  }

  /** The nodes that {@code segments} lead to from {@code start}, one segment after the other. */
  List<Node> nodes(List<Segment> segments, Node start) {
    List<Node> nodes = List.of(start);
    for (Segment segment : segments) {
      List<Node> next = new ArrayList<>();
      for (Node node : nodes) {
        segment.select(node, this, next);
      }
      nodes = next;
    }
    return nodes;
  }

  /** Takes {@code node} into {@code found}. */
  void find(Node node, List<Node> found) {
    spend(1);
    if (found.size() == NodeQuery.MAX_NODES) {
      throw new NodeQueryException(
          "the JSONPath finds too many nodes: narrow it", "limit", NodeQuery.MAX_NODES);
    }
    found.add(node);
  }

  /** Counts work, and ends it where it is too much. */
  void spend(long steps) {
    stepsLeft -= steps;
    if (stepsLeft < 0) {
      throw new NodeQueryException(
          "the JSONPath takes too many steps: narrow it", "limit", NodeQuery.MAX_STEPS);
    }
  }

  /** Counts going through {@code text} once. */
  void spendOn(String text) {
    spend(1 + text.length() / 64);
  }

  /** Whether two values are the same, by RFC 9535; null is the RFC's Nothing. */
  boolean areEqual(@Nullable JsonNode left, @Nullable JsonNode right) {
    spend(1);
    if (left == null || right == null) {
      return left == right;
    }
    if (left.isNumber() && right.isNumber()) {
      return JsonOrder.INSTANCE.compare(left, right) == 0;
    }
    if (left.getNodeType() != right.getNodeType() || left.size() != right.size()) {
      return false;
    }
    if (left.isArray()) {
      for (int i = 0; i < left.size(); i++) {
        if (!areEqual(left.get(i), right.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (left.isObject()) {
      for (Map.Entry<String, JsonNode> member : left.properties()) {
        JsonNode other = right.get(member.getKey());
        if (other == null || !areEqual(member.getValue(), other)) {
          return false;
        }
      }
      return true;
    }
    if (left.isTextual()) {
      spendOn(left.textValue());
    }
    return left.equals(right);
  }

  /** Whether {@code left} is less than {@code right}: two numbers or two strings, nothing else. */
  boolean isLess(@Nullable JsonNode left, @Nullable JsonNode right) {
    spend(1);
    if (left == null || right == null) {
      return false;
    }
    if (left.isTextual() && right.isTextual()) {
      spendOn(left.textValue());
      return JsonOrder.compareText(left.textValue(), right.textValue()) < 0;
    }
    return left.isNumber() && right.isNumber() && JsonOrder.INSTANCE.compare(left, right) < 0;
  }

  /** Whether {@code pattern} matches all of {@code text}, or with {@code anywhere} a part of it. */
  boolean matches(String text, String pattern, boolean anywhere) {
    spendOn(pattern);
    Optional<IRegexp> compiled = patterns.get(pattern);
    if (compiled == null) {
      compiled = IRegexp.parse(pattern);
      spend(COMPILING * (pattern.length() + compiled.map(IRegexp::size).orElse(0)));
      patterns.put(pattern, compiled);
    }
    if (!compiled.isPresent()) {
      return false;
    }
    spend((1 + (long) text.length()) * compiled.get().size());
    return compiled.get().matches(text, anywhere);
  }
}
