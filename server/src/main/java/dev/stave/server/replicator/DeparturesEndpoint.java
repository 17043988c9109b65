package dev.stave.server.replicator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.review.MergeRequests;
import dev.stave.revision.RevisionId;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.wire.IncomingDocument;
import dev.stave.sync.Departure;
import dev.stave.sync.Departures;
import java.util.List;
import java.util.Locale;

/**
 * {@code /{db}/_departures}: documents that have left the scope of a replication that purges, and
 * are here all the same, since the source lacks edits of them. See {@link Departures}.
 */
public final class DeparturesEndpoint {

  private static final int ID_AT = 2; // in the path

  private final Replicator replicator;

  public DeparturesEndpoint(Replicator replicator) {
    this.replicator = replicator;
  }

  /**
   * {@code GET /{db}/_departures}: those that are open, or with {@code discarded=true} the record
   * of those that were given up.
   */
  public static Reply list(Request request, Database database) {
    Departures departures = Departures.of(database);
    boolean isRecord = request.parameters().flag("discarded");
    List<Departure> all = isRecord ? departures.discarded() : departures.open();
    return JsonReply.page(
        request, "departures", all.stream().map(DeparturesEndpoint::toJson).toList());
  }

  /** {@code GET /{db}/_departures/{id}}: an open one, with what its edits come to. */
  public static Reply get(Request request, Database database) {
    Departure departure = open(request, database);
    ObjectNode reply = toJson(departure);
    reply.set("preview", MergeRequests.of(database).preview(departure.request()).toJson());
    return JsonReply.ok(reply);
  }

  /**
   * {@code POST /{db}/_departures/{id}} with {@code {"action": "keep"}}, or {@code {"action":
   * "discard", "leaves": […], "reason": text}} with the leaves as they were read.
   */
  public Reply settle(Request request, Database database) {
    JsonNode asked = request.jsonObject(request.limits().documentBodyBytes()).sharedTree();
    Departure departure = open(request, database);
    if (asked.has("leaves")
        && !sameLeaves(departure, IncomingDocument.revisions(asked.path("leaves")))) {
      throw edited();
    }
    switch (asked.path("action").asText()) {
      case "keep" -> Departures.of(database).keep(departure);
      case "discard" -> discard(asked, database, departure);
      default -> throw HttpException.badRequest("`action` is \"keep\" or \"discard\"");
    }
    replicator.hint(database); // it is sent, or the source's comes again
    return JsonReply.ok(JsonReply.okay());
  }

  private static void discard(JsonNode asked, Database database, Departure departure) {
    if (!asked.path("leaves").isArray()) {
      throw HttpException.badRequest(
          "`leaves`, as they were read, are needed to discard: nobody is to give up what he has not"
              + " seen");
    }
    if (asked.path("reason").asText().isBlank()) {
      throw HttpException.badRequest("`reason` is needed to discard: it stays on record");
    }
    if (!Departures.of(database).discard(departure, asked.path("reason").asText())) {
      throw edited();
    }
  }

  private static boolean sameLeaves(Departure departure, List<RevisionId> leaves) {
    return departure.leaves().size() == leaves.size() && departure.leaves().containsAll(leaves);
  }

  private static HttpException edited() {
    return new HttpException(
        409, "conflict", "the document was edited or settled meanwhile: read the departure again");
  }

  private static Departure open(Request request, Database database) {
    String id = String.join("/", request.path().subList(ID_AT, request.path().size()));
    return Departures.of(database)
        .of(id)
        .orElseThrow(() -> HttpException.notFound("there is no departure of this document"));
  }

  private static ObjectNode toJson(Departure departure) {
    ObjectNode json = JsonReply.object().put("id", departure.document());
    RevisionId base = departure.request().base();
    json.put("base", base == null ? null : base.toString());
    add(departure.request().sides(), json.putArray("edits"));
    add(departure.leaves(), json.putArray("leaves"));
    json.put("since", departure.since().toString());
    json.put("state", departure.state().name().toLowerCase(Locale.ROOT));
    if (departure.discarded() != null) {
      json.put("reason", departure.discarded());
    }
    return json;
  }

  private static void add(List<RevisionId> revisions, ArrayNode to) {
    revisions.forEach(revision -> to.add(revision.toString()));
  }
}
