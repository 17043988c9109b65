package dev.stave.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.Purge;
import dev.stave.database.PurgeResult;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Retention;
import dev.stave.revision.RevisionId;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.view.ViewIndexes;
import dev.stave.server.wire.IncomingDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a database is to forget: revisions as if they had never been, and old ones. */
final class PurgeEndpoint {

  /** What one request may purge, as in CouchDB. */
  private static final int MAX_DOCUMENTS = 100;

  private static final int MAX_REVISIONS = 1_000;

  private final ViewIndexes views;

  PurgeEndpoint(ViewIndexes views) {
    this.views = views;
  }

  /** {@code POST /{db}/_purge}: {@code {"id": ["rev", …], …}}. */
  public Reply purge(Request request, Database database) {
    JsonNode asked = request.jsonObject(request.limits().documentBodyBytes()).sharedTree();
    if (asked.size() > MAX_DOCUMENTS) {
      throw HttpException.badRequest("Exceeded maximum number of documents.");
    }
    Map<String, List<RevisionId>> leaves = new LinkedHashMap<>();
    asked
        .fields()
        .forEachRemaining(
            entry -> {
              String id = IncomingDocument.checkId(entry.getKey());
              if (!entry.getValue().isArray()) {
                throw HttpException.badRequest("the revisions of a document must be an array");
              }
              leaves.put(id, IncomingDocument.revisions(entry.getValue()));
            });
    if (leaves.values().stream().mapToInt(List::size).sum() > MAX_REVISIONS) {
      throw HttpException.badRequest("Exceeded maximum number of revisions.");
    }
    PurgeResult result = database.purge(leaves);
    if (leaves.keySet().stream().anyMatch(Document::isDesign)) {
      views.cleanUp(new DatabaseName(request.segment(0)), database);
    }
    ObjectNode reply = JsonReply.object().put("purge_seq", result.purgeSequence());
    ObjectNode purged = reply.putObject("purged");
    result.revisions().forEach((id, revisions) -> add(revisions, purged.putArray(id)));
    return JsonReply.of(201, reply);
  }

  private static void add(List<RevisionId> revisions, ArrayNode to) {
    revisions.forEach(revision -> to.add(revision.toString()));
  }

  /** {@code GET /{db}/_purged_infos}: what of it is written down. */
  public static Reply purged(Request request, Database database) {
    ObjectNode reply = JsonReply.object();
    ArrayNode infos = reply.putArray("purged_infos");
    for (Purge purge : database.purges().all()) {
      add(purge.revisions(), infos.addObject().put("id", purge.id()).putArray("revs"));
    }
    return JsonReply.ok(reply);
  }

  /** {@code GET /{db}/_purged_infos_limit}: how much is. */
  public static Reply limit(Request request, Database database) {
    return JsonReply.ok(IntNode.valueOf(database.purges().limit()));
  }

  /** {@code PUT /{db}/_purged_infos_limit}. */
  public static Reply setLimit(Request request, Database database) {
    int limit = number(request, "`purged_infos_limit` must be positive integer");
    try {
      database.purges().setLimit(limit);
    } catch (IllegalArgumentException e) {
      throw HttpException.badRequest("`purged_infos_limit`: " + e.getMessage());
    }
    return JsonReply.ok(JsonReply.okay());
  }

  /** {@code GET /{db}/_revs_limit}: how long a branch of a history is at most. */
  public static Reply revsLimit(Request request, Database database) {
    return JsonReply.ok(IntNode.valueOf(database.retention().revisions()));
  }

  /** {@code PUT /{db}/_revs_limit}: of how many ancestors the bodies are kept stays. */
  public static Reply setRevsLimit(Request request, Database database) {
    int limit = number(request, "`revs_limit` must be positive integer");
    try {
      database.setRetention(new Retention(limit, database.retention().bodies()));
    } catch (IllegalArgumentException e) {
      throw HttpException.badRequest("`revs_limit`: " + e.getMessage());
    }
    return JsonReply.ok(JsonReply.okay());
  }

  private static int number(Request request, String otherwise) {
    JsonNode number = JsonObject.parseValue(request.body(request.limits().documentBodyBytes()));
    if (!number.isIntegralNumber() || !number.canConvertToInt() || number.intValue() < 1) {
      throw HttpException.badRequest(otherwise);
    }
    return number.intValue();
  }
}
