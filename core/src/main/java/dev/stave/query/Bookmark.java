package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stave.json.InvalidJsonException;
import dev.stave.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A place in a query's answer: behind one document. A query that goes on there finds every document
 * that was not changed in between exactly once, whatever was written meanwhile. A document that was
 * changed stands where its new version belongs, and may be found again, or not at all.
 *
 * @param values what that document is sorted by, one for each sort key of the query, or of the
 *     order that the engine chose
 * @param version the sequence of its version, which is its place among equal ones
 */
public record Bookmark(List<JsonNode> values, long version) {

  /** No bookmark of ours is longer. */
  private static final int MAX_LENGTH = 16 << 20;

  public Bookmark {
    values = List.copyOf(values);
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws InvalidSelectorException if it is anything else
   */
  public static Bookmark parse(String text) {
    try {
      if (text.length() > MAX_LENGTH) {
        throw invalid();
      }
      JsonNode place = JsonObject.parseValue(Base64.getUrlDecoder().decode(text));
      if (!place.isArray() || place.isEmpty() || !place.get(0).canConvertToLong()) {
        throw invalid();
      }
      List<JsonNode> values = new ArrayList<>();
      place.forEach(values::add);
      long version = values.remove(0).longValue();
      return new Bookmark(values, version);
    } catch (IllegalArgumentException | InvalidJsonException e) {
      throw invalid();
    }
  }

  private static InvalidSelectorException invalid() {
    return new InvalidSelectorException(
        "invalid_bookmark", "not a bookmark that an answer of this database came with");
  }

  /** Letters, digits, - and _, to be handed to somebody and read again by {@link #parse}. */
  @Override
  public String toString() {
    ArrayNode place = JsonNodeFactory.withExactBigDecimals(true).arrayNode().add(version);
    values.forEach(place::add);
    byte[] json = place.toString().getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
  }
}
