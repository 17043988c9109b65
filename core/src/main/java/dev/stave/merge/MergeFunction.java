package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonPointer;
import java.util.List;
import java.util.Optional;

/**
 * A user's own way to settle a place that two or more sides changed differently. Peers that merge
 * must have the same function under the same name, and it must depend on its arguments alone:
 * neither on a clock nor on chance.
 */
@FunctionalInterface
public interface MergeFunction {

  /**
   * Returns the merged value, a {@code MissingNode} to delete it, or empty to leave it to a person.
   * What it throws, the merge throws.
   *
   * @param path where it is, in the merged document
   * @param base a copy of what the base has there; a {@code MissingNode} if nothing
   * @param sides those that changed it, the winner first; values are copies
   */
  Optional<JsonNode> merge(JsonPointer path, JsonNode base, List<Side> sides);
}
