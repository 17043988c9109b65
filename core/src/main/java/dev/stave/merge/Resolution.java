package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A person's choice about one {@link Clash}. Of a list with a {@link Clash#key} a side, or the
 * base, gives the order, and the merged elements stay.
 */
public sealed interface Resolution {

  /** What that side has, from 0 in the order of the sides; if it has nothing, deletion. */
  record Take(int side) implements Resolution {}

  /** What the base has; if it has nothing, deletion. */
  record TakeBase() implements Resolution {}

  /** Another value, a copy of which is taken; a {@code MissingNode} for deletion. */
  record Put(JsonNode value) implements Resolution {}
}
