package dev.stave.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stave.json.JsonObject;
import dev.stave.revision.InvalidRevisionException;
import dev.stave.revision.RevisionId;
import java.util.Optional;

/**
 * The body of a tombstone that closes a branch, and says for what:
 *
 * <pre>
 * {"merged_into": "4-…"}   the merge that has this branch's changes
 * {"closed_for": "3-…"}    the leaf that was kept instead
 * </pre>
 *
 * It is as any body, so that peers which know nothing of it hand it on.
 */
final class Closing {

  private static final String MERGED_INTO = "merged_into";
  private static final String CLOSED_FOR = "closed_for";

  private Closing() {}

  static JsonObject mergedInto(RevisionId merge) {
    return body(MERGED_INTO, merge);
  }

  static JsonObject closedFor(RevisionId kept) {
    return body(CLOSED_FOR, kept);
  }

  private static JsonObject body(String member, RevisionId revision) {
    return JsonObject.of(JsonNodeFactory.instance.objectNode().put(member, revision.toString()));
  }

  static Optional<RevisionId> mergedInto(JsonObject body) {
    return revision(body, MERGED_INTO);
  }

  static Optional<RevisionId> closedFor(JsonObject body) {
    return revision(body, CLOSED_FOR);
  }

  /** What the branch was closed for, whichever way. */
  static Optional<RevisionId> result(JsonObject body) {
    Optional<RevisionId> merge = mergedInto(body);
    return merge.isPresent() ? merge : closedFor(body);
  }

  private static Optional<RevisionId> revision(JsonObject body, String member) {
    JsonNode value = body.sharedTree().path(member);
    if (!value.isTextual()) {
      return Optional.empty();
    }
    try {
      return Optional.of(RevisionId.parse(value.textValue()));
    } catch (InvalidRevisionException e) {
      return Optional.empty(); // a body of somebody else's, with a member of that name
    }
  }
}
