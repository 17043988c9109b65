package dev.stave.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.merge.Clash;
import dev.stave.merge.FieldDiff;
import dev.stave.merge.MergePolicy;
import dev.stave.merge.MergeResult;
import dev.stave.revision.HybridTime;
import dev.stave.revision.Provenance;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What merging would come to: nothing of it is written.
 *
 * @param base the value of the base; a {@code MissingNode} if there is none, or it is not kept
 * @param isBaseKept whether {@code base} is what the sides were made of. If the sides have a base
 *     whose body is not kept here, then what one side deleted cannot be told from what another
 *     added, and only a person may merge them
 * @param sides in winner order
 * @param result what fits by itself, and the clashes
 * @param held why it is not merged by policy; empty if it may be
 */
public record Preview(
    MergeRequest request,
    JsonNode base,
    boolean isBaseKept,
    List<Branch> sides,
    MergeResult result,
    List<String> held) {

  /**
   * One side.
   *
   * @param told who made it, when and why
   * @param base as that of the preview
   * @param policy tells by which keys lists are known
   */
  public record Branch(
      Document document, Optional<Provenance> told, JsonNode base, MergePolicy policy) {

    /** What it has; a {@code MissingNode} if it deletes the document. */
    public JsonNode value() {
      return document.deleted() ? MissingNode.getInstance() : document.body().sharedTree();
    }

    /** What it changed of the base. */
    public FieldDiff diff() {
      return FieldDiff.between(base, value(), policy);
    }
  }

  public Preview {
    sides = List.copyOf(sides);
    held = List.copyOf(held);
  }

  /** All of it, as {@code spec/format/merge-requests.md} says. */
  public ObjectNode toJson() {
    ObjectNode json = RequestJson.of(request);
    if (!base.isMissingNode()) {
      json.set("base_body", base);
    }
    json.put("base_kept", isBaseKept);
    ArrayNode branches = json.putArray("branches");
    for (Branch side : sides) {
      ObjectNode branch = branches.addObject();
      branch.put("revision", side.document().revision().toString());
      side.told().ifPresent(told -> branch.set("told", RequestJson.of(told)));
      if (!side.value().isMissingNode()) {
        branch.set("body", side.value());
      }
      FieldDiff diff = side.diff();
      branch.set("diff", diff.toJson());
      diff.patch()
          .map(patch -> patch.toString().getBytes(StandardCharsets.UTF_8))
          .ifPresent(patch -> branch.set("patch", JsonObject.parseValue(patch)));
    }
    if (!result.value().isMissingNode()) {
      json.set("merged", result.value());
    }
    ArrayNode clashes = json.putArray("clashes");
    result.clashes().stream().map(Clash::toJson).forEach(clashes::add);
    ArrayNode reasons = json.putArray("held");
    held.forEach(reasons::add);
    return json;
  }

  /** The parts of {@link #toJson} that others have too. */
  static final class RequestJson {

    private RequestJson() {}

    static ObjectNode of(MergeRequest request) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("id", request.id()).put("document", request.document());
      if (request.base() != null) {
        json.put("base", request.base().toString());
      }
      ArrayNode sides = json.putArray("sides");
      request.sides().forEach(side -> sides.add(side.toString()));
      json.put("state", request.state().name().toLowerCase(Locale.ROOT));
      if (request.result() != null) {
        json.put("result", request.result().toString());
      }
      request.told().ifPresent(told -> json.set("told", of(told)));
      return json;
    }

    static ObjectNode of(Provenance told) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      if (told.author() != null) {
        json.put("author", told.author());
      }
      HybridTime time = told.time();
      if (time != null) {
        json.put("time", time.toString());
      }
      if (told.reason() != null) {
        json.put("reason", told.reason());
      }
      return json;
    }
  }
}
