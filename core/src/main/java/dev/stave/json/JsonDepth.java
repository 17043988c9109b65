package dev.stave.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** Looks at how deep a tree is without going down by recursion, which a deep one would break. */
final class JsonDepth {

  private JsonDepth() {}

  /**
   * Passes if objects and arrays are nested no deeper than {@link JsonLimits#MAX_DEPTH}.
   *
   * @throws InvalidJsonException if they are
   */
  static void check(JsonNode tree) {
    Deque<Iterator<JsonNode>> open = new ArrayDeque<>();
    open.push(tree.elements());
    while (!open.isEmpty()) {
      if (!open.peek().hasNext()) {
        open.pop();
        continue;
      }
      JsonNode child = open.peek().next();
      if (child.isContainerNode()) {
        if (open.size() == JsonLimits.MAX_DEPTH) {
          throw new InvalidJsonException("nested deeper than " + JsonLimits.MAX_DEPTH);
        }
        open.push(child.elements());
      }
    }
  }
}
