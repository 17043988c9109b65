package dev.stave.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.query.Explanation;
import java.util.Locale;

/** How a query was answered, as JSON for machines and as an indented tree for people. */
public final class PlanJson {

  private PlanJson() {}

  public static ObjectNode of(Explanation explanation) {
    ObjectNode plan = JsonNodeFactory.instance.objectNode();
    plan.set("steps", step(explanation.steps()));
    plan.put("order", explanation.order());
    plan.put("estimated_documents", explanation.estimatedDocuments());
    plan.put("estimated_bytes", explanation.estimatedBytes());
    plan.put("postings_read", explanation.postingsRead());
    plan.put("documents_read", explanation.documentsRead());
    plan.put("bytes_read", explanation.bytesRead());
    plan.put("returned", explanation.returned());
    plan.put("nanoseconds", explanation.nanos());
    return plan;
  }

  private static ObjectNode step(Explanation.Step step) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("condition", step.condition()).put("access", step.access());
    json.put("paths", step.paths()).put("estimated", step.estimated());
    json.put("rows", step.rows()).put("exact", step.exact());
    if (!step.parts().isEmpty()) {
      ArrayNode parts = json.putArray("parts");
      step.parts().forEach(part -> parts.add(step(part)));
    }
    return json;
  }

  /** Lines for people, from what {@link #of} returned here or on a server. */
  public static String text(JsonNode plan) {
    StringBuilder text = new StringBuilder();
    append(text, plan.path("steps"), "");
    text.append("order: ").append(plan.path("order").asText()).append('\n');
    return text.append(
            String.format(
                Locale.ROOT,
                "read: %,d postings and %,d documents of %,d bytes (at most %,d of about %,d bytes"
                    + " were expected), for %,d returned, in %.2f ms",
                plan.path("postings_read").asLong(),
                plan.path("documents_read").asLong(),
                plan.path("bytes_read").asLong(),
                plan.path("estimated_documents").asLong(),
                plan.path("estimated_bytes").asLong(),
                plan.path("returned").asLong(),
                plan.path("nanoseconds").asLong() / 1e6))
        .toString();
  }

  private static void append(StringBuilder text, JsonNode step, String indent) {
    text.append(indent).append(step.path("access").asText());
    text.append(": ").append(step.path("condition").asText());
    text.append(
        String.format(
            Locale.ROOT,
            " → %,d documents%s%s%n",
            step.path("rows").asLong(),
            step.path("paths").asInt() > 1 ? " from " + step.path("paths").asInt() + " paths" : "",
            step.path("exact").asBoolean() ? "" : ", to be checked"));
    step.path("parts").forEach(part -> append(text, part, indent + "  "));
  }
}
