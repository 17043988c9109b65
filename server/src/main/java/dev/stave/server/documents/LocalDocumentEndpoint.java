package dev.stave.server.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.wire.IncomingDocument;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code /{db}/_local/{id}}: documents without a history, where replicators keep their checkpoints.
 * Their revision is {@code 0-n} and counts the writes; it is kept as the member {@code _rev}.
 */
public final class LocalDocumentEndpoint {

  private static final String PREFIX = IncomingDocument.LOCAL_PREFIX;

  /** What is set for the database, such as its security, is not for whoever writes documents. */
  static final String OWN = "stave.";

  /** Held from reading a revision to writing the next: core compares none for these documents. */
  private final Object writing = new Object();

  public Reply get(Request request, Database database) {
    return JsonReply.ok(
        find(id(request), database).orElseThrow(() -> HttpException.notFound("missing")));
  }

  /**
   * A document as its reader has it.
   *
   * @throws HttpException if {@code id} is none of such a document, or one of Stave's own
   */
  public static Optional<ObjectNode> find(String id, Database database) {
    return database
        .getLocal(checked(id))
        .map(local -> JsonReply.object().put("_id", PREFIX + id).setAll(local.tree()));
  }

  public Reply put(Request request, Database database) {
    String id = id(request);
    ObjectNode body = JsonObject.parse(request.body(request.limits().documentBodyBytes())).tree();
    body.remove(List.of("_id", "_revisions")); // CouchDB's replicator sends both with checkpoints
    body.fieldNames().forEachRemaining(LocalDocumentEndpoint::check);
    return JsonReply.of(201, write(database, id, body, known(request, body)));
  }

  private ObjectNode write(Database database, String id, ObjectNode body, @Nullable String known) {
    synchronized (writing) {
      long count = expected(known, database.getLocal(id)) + 1;
      body.put("_rev", "0-" + count);
      database.putLocal(id, JsonObject.of(body));
      return reply(id, count);
    }
  }

  /** Writes or deletes what one of many documents is, and returns what a client hears of it. */
  ObjectNode write(Database database, String localId, IncomingDocument document) {
    String id = checked(localId);
    String known = document.revisionText();
    return document.deleted()
        ? delete(database, id, known)
        : write(database, id, document.body().tree(), known);
  }

  private static void check(String name) {
    if (name.startsWith("_") && !name.equals("_rev")) {
      throw new HttpException(400, "doc_validation", "Bad special document member: " + name);
    }
  }

  public Reply delete(Request request, Database database) {
    return JsonReply.ok(delete(database, id(request), known(request, null)));
  }

  private ObjectNode delete(Database database, String id, @Nullable String known) {
    synchronized (writing) {
      Optional<JsonObject> local = database.getLocal(id);
      if (local.isEmpty()) {
        throw HttpException.notFound("missing");
      }
      expected(known, local);
      database.putLocal(id, null);
      return reply(id, 0);
    }
  }

  private static ObjectNode reply(String id, long count) {
    return JsonReply.okay().put("id", PREFIX + id).put("rev", "0-" + count);
  }

  /** Which revision the client means to change. */
  private static @Nullable String known(Request request, @Nullable ObjectNode body) {
    String inBody = body == null ? null : body.path("_rev").textValue();
    return request.parameters().text("rev").or(request::ifMatch).orElse(inBody);
  }

  /** How often the document was written, if the client knows. */
  private static long expected(@Nullable String known, Optional<JsonObject> local) {
    String actual =
        local.map(body -> body.sharedTree().path("_rev")).map(JsonNode::textValue).orElse(null);
    if (actual == null) {
      return 0;
    }
    if (!actual.equals(known)) {
      throw HttpException.conflict();
    }
    return Long.parseLong(actual.substring(2));
  }

  private static String id(Request request) {
    String first = request.segment(1);
    boolean whole = first.startsWith(PREFIX);
    if (request.path().size() != (whole ? 2 : 3)) {
      throw HttpException.notFound("a local document is at _local/{id}");
    }
    return checked(whole ? first.substring(PREFIX.length()) : request.segment(2));
  }

  private static String checked(String id) {
    if (id.startsWith(OWN)) {
      throw new HttpException(403, "forbidden", "ids that begin with " + OWN + " are Stave's own");
    }
    return IncomingDocument.checkLocalId(id);
  }
}
