package dev.stave.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What somebody said of a merge request, perhaps with a verdict. It is kept as a document, whose id
 * begins with {@value #PREFIX}, so it replicates as all do, and is found by queries:
 *
 * <pre>{@code
 * {"stave": "comment", "request": "order-1@2-…", "document": "order-1", "author": "iko",
 *  "at": "2026-11-21T10:00:00Z", "text": "…", "verdict": "approve", "role": "editor", "sides": ["3-…", "3-…"]}
 * }</pre>
 *
 * @param at when, by the clock of who wrote it
 * @param text may be empty if there is a verdict
 * @param verdict null if it is a comment alone
 * @param role in which the verdict was given, null for none
 * @param sides what was looked at: a verdict on other sides counts no more
 */
public record Comment(
    String request,
    String document,
    String author,
    Instant at,
    String text,
    @Nullable Verdict verdict,
    @Nullable String role,
    List<RevisionId> sides) {

  /** Ids of comments begin so. */
  public static final String PREFIX = "stave.comment.";

  /** What a reviewer says. */
  public enum Verdict {
    APPROVE,
    REQUEST_CHANGES
  }

  public Comment {
    sides = List.copyOf(sides);
  }

  JsonObject toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("stave", "comment").put("request", request).put("document", document);
    json.put("author", author).put("at", at.toString()).put("text", text);
    if (verdict != null) {
      json.put("verdict", verdict.name().toLowerCase(Locale.ROOT));
    }
    if (role != null) {
      json.put("role", role);
    }
    ArrayNode seen = json.putArray("sides");
    sides.forEach(side -> seen.add(side.toString()));
    return JsonObject.of(json);
  }

  /**
   * @throws RuntimeException if it is none
   */
  static Comment of(Document document) {
    JsonNode json = document.body().sharedTree();
    List<RevisionId> sides = new ArrayList<>();
    json.path("sides").forEach(side -> sides.add(RevisionId.parse(side.asText())));
    String verdict = json.path("verdict").textValue();
    return new Comment(
        json.path("request").asText(),
        json.path("document").asText(),
        json.path("author").asText(),
        Instant.parse(json.path("at").asText()),
        json.path("text").asText(),
        verdict == null ? null : Verdict.valueOf(verdict.toUpperCase(Locale.ROOT)),
        json.path("role").textValue(),
        sides);
  }
}
