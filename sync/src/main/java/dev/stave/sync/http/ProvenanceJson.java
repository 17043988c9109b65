package dev.stave.sync.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.revision.HybridTime;
import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Who made revisions, as Staves tell each other in the member {@code _stave} of a document: {@code
 * {"provenances": {"2-9f2c": {"author": …, "time": …, "reason": …}}}}.
 */
public final class ProvenanceJson {

  /** The member of a document; and the parameter that asks for it. */
  public static final String MEMBER = "_stave";

  public static final String PARAMETER = "stave";

  private static final String PROVENANCES = "provenances";

  private ProvenanceJson() {}

  /** What is told of {@code revisions}; empty if nothing is. */
  public static ObjectNode write(
      Map<RevisionId, Provenance> told, Collection<RevisionId> revisions) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    for (RevisionId revision : revisions) {
      Provenance of = told.get(revision);
      if (of != null) {
        ObjectNode entry = json.withObject("/" + PROVENANCES).putObject(revision.toString());
        if (of.author() != null) {
          entry.put("author", of.author());
        }
        if (of.time() != null) {
          entry.put("time", of.time().value());
        }
        if (of.reason() != null) {
          entry.put("reason", of.reason());
        }
      }
    }
    return json;
  }

  /**
   * Reads the member.
   *
   * @throws dev.stave.StaveException if it is not right
   * @throws IllegalArgumentException if a time is none
   */
  public static Map<RevisionId, Provenance> read(JsonNode member) {
    Map<RevisionId, Provenance> told = new HashMap<>();
    for (Map.Entry<String, JsonNode> each : member.path(PROVENANCES).properties()) {
      JsonNode of = each.getValue();
      JsonNode time = of.path("time");
      told.put(
          RevisionId.parse(each.getKey()),
          new Provenance(
              of.path("author").textValue(),
              time.isIntegralNumber() ? new HybridTime(time.longValue()) : null,
              of.path("reason").textValue()));
    }
    return told;
  }
}
