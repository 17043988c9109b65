package dev.stave.server.documents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.database.WriteResult;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.MadeId;
import dev.stave.server.exchange.NotModified;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.RequestTarget;
import dev.stave.server.exchange.Urls;
import dev.stave.server.script.ScriptPool;
import dev.stave.server.view.ViewIndexes;
import dev.stave.server.wire.IncomingDocument;
import dev.stave.server.wire.OutgoingDocument;
import io.undertow.util.HttpString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One document: read, written, deleted. */
public final class DocumentEndpoint {

  private static final JsonObject NOTHING = JsonObject.parse("{}");
  private static final HttpString DESTINATION = new HttpString("Destination");

  private final ScriptPool scripts;
  private final ViewIndexes views;

  public DocumentEndpoint(ScriptPool scripts, ViewIndexes views) {
    this.scripts = scripts;
    this.views = views;
  }

  /** {@code GET /{db}/{id}}: the winner, or the revision that {@code rev} names. */
  public Reply get(Request request, Database database) {
    return get(request, database, Map.of());
  }

  /** The same, with {@code more} members, which are not the document's own. */
  public Reply get(Request request, Database database, Map<String, JsonNode> more) {
    String id = DocumentPath.idOf(request);
    Parameters parameters = request.parameters();
    if (parameters.has("open_revs")) {
      return OpenRevisions.reply(request, database, id);
    }
    Document document = found(parameters, database, id);
    Map<String, JsonNode> history = HistoryMembers.of(parameters, database, document);
    if (!more.isEmpty()) {
      history = new LinkedHashMap<>(history);
      history.putAll(more);
    }
    return reply(request, database, document, history);
  }

  private static Reply reply(
      Request request, Database database, Document document, Map<String, JsonNode> history) {
    Parameters parameters = request.parameters();
    AttachmentMembers attachments = AttachmentMembers.of(parameters, database);
    if (attachments.isAny() && request.asksFor(MultipartSink.RELATED)) {
      Optional<RelatedReply> related =
          AttachmentMembers.ofParts(parameters, database).related(document, history);
      if (related.isPresent()) {
        return related.get();
      }
    }
    if (!history.isEmpty() || attachments.isAny()) {
      return JsonReply.ok(out -> attachments.write(document, history, out));
    }
    String etag = etag(document.revision());
    return request.hasAlready(etag)
        ? new NotModified(etag)
        : JsonReply.ok(OutgoingDocument.text(document)).with("ETag", etag);
  }

  /** The winner, or the revision that {@code rev} names. */
  private static Document found(Parameters parameters, Database database, String id) {
    boolean isNamed = parameters.has("rev");
    Optional<Document> found =
        isNamed ? database.get(id, revision(parameters, database, id)) : database.get(id);
    return found.orElseThrow(() -> missing(database, id, isNamed));
  }

  /** What {@code rev} names, or if {@code latest}, what that became. */
  private static RevisionId revision(Parameters parameters, Database database, String id) {
    RevisionId named = IncomingDocument.revision(parameters.values().get("rev"));
    List<RevisionId> latest =
        parameters.flag("latest")
            ? OpenRevisions.latest(database.tree(id), named)
            : List.<RevisionId>of();
    return latest.isEmpty() ? named : latest.get(0);
  }

  static HttpException missing(Database database, String id, boolean revision) {
    boolean deleted = database.tree(id).winner().filter(Revision::deleted).isPresent();
    return HttpException.notFound(deleted && !revision ? "deleted" : "missing");
  }

  public static String etag(RevisionId revision) {
    return "\"" + revision + "\"";
  }

  /** {@code POST /{db}}: a document with an id of its own, or one that is made. */
  public Reply post(Request request, Database database) {
    IncomingDocument document =
        parse(request.json(request.limits().bulkBodyBytes()), request.limits());
    String id = document.id().map(IncomingDocument::checkId).orElseGet(MadeId::next);
    RevisionId parent = document.revision().orElse(null);
    try (SentAttachments attachments = new SentAttachments(database, request.limits())) {
      Edits edits = new Edits(request, database, attachments, scripts);
      edits.addEdit(id, parent, document);
      return write(request, database, edits.batch(), document.deleted());
    }
  }

