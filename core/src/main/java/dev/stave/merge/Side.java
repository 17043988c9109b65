package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.stave.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What one leaf has made of the base. In a {@link MergeFunction} it is the same of one place.
 *
 * @param value the body, which is only read; a {@link MissingNode} where it is deleted
 * @param time when, as one number that grows: of a hybrid logical clock; null if not known
 * @param author who, null if not known
 */
public record Side(JsonNode value, @Nullable Long time, @Nullable String author) {

  /** A side of which neither time nor author is known. */
  public static Side of(JsonObject body) {
    return new Side(body.sharedTree(), null, null);
  }

  /** A side that deleted the document. */
  public static Side deleted() {
    return new Side(MissingNode.getInstance(), null, null);
  }

  /** The same side at {@code time}. */
  public Side at(long time) {
    return new Side(value, time, author);
  }

  /** The same side, made by {@code author}. */
  public Side by(String author) {
    return new Side(value, time, author);
  }

  /** Whether it has no value. */
  public boolean isDeleted() {
    return value.isMissingNode();
  }
}
