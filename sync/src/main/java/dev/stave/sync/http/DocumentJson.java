package dev.stave.sync.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import dev.stave.revision.InvalidRevisionException;
import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.sync.peer.SentAttachment;
import dev.stave.sync.peer.SentRevision;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Revisions as CouchDB writes them: {@code _id}, {@code _rev}, {@code _revisions} and the body. */
final class DocumentJson {

  /** What a reader is told beside the document. */
  private static final List<String> OF_READING =
      List.of("_conflicts", "_deleted_conflicts", "_revs_info", "_local_seq");

  private DocumentJson() {}

  /** Finds the bytes of attachments of the document at hand. */
  interface AttachmentSource {
    SentAttachment of(String name, JsonNode stub);
  }

  /**
   * Reads a document, and takes its tree.
   *
   * @throws dev.stave.json.InvalidJsonException if it can be no document here
   * @throws InvalidRevisionException if its revisions are none
   */
  static SentRevision read(ObjectNode json, AttachmentSource source) {
    String id = json.path("_id").asText();
    RevisionId revision = RevisionId.parse(json.path("_rev").asText());
    boolean deleted = json.path("_deleted").asBoolean();
    RevisionPath path = new RevisionPath(ids(json.path("_revisions"), revision), deleted);
    Map<String, SentAttachment> attachments = new HashMap<>();
    for (Map.Entry<String, JsonNode> stub : json.path("_attachments").properties()) {
      attachments.put(stub.getKey(), source.of(stub.getKey(), stub.getValue()));
    }
    Map<RevisionId, Provenance> told = ProvenanceJson.read(json.path(ProvenanceJson.MEMBER));
    json.remove(List.of("_id", "_rev", "_deleted", "_revisions", "_attachments"));
    json.remove(ProvenanceJson.MEMBER);
    json.remove(OF_READING);
    return new SentRevision(id, path, JsonObject.of(json), attachments, told, List.of());
  }

  private static List<RevisionId> ids(JsonNode revisions, RevisionId revision) {
    int start = revisions.path("start").asInt();
    List<RevisionId> ids = new ArrayList<>();
    for (JsonNode digest : revisions.path("ids")) {
      ids.add(new RevisionId(start - ids.size(), digest.asText()));
    }
    return ids.isEmpty() ? List.of(revision) : ids;
  }

  /**
   * The bytes of a document that tells of {@code attachments} so.
   *
   * @param isForStave whether it may tell who made the revisions
   */
  static byte[] write(SentRevision sent, Map<String, ObjectNode> attachments, boolean isForStave) {
    ObjectNode head = JsonNodeFactory.instance.objectNode();
    head.put("_id", sent.id()).put("_rev", sent.revision().toString());
    ObjectNode revisions = head.putObject("_revisions");
    revisions.put("start", sent.revision().generation());
    ArrayNode ids = revisions.putArray("ids");
    sent.path().ids().forEach(each -> ids.add(each.digest()));
    if (sent.path().deleted()) {
      head.put("_deleted", true);
    }
    if (!attachments.isEmpty()) {
      ObjectNode all = head.putObject("_attachments");
      attachments.forEach(all::set);
    }
    if (isForStave && !sent.provenances().isEmpty()) {
      ObjectNode told = ProvenanceJson.write(sent.provenances(), sent.path().ids());
      if (!told.isEmpty()) {
        head.set(ProvenanceJson.MEMBER, told);
      }
    }
    byte[] first = HttpWire.bytes(head);
    byte[] body = sent.body().bytes();
    ByteArrayOutputStream out = new ByteArrayOutputStream(first.length + body.length);
    out.write(first, 0, first.length - 1); // two objects become one
    if (body.length > 2) {
      out.write(',');
    }
    out.write(body, 1, body.length - 1);
    return out.toByteArray();
  }

  /** A change's sequence, which may be any JSON: text is itself. */
  static String sequence(JsonNode sequence) {
    return sequence.isTextual() ? sequence.textValue() : sequence.toString();
  }
}
