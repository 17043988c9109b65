package dev.stave.server.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.database.IdRange;
import dev.stave.json.JsonOrder;
import dev.stave.server.exchange.Parameters;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * From which id to which, as {@code startkey}, {@code endkey}, {@code inclusive_end}, {@code key}
 * and {@code descending} say. A bound may be any JSON value: ids are strings, and come after {@code
 * null} and numbers and before arrays and objects.
 *
 * @param low the lower bound, null for none; belongs to the range unless {@code lowExcluded}
 * @param high the upper bound, null for none; belongs to the range unless {@code highExcluded}
 */
public record IdBounds(
    @Nullable JsonNode low,
    boolean lowExcluded,
    @Nullable JsonNode high,
    boolean highExcluded,
    boolean descending) {

  public static IdBounds of(Parameters parameters) {
    boolean descending = parameters.flag("descending");
    JsonNode key = parameters.json("key").orElse(null);
    if (key != null) {
      return new IdBounds(key, false, key, false, descending);
    }
    JsonNode start = parameters.json(parameters.either("startkey", "start_key")).orElse(null);
    JsonNode end = parameters.json(parameters.either("endkey", "end_key")).orElse(null);
    boolean endExcluded = !parameters.flag("inclusive_end", true);
    return descending
        ? new IdBounds(end, endExcluded, start, false, true)
        : new IdBounds(start, false, end, endExcluded, false);
  }

  /** Whether the first row is the first of all. */
  boolean beginAtAnEnd() {
    return (descending ? high : low) == null;
  }

  public boolean contain(String id) {
    int belowLow = low == null ? 1 : compare(id, low);
    int aboveHigh = high == null ? -1 : compare(id, high);
    return (lowExcluded ? belowLow > 0 : belowLow >= 0)
        && (highExcluded ? aboveHigh < 0 : aboveHigh <= 0);
  }

  private static int compare(String id, JsonNode bound) {
    return JsonOrder.INSTANCE.compare(TextNode.valueOf(id), bound);
  }

  public Comparator<String> order() {
    return descending
        ? (left, right) -> JsonOrder.compareText(right, left)
        : JsonOrder::compareText;
  }

  /** What is in {@code range} too. */
  IdBounds within(IdRange range) {
    JsonNode from = TextNode.valueOf(range.from());
    JsonNode to = TextNode.valueOf(Objects.requireNonNull(range.to()));
    boolean raised = low == null || JsonOrder.INSTANCE.compare(low, from) < 0;
    boolean lowered = high == null || JsonOrder.INSTANCE.compare(high, to) >= 0;
    return new IdBounds(
        raised ? from : low,
        !raised && lowExcluded,
        lowered ? to : high,
        lowered || highExcluded,
        descending);
  }

  /** Core's range of at least these ids; {@link #contain} says which of them are in the bounds. */
  IdRange range() {
    String from = low != null && low.isTextual() ? low.textValue() : "";
    String to = high != null && high.isTextual() ? high.textValue() + '\0' : null;
    return new IdRange(from, to, descending);
  }
}
