package dev.stave.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands in the brackets of a segment: it selects children of a node. */
sealed interface NodeSelector {

  /** Adds the children that this selects to {@code found}. */
  void select(Node node, Evaluation run, List<Node> found);

  /** The member of that name. */
  record Name(String name) implements NodeSelector {
    @Override
    public void select(Node node, Evaluation run, List<Node> found) {
      run.spend(1);
      JsonNode value = node.sharedValue().get(name);
      if (value != null) {
        run.find(node.member(name, value), found);
      }
    }
  }

  /** All children. */
  record Wildcard() implements NodeSelector {
    @Override
    public void select(Node node, Evaluation run, List<Node> found) {
      eachChild(node, run, child -> run.find(child, found));
    }
  }

  /** The element at that place, counted from the end if it is negative. */
  record Index(long index) implements NodeSelector {
    @Override
    public void select(Node node, Evaluation run, List<Node> found) {
      run.spend(1);
      JsonNode array = node.sharedValue();
      long place = index < 0 ? array.size() + index : index;
      if (array.isArray() && place >= 0 && place < array.size()) {
        run.find(node.element((int) place), found);
      }
    }
  }

  /** The elements from {@code start} to before {@code end}, by {@code step}. */
  record Slice(@Nullable Long start, @Nullable Long end, long step) implements NodeSelector {
    @Override
    public void select(Node node, Evaluation run, List<Node> found) {
      run.spend(1);
      JsonNode array = node.sharedValue();
      if (!array.isArray() || step == 0) {
        return;
      }
      long length = array.size();
      if (step > 0) {
        long from = within(0, length, place(start, 0, length));
        long to = within(0, length, place(end, length, length));
        for (long i = from; i < to; i += step) {
          run.find(node.element((int) i), found);
        }
      } else {
        long from = within(-1, length - 1, place(start, length - 1, length));
        long to = within(-1, length - 1, place(end, -length - 1, length));
        for (long i = from; i > to; i += step) {
          run.find(node.element((int) i), found);
        }
      }
    }

    private static long place(@Nullable Long bound, long otherwise, long length) {
      long given = bound == null ? otherwise : bound;
      return given < 0 ? length + given : given;
    }

    private static long within(long least, long most, long place) {
      return Math.min(Math.max(place, least), most);
    }
  }

  /** The children for which a condition holds. */
  record Filter(Condition condition) implements NodeSelector {
    @Override
    public void select(Node node, Evaluation run, List<Node> found) {
      eachChild(
          node,
          run,
          child -> {
            if (condition.holds(child, run)) {
              run.find(child, found);
            }
          });
    }
  }

  /** Takes one child after the other. */
  interface Children {
    void take(Node child);
  }

  private static void eachChild(Node node, Evaluation run, Children children) {
    JsonNode value = node.sharedValue();
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        run.spend(1);
        children.take(node.element(i));
      }
    }
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      run.spend(1);
      children.take(node.member(member.getKey(), member.getValue()));
    }
  }
}
