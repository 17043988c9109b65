package dev.stave.server.documents;

import dev.stave.database.Database;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.NotModified;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.Urls;
import dev.stave.server.script.ScriptPool;
import dev.stave.server.wire.IncomingAttachment;
import dev.stave.server.wire.IncomingDocument;
import io.undertow.util.Headers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attachment, {@code /{db}/{id}/{name}}: read and deleted. A name may have slashes. How it is
 * written, {@link AttachmentSink} knows.
 */
public final class AttachmentEndpoint {

  private static final JsonObject NO_MEMBERS = JsonObject.parse("{}");

  private final ScriptPool scripts;

  public AttachmentEndpoint(ScriptPool scripts) {
    this.scripts = scripts;
  }

  static String id(Request request) {
    return DocumentPath.idOf(request);
  }

  static String name(Request request) {
    List<String> rest = DocumentPath.of(request.path()).rest();
    return IncomingAttachment.checkName(String.join("/", rest));
  }

  static String contentType(Request request) {
    return IncomingAttachment.contentType(request.header(Headers.CONTENT_TYPE).orElse(null));
  }

  /** {@code GET}: of the winner, or of the revision that {@code rev} names. */
  public static Reply get(Request request, Database database) {
    String id = id(request);
    String name = name(request);
    Parameters parameters = request.parameters();
    Optional<Document> found =
        parameters.has("rev")
            ? database.get(id, IncomingDocument.revision(parameters.values().get("rev")))
            : database.get(id);
    Document document =
        found.orElseThrow(() -> DocumentEndpoint.missing(database, id, parameters.has("rev")));
    Attachment attachment = document.attachments().get(name);
    if (attachment == null) {
      throw noAttachment();
    }
    String etag = "\"" + AttachmentReply.md5(attachment) + "\"";
    return request.hasAlready(etag)
        ? new NotModified(etag)
        : AttachmentReply.of(request, database, attachment, etag);
  }

  static HttpException noAttachment() {
    return HttpException.notFound("Document is missing attachment");
  }

  /** Refuses an edit that changes nothing but attachments, as it would any other. */
  static void check(
      ScriptPool scripts,
      Request request,
      Database database,
      String id,
      @Nullable RevisionId parent) {
    JsonObject body =
        Optional.ofNullable(parent)
            .flatMap(revision -> database.get(id, revision))
            .map(Document::body)
            .orElse(NO_MEMBERS);
    WriteRules.of(scripts, request, database).checkEdit(id, parent, false, body);
  }

  /** {@code DELETE …?rev=}. */
  public Reply delete(Request request, Database database) {
    String id = id(request);
    String name = name(request);
    RevisionId parent = DocumentEndpoint.parent(request, null);
    if (database.tree(id).leaves().isEmpty()) {
      throw HttpException.notFound("missing");
    }
    checkIsLeaf(database, id, parent);
    if (parent == null) {
      throw HttpException.notFound("deleted");
    }
    Document document = database.get(id, parent).orElseThrow(HttpException::conflict);
    if (!document.attachments().containsKey(name)) {
      throw noAttachment();
    }
    check(scripts, request, database, id, parent);
    RevisionId revision = database.attachments().remove(id, parent, name);
    return new JsonReply(
        200,
        Map.of("ETag", DocumentEndpoint.etag(revision)),
        out -> out.writeTree(JsonReply.okay().put("id", id).put("rev", revision.toString())));
  }

  /** Refuses what would be stale, before a body comes in: whether it is, the commit asks again. */
  static void checkIsLeaf(Database database, String id, @Nullable RevisionId parent) {
    if (parent == null) {
      if (database.get(id).isPresent()) {
        throw HttpException.conflict();
      }
      return;
    }
    boolean isLive =
        database.tree(id).leaves().stream()
            .filter(leaf -> !leaf.deleted())
            .map(Revision::id)
            .anyMatch(parent::equals);
    if (!isLive) {
      throw HttpException.conflict();
    }
  }

  public static Reply written(Request request, String id, RevisionId revision) {
    String location = Urls.of(request.path().toArray(new String[0]));
    return new JsonReply(
        201,
        Map.of("ETag", DocumentEndpoint.etag(revision), "Location", location),
        out -> out.writeTree(JsonReply.okay().put("id", id).put("rev", revision.toString())));
  }
}
