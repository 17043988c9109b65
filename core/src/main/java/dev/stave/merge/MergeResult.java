package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonOrder;
import dev.stave.json.JsonPointer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

  /**
   * The merged value with each clash settled; what this is of stays as it is.
   *
   * @param choices one for each clash, by its path
   * @throws IllegalArgumentException if a clash has none, if one is for no clash, if there is no
   *     such side, or if elements are to be put in order that lost their key to another choice
   */
  public JsonNode resolve(Map<JsonPointer, Resolution> choices) {
    Set<JsonPointer> left = new HashSet<>(choices.keySet());
    JsonNode root = value.deepCopy();
    for (int i = clashes.size() - 1; i >= 0; i--) { // backwards: places before it stay as they are
      Clash clash = clashes.get(i);
      Resolution choice = choices.get(clash.path());
      if (choice == null) {
        throw new IllegalArgumentException("no choice for the clash at \"" + clash.path() + "\"");
      }
      root = Settlement.apply(choice, root, clash);
      left.remove(clash.path());
    }
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("no clash at \"" + left.iterator().next() + "\"");
    }
    return root;
  }
}
