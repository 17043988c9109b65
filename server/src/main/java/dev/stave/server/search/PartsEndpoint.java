package dev.stave.server.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.DocumentParts;
import dev.stave.database.Page;
import dev.stave.database.StaleRevisionException;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPatch;
import dev.stave.json.JsonPointer;
import dev.stave.json.MergePatch;
import dev.stave.nodes.Node;
import dev.stave.nodes.NodeQuery;
import dev.stave.revision.RevisionId;
import dev.stave.server.documents.DocumentEndpoint;
import dev.stave.server.documents.DocumentPath;
import dev.stave.server.documents.WriteRules;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.NotModified;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.Urls;
import dev.stave.server.script.ScriptPool;
import dev.stave.server.wire.IncomingDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Parts of documents: read and set by JSON Pointer, found by JSONPath, changed by JSON Patch and
 * JSON Merge Patch. A change may name the revision that it is made on, as {@code PUT} does;
 * without, it is made on the winner, whatever that is by then.
 */
public final class PartsEndpoint {

  private static final String JSON_PATCH = "application/json-patch+json";
  private static final String MERGE_PATCH = "application/merge-patch+json";

  private final ScriptPool scripts;

  public PartsEndpoint(ScriptPool scripts) {
    this.scripts = scripts;
  }

  /** {@code PATCH /{db}/{id}}: the content type says of which kind the patch is. */
  public Reply patch(Request request, Database database) {
    String id = DocumentPath.idOf(request);
    RevisionId expected = DocumentEndpoint.parent(request, null);
    String kind = request.mediaType();
    if (!kind.equals(JSON_PATCH) && !kind.equals(MERGE_PATCH)) {
      throw new HttpException(
          415,
          "bad_content_type",
          "Content-Type must be " + JSON_PATCH + " or " + MERGE_PATCH,
          Map.of("Accept-Patch", JSON_PATCH + ", " + MERGE_PATCH));
    }
    byte[] patch = request.body(request.limits().documentBodyBytes());
    if (kind.equals(JSON_PATCH)) {
      JsonPatch operations = JsonPatch.parse(patch);
      return change(
          request,
          database,
          id,
          expected,
          operations::apply,
          to -> parts(database).patch(id, to, operations));
    }
    JsonObject members = JsonObject.parse(patch);
    return change(
        request,
        database,
        id,
        expected,
        body -> MergePatch.apply(body, members),
        to -> parts(database).mergePatch(id, to, members));
  }

  private static DocumentParts parts(Database database) {
    return database.parts();
  }

