package dev.stave.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.StaveException;
import dev.stave.document.Document;
import dev.stave.document.InvalidDocumentException;
import dev.stave.json.InvalidJsonException;
import dev.stave.json.JsonObject;
import dev.stave.revision.InvalidRevisionException;
import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.sync.http.ProvenanceJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A document as a client writes it. What CouchDB adds to a document that is read, such as {@code
 * _conflicts}, may be there and means nothing; any other member with an underscore is refused.
 */
public final class IncomingDocument {

  private static final Set<String> MEANINGFUL =
      Set.of("_id", "_rev", "_deleted", "_revisions", "_attachments", ProvenanceJson.MEMBER);
  private static final Set<String> OF_READING =
      Set.of(
          "_conflicts",
          "_deleted_conflicts",
          "_revs_info",
          "_local_seq",
          "_replication_id",
          "_replication_state",
          "_replication_state_time",
          "_replication_state_reason",
          "_replication_stats");

  /** In CouchDB's words: clients compare them. */
  private static final String INVALID_REVISION = "Invalid rev format";

  /** What the ids of documents begin with that do not replicate. */
  public static final String LOCAL_PREFIX = "_local/";

  private final Map<String, JsonNode> special;
  private final JsonObject body;

  private IncomingDocument(Map<String, JsonNode> special, JsonObject body) {
    this.special = special;
    this.body = body;
  }

  /**
   * Reads the bytes of one JSON object.
   *
   * @throws dev.stave.json.InvalidJsonException if they are anything else
   * @throws RefusedDocumentException if its members with an underscore are not right
   */
  public static IncomingDocument parse(byte[] json) {
    SpecialMembers members = SpecialMembers.of(json);
    JsonObject body = body(json, members);
    members.values().keySet().forEach(IncomingDocument::check);
    return new IncomingDocument(members.values(), body);
  }

  private static JsonObject body(byte[] json, SpecialMembers members) {
    try {
      return JsonObject.parse(members.rest());
    } catch (InvalidJsonException e) {
      JsonObject.parse(SpecialMembers.blanked(json)); // fails too, and names the place in json
      throw e;
    }
  }

  /** The {@code _id} of a document that may be wrong otherwise; empty if it cannot be read. */
  public static Optional<String> idOf(byte[] json) {
    try {
      return Optional.ofNullable(SpecialMembers.of(json).values().get("_id"))
          .map(JsonNode::textValue);
    } catch (RefusedDocumentException e) {
      return Optional.empty();
    }
  }

  private static void check(String name) {
    if (!MEANINGFUL.contains(name) && !OF_READING.contains(name)) {
      throw new RefusedDocumentException("doc_validation", "Bad special document member: " + name);
    }
  }

  /** The document without its members that begin with an underscore. */
  public JsonObject body() {
    return body;
  }

  /**
   * The member {@code _id}, if it is there. Whether it is too long is found out when it is written.
   */
  public Optional<String> id() {
    return Optional.ofNullable(special.get("_id"))
        .map(
            id -> {
              if (!id.isTextual()) {
                throw new RefusedDocumentException(
                    "illegal_docid", "Document id must be a string, not: " + id);
              }
              if (isReserved(id.textValue())) {
                throw reserved();
              }
              return id.textValue();
            });
  }

  private static boolean isReserved(String id) {
    return id.startsWith("_") && !Document.isDesign(id);
  }

  /** In CouchDB's words: clients compare them. */
  private static RefusedDocumentException reserved() {
    return new RefusedDocumentException(
        "illegal_docid", "Only reserved document ids may start with underscore.");
  }

  /** What follows {@code _local/} in the member {@code _id}, if that is how it begins. */
  public Optional<String> localId() {
    return Optional.ofNullable(special.get("_id"))
        .map(JsonNode::textValue)
        .filter(id -> id.startsWith(LOCAL_PREFIX))
        .map(id -> id.substring(LOCAL_PREFIX.length()));
  }

  /** The member {@code _rev} as it stands; null if there is none. */
  public @Nullable String revisionText() {
    JsonNode revision = special.get("_rev");
    return revision == null ? null : revision.asText();
  }

