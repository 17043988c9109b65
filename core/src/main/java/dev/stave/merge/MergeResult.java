package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonOrder;
import java.util.List;
import java.util.Optional;

/**
 * What a merge came to.
 *
 * @param value the merged value, which is only read; a {@code MissingNode} if it is deleted. At
 *     each clash stands, provisionally, what the first side in winner order made of it without
 *     deleting it
 * @param clashes what did not fit together, in the order of the merged value; empty if all did
 */
public record MergeResult(JsonNode value, List<Clash> clashes) {

  public MergeResult {
    clashes = List.copyOf(clashes);
  }

  /** Whether all changes fit together. */
  public boolean isClean() {
    return clashes.isEmpty();
  }

  /**
   * The merged document, a copy; empty if it is deleted.
   *
   * @throws dev.stave.json.InvalidJsonException if no document may hold that
   * @throws IllegalStateException if it is no object, which documents are
   */
  public Optional<JsonObject> body() {
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (value instanceof ObjectNode object) {
      return Optional.of(JsonObject.of(object));
    }
    throw new IllegalStateException(
        "a document is a JSON object, not " + JsonOrder.typeName(value));
  }
}
