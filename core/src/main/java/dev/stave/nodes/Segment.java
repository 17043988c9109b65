package dev.stave.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * One step of a query: its selectors, applied to a node or, after {@code ..}, to the node and all
 * below it.
 */
record Segment(boolean descends, List<NodeSelector> selectors) {

  void select(Node node, Evaluation run, List<Node> found) {
    for (NodeSelector selector : selectors) {
      selector.select(node, run, found);
    }
    if (!descends) {
      return;
    }
    JsonNode value = node.sharedValue();
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        run.spend(1);
        select(node.element(i), run, found);
      }
    }
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      run.spend(1);
      select(node.member(member.getKey(), member.getValue()), run, found);
    }
  }

  /** Whether it leads to one node at most. */
  boolean isSingular() {
    return !descends
        && selectors.size() == 1
        && (selectors.get(0) instanceof NodeSelector.Name
            || selectors.get(0) instanceof NodeSelector.Index);
  }
}
