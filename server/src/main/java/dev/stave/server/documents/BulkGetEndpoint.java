package dev.stave.server.documents;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.StaveException;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.revision.RevisionId;
import dev.stave.server.exchange.Failures;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.MultipartReply;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.wire.IncomingDocument;
import dev.stave.sync.http.RevisionWriter;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /{db}/_bulk_get}: revisions of many documents. */
public final class BulkGetEndpoint {

  private BulkGetEndpoint() {}

  public static Reply get(Request request, Database database) {
    JsonNode docs = request.jsonObject(request.limits().bulkBodyBytes()).sharedTree().path("docs");
    if (!docs.isArray()) {
      throw HttpException.badRequest("Missing JSON list of `docs`");
    }
    Parameters parameters = request.parameters();
    parameters.flag("latest"); // a value that is none is refused before the reply begins
    HistoryMembers.check(parameters);
    AttachmentMembers.of(parameters, database);
    if (request.asksFor(RevisionWriter.MEDIA_TYPE)) {
      return new BulkGetStream(docs, database);
    }
    if (request.asksFor("multipart/mixed") || request.asksFor("multipart/related")) {
      return MultipartReply.each(
          docs, (wanted, reply) -> addParts(wanted, parameters, database, reply));
    }
    return JsonReply.ok(
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("results");
          for (JsonNode wanted : docs) {
            write(wanted, parameters, database, out);
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  /** A part for each revision; one that has attachments is of several parts in turn. */
  private static void addParts(
      JsonNode wanted, Parameters parameters, Database database, MultipartReply reply) {
    try {
      AttachmentMembers attachments =
          AttachmentMembers.ofParts(asked(wanted, parameters), database);
      for (OpenRevisions.Found found : found(id(wanted), wanted, parameters, database)) {
        if (found.document().isPresent()) {
          OpenRevisions.add(found.document().get(), parameters, database, attachments, reply);
        } else {
          addError(error(wanted, found.revision().toString(), "not_found", "missing"), reply);
        }
      }
    } catch (StaveException | HttpException e) {
      HttpException why = Failures.of(e);
      String revision = wanted.path("rev").asText("undefined");
      addError(error(wanted, revision, why.error(), why.reason()), reply);
    }
  }

  private static void addError(ObjectNode error, MultipartReply reply) {
    reply.add("application/json; error=\"true\"", error.toString());
  }

  private static void write(
      JsonNode wanted, Parameters parameters, Database database, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeFieldName("id");
    out.writeTree(
        wanted.path("id").isMissingNode() ? JsonReply.object().nullNode() : wanted.get("id"));
    out.writeArrayFieldStart("docs");
    try {
      String id = id(wanted);
      for (OpenRevisions.Found found : found(id, wanted, parameters, database)) {
        if (found.document().isPresent()) {
          Document document = found.document().get();
          out.writeStartObject();
          out.writeFieldName("ok");
          AttachmentMembers.of(asked(wanted, parameters), database)
              .write(document, HistoryMembers.of(parameters, database, document), out);
          out.writeEndObject();
        } else {
          writeError(wanted, found.revision().toString(), "not_found", "missing", out);
        }
      }
    } catch (StaveException | HttpException e) {
      HttpException why = Failures.of(e);
      writeError(wanted, wanted.path("rev").asText("undefined"), why.error(), why.reason(), out);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** What a document has is said beside its id. */
  private static Parameters asked(JsonNode wanted, Parameters parameters) {
    return wanted.has("atts_since")
        ? parameters.with(JsonReply.object().set("atts_since", wanted.get("atts_since")))
        : parameters;
  }

  private static String id(JsonNode wanted) {
    JsonNode id = wanted.path("id");
    if (!id.isTextual()) {
      throw HttpException.badRequest("document id missed");
    }
    return IncomingDocument.checkId(id.textValue());
  }

  private static List<OpenRevisions.Found> found(
      String id, JsonNode wanted, Parameters parameters, Database database) {
    if (wanted.has("rev")) {
      RevisionId revision = IncomingDocument.revision(wanted.get("rev").textValue());
      return OpenRevisions.of(database, id, List.of(revision), parameters.flag("latest"));
    }
    List<OpenRevisions.Found> leaves = OpenRevisions.leaves(database, id);
    if (leaves.isEmpty()) {
      throw HttpException.notFound("missing");
    }
    return leaves;
  }

  private static void writeError(
      JsonNode wanted, @Nullable String revision, String error, String reason, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeFieldName("error");
    out.writeTree(error(wanted, revision, error, reason));
    out.writeEndObject();
  }

  private static ObjectNode error(
      JsonNode wanted, @Nullable String revision, String error, String reason) {
    return JsonReply.object()
        .put("id", wanted.path("id").asText())
        .put("rev", revision)
        .put("error", error)
        .put("reason", reason);
  }
}
