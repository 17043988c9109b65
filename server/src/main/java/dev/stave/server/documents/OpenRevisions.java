package dev.stave.server.documents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.MultipartReply;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.wire.IncomingDocument;
import dev.stave.server.wire.OutgoingDocument;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Several revisions of one document at once: all leaves, or those that a client names. */
final class OpenRevisions {

  /** A revision that was asked for; empty if its body is not here. */
  record Found(RevisionId revision, Optional<Document> document) {}

  private OpenRevisions() {}

  /** Every leaf, the winner first, deleted ones too. */
  static List<Found> leaves(Database database, String id) {
    List<Found> found = new ArrayList<>();
    for (Revision leaf : database.tree(id).leaves()) {
      found.add(new Found(leaf.id(), database.get(id, leaf.id())));
    }
    return found;
  }

  /** Those in {@code revisions}; if {@code latest}, the leaves that they became. */
  static List<Found> of(Database database, String id, List<RevisionId> revisions, boolean latest) {
    Set<RevisionId> wanted = new LinkedHashSet<>();
    for (RevisionId revision : revisions) {
      List<RevisionId> leaves = latest ? latest(database.tree(id), revision) : List.of();
      wanted.addAll(leaves.isEmpty() ? List.of(revision) : leaves);
    }
    List<Found> found = new ArrayList<>();
    for (RevisionId revision : wanted) {
      found.add(new Found(revision, database.get(id, revision)));
    }
    return found;
  }

  /** The leaves that {@code revision} became, in the order in which they would win. */
  static List<RevisionId> latest(RevisionTree tree, RevisionId revision) {
    return tree.leaves().stream()
        .map(Revision::id)
        .filter(leaf -> tree.path(leaf).stream().anyMatch(r -> r.id().equals(revision)))
        .toList();
  }

  /** {@code GET /{db}/{id}?open_revs=}. */
  static Reply reply(Request request, Database database, String id) {
    Parameters parameters = request.parameters();
    List<Found> found;
    if (parameters.text("open_revs").orElse("").equals("all")) {
      found = leaves(database, id);
      if (found.isEmpty()) {
        throw HttpException.notFound("missing");
      }
    } else {
      found = of(database, id, revisions(parameters), parameters.flag("latest"));
    }
    return request.asksFor("multipart/mixed")
        ? parts(found, parameters, database)
        : json(found, parameters, database);
  }

  private static Reply json(List<Found> found, Parameters parameters, Database database) {
    AttachmentMembers attachments = AttachmentMembers.of(parameters, database);
    HistoryMembers.check(parameters);
    return JsonReply.ok(
        out -> {
          out.writeStartArray();
          for (Found each : found) {
            if (each.document().isPresent()) {
              Document document = each.document().get();
              out.writeStartObject();
              out.writeFieldName("ok");
              attachments.write(document, HistoryMembers.of(parameters, database, document), out);
              out.writeEndObject();
            } else {
              out.writeRawValue(missing(each));
            }
          }
          out.writeEndArray();
        });
  }

  /** A document with attachments is, in turn, of several parts. */
  private static Reply parts(List<Found> found, Parameters parameters, Database database) {
    AttachmentMembers attachments = AttachmentMembers.ofParts(parameters, database);
    MultipartReply reply = new MultipartReply();
    for (Found each : found) {
      if (each.document().isPresent()) {
        add(each.document().get(), parameters, database, attachments, reply);
      } else {
        reply.add("application/json; error=\"true\"", missing(each));
      }
    }
    return reply;
  }

  static void add(
      Document document,
      Parameters parameters,
      Database database,
      AttachmentMembers attachments,
      MultipartReply reply) {
    Map<String, JsonNode> history = HistoryMembers.of(parameters, database, document);
    Optional<RelatedReply> related = attachments.related(document, history);
    if (related.isPresent()) {
      reply.add(related.get().contentType(), related.get()::writeTo);
    } else {
      reply.add("application/json", OutgoingDocument.text(document, history));
    }
  }

  private static String missing(Found found) {
    return "{\"missing\":" + OutgoingDocument.quoted(found.revision()) + "}";
  }

  private static List<RevisionId> revisions(Parameters parameters) {
    JsonNode json = parameters.json("open_revs").orElseThrow();
    if (!json.isArray()) {
      throw HttpException.badRequest("open_revs is `all` or an array of revisions");
    }
    return IncomingDocument.revisions(json);
  }
}
