package dev.stave.fieldnotes.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.document.Document;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One visit to a site. Its photos are the attachments of its document.
 *
 * @param document what it was read from; null if it is new. An edit is made of this revision
 * @param date ISO 8601, such as {@code 2026-11-20}
 */
public record Visit(
    @Nullable Document document,
    String site,
    String region,
    String date,
    String inspector,
    String finding,
    List<Check> checks) {

  /** The value of {@code type}. */
  public static final String TYPE = "visit";

  public Visit {
    checks = List.copyOf(checks);
  }

  /** A name for one that is to be noted. */
  public static String newId() {
    return TYPE + "-" + UUID.randomUUID();
  }

  public static Visit of(Document document) {
    JsonNode body = document.body().sharedTree();
    List<Check> checks = new ArrayList<>();
    for (JsonNode each : body.path("checks")) {
      checks.add(
          new Check(
              each.path("id").asText(),
              each.path("text").asText(),
              each.path("state").asText(Condition.OPEN.code())));
    }
    return new Visit(
        document,
        body.path("site").asText(),
        body.path("region").asText(),
        body.path("date").asText(),
        body.path("inspector").asText(),
        body.path("finding").asText(),
        checks);
  }

  /** Writes it over {@code body}. Members that this version of the app does not know stay. */
  void writeTo(ObjectNode body) {
    body.put("type", TYPE)
        .put("site", site)
        .put("region", region)
        .put("date", date)
        .put("inspector", inspector)
        .put("finding", finding);
    Map<String, ObjectNode> before = new HashMap<>();
    for (JsonNode each : body.path("checks")) {
      if (each instanceof ObjectNode check) {
        before.put(check.path("id").asText(), check);
      }
    }
    ArrayNode list = body.putArray("checks");
    for (Check each : checks) {
      ObjectNode known = before.get(each.id());
      ObjectNode check = known == null ? list.objectNode() : known.deepCopy();
      list.add(check.put("id", each.id()).put("text", each.text()).put("state", each.state()));
    }
  }
}
