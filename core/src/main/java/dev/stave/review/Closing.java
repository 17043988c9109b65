package dev.stave.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import dev.stave.revision.InvalidRevisionException;
import dev.stave.revision.RevisionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The body of a tombstone that closes a branch, and says for what:
 *
 * <pre>
 * {"merged_into": "4-…"}   the merge that has this branch's changes
 * {"closed_for": "3-…"}    the leaf that was kept instead
 * {"undoes": "4-…", "sides": ["3-…", …]}
 *                          what is undone: a merge, or a tombstone that closed; and what it was of
 * </pre>
 *
 * It is as any body, so that peers which know nothing of it hand it on.
 */
final class Closing {

  private static final String MERGED_INTO = "merged_into";
  private static final String CLOSED_FOR = "closed_for";
  private static final String UNDOES = "undoes";
  private static final String SIDES = "sides";

  private Closing() {}

  static JsonObject mergedInto(RevisionId merge) {
    return body(MERGED_INTO, merge);
  }

  static JsonObject closedFor(RevisionId kept) {
    return body(CLOSED_FOR, kept);
  }

  static JsonObject undoes(RevisionId undone, List<RevisionId> sides) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put(UNDOES, undone.toString());
    ArrayNode of = body.putArray(SIDES);
    sides.forEach(side -> of.add(side.toString()));
    return JsonObject.of(body);
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

  /** The merge, or the tombstone, that is undone. */
  static Optional<RevisionId> undone(JsonObject body) {
    return revision(body, UNDOES);
  }

  /** What the undone was of. */
  static List<RevisionId> undoneSides(JsonObject body) {
    List<RevisionId> sides = new ArrayList<>();
    body.sharedTree().path(SIDES).forEach(side -> revision(side).ifPresent(sides::add));
    return sides;
  }

  private static Optional<RevisionId> revision(JsonObject body, String member) {
    return revision(body.sharedTree().path(member));
  }

  private static Optional<RevisionId> revision(JsonNode value) {
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