  /** Returns {@code id} if it may name a document, and else says why not. */
  public static String checkId(String id) {
    if (isReserved(id)) {
      throw reserved();
    }
    return checkId(id, Document::checkId);
  }

  /** The same of a document that does not replicate. */
  public static String checkLocalId(String id) {
    return checkId(id, Document::checkLocalId);
  }

  private static String checkId(String id, UnaryOperator<String> check) {
    try {
      return check.apply(id);
    } catch (InvalidDocumentException e) {
      throw new RefusedDocumentException("illegal_docid", e.getMessage());
    }
  }

  /** Whether {@code value} may name a document. */
  public static boolean isId(JsonNode value) {
    return value.isTextual() && passes(value.textValue(), Document::checkId);
  }

  /** Whether {@code id} may name a document that does not replicate. */
  public static boolean isLocalId(String id) {
    return passes(id, Document::checkLocalId);
  }

  private static boolean passes(String id, UnaryOperator<String> check) {
    try {
      return !check.apply(id).isEmpty();
    } catch (InvalidDocumentException e) {
      return false;
    }
  }

  /** Who made the revisions, as far as a peer says so. */
  public Map<RevisionId, Provenance> provenances() {
    JsonNode told = special.get(ProvenanceJson.MEMBER);
    try {
      return told == null ? Map.of() : ProvenanceJson.read(told);
    } catch (StaveException | IllegalArgumentException e) {
      throw new RefusedDocumentException("doc_validation", "in _stave: " + e.getMessage());
    }
  }

  /** The member {@code _rev}, if it is there. */
  public Optional<RevisionId> revision() {
    return Optional.ofNullable(special.get("_rev")).map(rev -> revision(rev.textValue()));
  }

  /** Reads a revision id as a client writes it. */
  public static RevisionId revision(@Nullable String text) {
    if (text == null) {
      throw new RefusedDocumentException("bad_request", INVALID_REVISION);
    }
    try {
      return RevisionId.parse(text);
    } catch (InvalidRevisionException e) {
      throw new RefusedDocumentException("bad_request", INVALID_REVISION);
    }
  }

  /** Reads an array of them. */
  public static List<RevisionId> revisions(JsonNode array) {
    List<RevisionId> revisions = new ArrayList<>();
    array.forEach(revision -> revisions.add(revision(revision.textValue())));
    return revisions;
  }

  /** The member {@code _deleted}; false if it is not there. */
  public boolean deleted() {
    JsonNode deleted = special.get("_deleted");
    if (deleted != null && !deleted.isBoolean()) {
      throw new RefusedDocumentException("doc_validation", "_deleted must be true or false");
    }
    return deleted != null && deleted.booleanValue();
  }

  /** The attachments, by name, in the order of the client; none if nothing is said. */
  public Map<String, IncomingAttachment> attachments() {
    JsonNode attachments = special.get("_attachments");
    return attachments == null ? Map.of() : IncomingAttachment.all(attachments);
  }

  /**
   * The revision and its ancestors as a peer sends them: {@code _revisions}, or without it {@code
   * _rev}. Where they differ, {@code _revisions} counts, as in CouchDB: clients send such pairs.
   */
  public RevisionPath history() {
    JsonNode revisions = special.get("_revisions");
    List<RevisionId> ids = new ArrayList<>();
    if (revisions != null) {
      ids.addAll(ids(revisions));
    } else {
      revision().ifPresent(ids::add);
    }
    if (ids.isEmpty()) {
      throw new RefusedDocumentException(
          "bad_request",
          "When `new_edits: false`, the document needs `_rev` or `_revisions` specified");
    }
    return new RevisionPath(ids, deleted());
  }

  private static List<RevisionId> ids(JsonNode revisions) {
    JsonNode start = revisions.path("start");
    JsonNode digests = revisions.path("ids");
    if (!start.canConvertToInt() || !start.isIntegralNumber() || !digests.isArray()) {
      throw new RefusedDocumentException(
          "doc_validation", "_revisions must be {\"start\": number, \"ids\": [string, …]}");
    }
    List<RevisionId> ids = new ArrayList<>();
    for (JsonNode digest : digests) {
      ids.add(revision(start.intValue() - ids.size() + "-" + digest.asText()));
    }
    return ids;
  }
}