  /** Only attachments make a body longer than that of a document. */
  private static IncomingDocument parse(byte[] json, HttpLimits limits) {
    IncomingDocument document = IncomingDocument.parse(json);
    if (json.length > limits.documentBodyBytes() && document.attachments().isEmpty()) {
      throw HttpException.tooLarge("too_large", limits.documentBodyBytes());
    }
    return document;
  }

  /** {@code PUT /{db}/{id}}. */
  public Reply put(Request request, Database database) {
    IncomingDocument document =
        parse(request.body(request.limits().bulkBodyBytes()), request.limits());
    try (SentAttachments attachments = new SentAttachments(database, request.limits())) {
      return put(request, database, document, attachments, scripts);
    }
  }

  static Reply put(
      Request request,
      Database database,
      IncomingDocument document,
      SentAttachments attachments,
      ScriptPool scripts) {
    String id = DocumentPath.idOf(request);
    if (document.id().filter(named -> !named.equals(id)).isPresent()) {
      throw HttpException.badRequest("_id of the document is not the id in the URL");
    }
    Edits edits = new Edits(request, database, attachments, scripts);
    if (request.parameters().flag("new_edits", true)) {
      edits.addEdit(id, parent(request, document.revision().orElse(null)), document);
    } else {
      edits.addGraft(id, document);
    }
    return write(request, database, edits.batch(), document.deleted());
  }

  private static Reply write(Request request, Database database, WriteBatch edit, boolean deleted) {
    WriteResult result = database.writeEach(edit).get(0);
    RevisionId revision = Edits.revision(result).orElseThrow(() -> Edits.failure(result));
    JsonNode reply = JsonReply.okay().put("id", result.id()).put("rev", revision.toString());
    String location = Urls.of(request.segment(0), result.id());
    if (request.parameters().text("batch").filter("ok"::equals).isPresent()) {
      return JsonReply.of(
          202, JsonReply.okay().put("id", result.id())); // it is written all the same
    }
    return new JsonReply(
        deleted ? 200 : 201,
        Map.of("ETag", etag(revision), "Location", location),
        out -> out.writeTree(reply));
  }

  /** {@code COPY /{db}/{id}}, to the id that the header {@code Destination} names. */
  public Reply copy(Request request, Database database) {
    String id = DocumentPath.idOf(request);
    Document source = found(request.parameters(), database, id);
    RequestTarget target =
        request
            .header(DESTINATION)
            .map(RequestTarget::ofDestination)
            .orElseThrow(
                () -> HttpException.badRequest("Destination header is mandatory for COPY."));
    String newId = IncomingDocument.checkId(String.join("/", target.segments()));
    WriteBatch batch = new WriteBatch();
    Optional<RevisionId> parent = target.parameters().text("rev").map(IncomingDocument::revision);
    WriteRules rules = WriteRules.of(scripts, request, database);
    rules.checkEdit(newId, parent.orElse(null), false, source.body());
    batch.put(newId, parent.orElse(null), source.body(), source.attachments());
    return write(request, database, batch, false);
  }

  /** {@code DELETE /{db}/{id}?rev=}. */
  public Reply delete(Request request, Database database) {
    String id = DocumentPath.idOf(request);
    if (database.get(id).isEmpty()) {
      throw missing(database, id, false);
    }
    RevisionId parent = parent(request, null);
    if (parent == null) {
      throw HttpException.conflict();
    }
    WriteRules.of(scripts, request, database).checkEdit(id, parent, true, NOTHING);
    RevisionId tombstone = database.delete(id, parent);
    if (Document.isDesign(id)) {
      views.cleanUp(new DatabaseName(request.segment(0)), database);
    }
    return JsonReply.ok(JsonReply.okay().put("id", id).put("rev", tombstone.toString()))
        .with("ETag", etag(tombstone));
  }

  /** The revision to be changed: a client may name it in three places, which must agree. */
  public static @Nullable RevisionId parent(Request request, @Nullable RevisionId inBody) {
    RevisionId parent = inBody;
    for (Optional<String> place : places(request)) {
      if (place.isPresent()) {
        RevisionId named = IncomingDocument.revision(place.get());
        if (parent != null && !parent.equals(named)) {
          throw HttpException.badRequest(
              "Document rev from request body, query string and If-Match have different values");
        }
        parent = named;
      }
    }
    return parent;
  }

  private static List<Optional<String>> places(Request request) {
    return List.of(request.parameters().text("rev"), request.ifMatch());
  }
}