  /** Where functions have to let it pass, the change is made on the revision that they saw. */
  private Reply change(
      Request request,
      Database database,
      String id,
      @Nullable RevisionId expected,
      UnaryOperator<JsonObject> preview,
      Function<@Nullable RevisionId, RevisionId> change) {
    WriteRules rules = WriteRules.of(scripts, request, database);
    if (rules.areNoneFor(id)) {
      return written(request, id, change.apply(expected));
    }
    for (int attempt = 1; ; attempt++) {
      RevisionId seen = expected;
      if (seen == null) {
        seen = database.get(id).orElseThrow(() -> HttpException.notFound("missing")).revision();
      }
      Optional<Document> document = database.get(id, seen).filter(known -> !known.deleted());
      if (document.isPresent()) { // else it is stale, and the change says so
        rules.checkEdit(id, seen, false, preview.apply(document.get().body()));
      }
      try {
        return written(request, id, change.apply(seen));
      } catch (StaleRevisionException e) {
        if (expected != null || attempt >= Database.TRANSACTION_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static Reply written(Request request, String id, RevisionId revision) {
    JsonNode reply = JsonReply.okay().put("id", id).put("rev", revision.toString());
    return JsonReply.ok(reply)
        .with("ETag", DocumentEndpoint.etag(revision))
        .with("Location", Urls.of(request.segment(0), id));
  }

  /**
   * {@code GET /{db}/{id}/_path}: with {@code pointer} the value there; with {@code jsonpath} the
   * nodes that it finds.
   */
  public static Reply get(Request request, Database database) {
    String id = DocumentPath.idOf(request);
    Parameters parameters = request.parameters();
    if (parameters.has("pointer") == parameters.has("jsonpath")) {
      throw HttpException.badParameter("one of `pointer` and `jsonpath` says which part is meant");
    }
    Optional<RevisionId> revision = parameters.text("rev").map(IncomingDocument::revision);
    Document document =
        (revision.isPresent() ? database.get(id, revision.get()) : database.get(id))
            .orElseThrow(() -> HttpException.notFound("missing"));
    String etag = DocumentEndpoint.etag(document.revision());
    if (request.hasAlready(etag)) {
      return new NotModified(etag);
    }
    JsonNode part =
        parameters.has("pointer")
            ? value(pointer(parameters), document)
            : found(jsonPath(parameters), document);
    return JsonReply.ok(part).with("ETag", etag);
  }

  private static JsonNode found(NodeQuery query, Document document) {
    return JsonReply.object().set("nodes", json(query.nodes(document.body())));
  }

  private static JsonNode value(JsonPointer pointer, Document document) {
    return pointer
        .get(document.body())
        .orElseThrow(() -> HttpException.notFound("the document has no value at " + pointer));
  }

  private static JsonPointer pointer(Parameters parameters) {
    return JsonPointer.parse(
        parameters
            .text("pointer")
            .orElseThrow(() -> HttpException.badParameter("`pointer` says which part is meant")));
  }

  private static NodeQuery jsonPath(Parameters parameters) {
    return NodeQuery.parse(parameters.text("jsonpath").orElse(""));
  }

  private static ArrayNode json(List<Node> nodes) {
    ArrayNode all = JsonReply.object().arrayNode();
    for (Node node : nodes) {
      all.addObject().put("path", node.path()).set("value", node.sharedValue());
    }
    return all;
  }

  /** {@code PUT /{db}/{id}/_path?pointer=}: the body is the value, any JSON. */
  public Reply set(Request request, Database database) {
    String id = DocumentPath.idOf(request);
    JsonPointer pointer = pointer(request.parameters());
    JsonNode value = JsonObject.parseValue(request.json(request.limits().documentBodyBytes()));
    RevisionId expected = DocumentEndpoint.parent(request, null);
    return change(
        request,
        database,
        id,
        expected,
        body -> pointer.set(body, value),
        to -> parts(database).set(id, to, pointer, value));
  }

  /** {@code DELETE /{db}/{id}/_path?pointer=}: of the document the rest stays. */
  public Reply remove(Request request, Database database) {
    String id = DocumentPath.idOf(request);
    JsonPointer pointer = pointer(request.parameters());
    RevisionId expected = DocumentEndpoint.parent(request, null);
    return change(
        request,
        database,
        id,
        expected,
        pointer::remove,
        to -> parts(database).remove(id, to, pointer));
  }

  /**
   * {@code POST /{db}/_path}: as {@code _find}, and of each document what {@code jsonpath} finds.
   */
  public static Reply find(Request request, Database database) {
    ObjectNode json = request.jsonObject(request.limits().documentBodyBytes()).tree();
    JsonNode jsonPath = json.remove("jsonpath");
    if (jsonPath == null || !jsonPath.isTextual()) {
      throw FindRequest.invalid("missing_required_key", "Missing required key: jsonpath");
    }
    FindRequest asked =
        FindRequest.parse(json, json.path("selector"), request.limits().query(), database);
    NodeQuery query = NodeQuery.parse(jsonPath.textValue());
    Page page = database.page(asked.query());
    ObjectNode reply = JsonReply.object();
    ArrayNode docs = reply.putArray("docs");
    for (Document document : page.documents()) { // all before the reply begins: one may be refused
      List<Node> nodes = query.nodes(document.body());
      if (!nodes.isEmpty()) {
        docs.addObject()
            .put("id", document.id())
            .put("rev", document.revision().toString())
            .set("nodes", json(nodes));
      }
    }
    return JsonReply.ok(reply.put("bookmark", FindRequest.bookmark(page)));
  }
}
