package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonPointer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A place that the sides changed differently, and that nothing but a person decides.
 *
 * @param path the place in {@link MergeResult#value}, where a provisional value stands
 * @param why what is wrong
 * @param base the value in the base; a {@code MissingNode} if there is none
 * @param sides the value of each side, in the order of the sides; a {@code MissingNode} where it
 *     has none
 * @param key of a list whose elements were {@link Why#MOVED}: the member that identifies them; else
 *     null, and what clashes is the whole value
 */
public record Clash(
    JsonPointer path, Why why, JsonNode base, List<JsonNode> sides, @Nullable String key) {

  /** What is wrong. */
  public enum Why {
    /** It was changed differently. */
    CHANGED,
    /** It was added differently, and the base has nothing there. */
    ADDED,
    /** One side deleted what another changed. */
    DELETED,
    /** It is of another type than before, or of different types. */
    TYPE,
    /** Elements of a list were moved to different places. */
    MOVED,
    /** The policy wants a person to look at it. */
    ASKED,
    /**
     * The policy has a strategy that could not decide: a time is not known, a counter is no number,
     * the same lines of a text were changed, a function declined or is not registered.
     */
    UNDECIDED;

    /** As JSON has it. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Clash {
    sides = List.copyOf(sides);
  }

  /**
   * {@code {"path", "why", "base", "sides": [{"value"}, …]}}; {@code base} and each {@code value}
   * are left out where there is none. {@code key} is there if it is not null.
   */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("path", path.toString()).put("why", why.text());
    if (!base.isMissingNode()) {
      json.set("base", base);
    }
    ArrayNode values = json.putArray("sides");
    for (JsonNode side : sides) {
      ObjectNode value = values.addObject();
      if (!side.isMissingNode()) {
        value.set("value", side);
      }
    }
    if (key != null) {
      json.put("key", key);
    }
    return json;
  }
}
