package dev.stave.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value in a filter. */
sealed interface Operand {

  /** The value; null if there is none, RFC 9535's Nothing. */
  @Nullable JsonNode value(Node current, Evaluation run);

  /** A number, a string, true, false or null. */
  record Literal(JsonNode value) implements Operand {
    @Override
    public JsonNode value(Node current, Evaluation run) {
      return value;
    }
  }

  /** A query from the node at hand, {@code @}, or from the root, {@code $}. */
  record Query(boolean fromRoot, List<Segment> segments) implements Operand {
    List<Node> nodes(Node current, Evaluation run) {
      return run.nodes(segments, fromRoot ? run.root() : current);
    }

    boolean isSingular() {
      return segments.stream().allMatch(Segment::isSingular);
    }

    /** Of the only node. */
    @Override
    public @Nullable JsonNode value(Node current, Evaluation run) {
      List<Node> nodes = nodes(current, run);
      return nodes.size() == 1 ? nodes.get(0).sharedValue() : null;
    }
  }

  /** {@code value} of the only node that a query finds, which may find many. */
  record ValueOf(Query query) implements Operand {
    @Override
    public @Nullable JsonNode value(Node current, Evaluation run) {
      return query.value(current, run);
    }
  }

  /** {@code length}: code points of a string, children of an array or object. */
  record Length(Operand of) implements Operand {
    @Override
    public @Nullable JsonNode value(Node current, Evaluation run) {
      JsonNode value = of.value(current, run);
      if (value == null || !(value.isTextual() || value.isContainerNode())) {
        return null;
      }
      if (value.isContainerNode()) {
        return IntNode.valueOf(value.size());
      }
      String text = value.textValue();
      run.spendOn(text);
      return IntNode.valueOf(text.codePointCount(0, text.length()));
    }
  }

  /** {@code count} of the nodes that a query finds. */
  record Count(Query query) implements Operand {
    @Override
    public JsonNode value(Node current, Evaluation run) {
      return IntNode.valueOf(query.nodes(current, run).size());
    }
  }
}
