package dev.stave.fieldnotes.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.document.Document;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A place that is inspected.
 *
 * @param document what it was read from; null if it is new. An edit is made of this revision
 * @param condition one of {@link Condition}'s codes
 */
public record Site(
    @Nullable Document document,
    String name,
    String kind,
    String place,
    String region,
    String contact,
    String condition,
    String notes) {

  /** The value of {@code type}. */
  public static final String TYPE = "site";

  /** A name for one that is to be noted. */
  public static String newId() {
    return TYPE + "-" + UUID.randomUUID();
  }

  public static Site of(Document document) {
    JsonNode body = document.body().sharedTree();
    return new Site(
        document,
        body.path("name").asText(),
        body.path("kind").asText(),
        body.path("place").asText(),
        body.path("region").asText(),
        body.path("contact").asText(),
        body.path("condition").asText(Condition.GOOD.code()),
        body.path("notes").asText());
  }

  /** Writes it over {@code body}. Members that this version of the app does not know stay. */
  void writeTo(ObjectNode body) {
    body.put("type", TYPE)
        .put("name", name)
        .put("kind", kind)
        .put("place", place)
        .put("region", region)
        .put("contact", contact)
        .put("condition", condition)
        .put("notes", notes);
  }
}
