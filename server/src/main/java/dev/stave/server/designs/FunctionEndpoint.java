package dev.stave.server.designs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.WriteResult;
import dev.stave.document.Document;
import dev.stave.revision.RevisionId;
import dev.stave.server.documents.DocumentPath;
import dev.stave.server.documents.Edits;
import dev.stave.server.documents.SentAttachments;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.script.ScriptException;
import dev.stave.server.script.ScriptPool;
import dev.stave.server.wire.IncomingDocument;
import dev.stave.server.wire.OutgoingDocument;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** {@code _show}, {@code _list} and {@code _update}: functions that answer requests themselves. */
final class FunctionEndpoint {

  private final ScriptPool scripts;
  private final DesignEndpoint views;

  FunctionEndpoint(ScriptPool scripts, DesignEndpoint views) {
    this.scripts = scripts;
    this.views = views;
  }

  /** Puts all functions in their places. */
  void addTo(DesignEndpoint.Places places) {
    for (String method : List.of("GET", "POST")) {
      places.add(method, DesignEndpoint.DESIGN + "/_show/{function}", this::show);
      places.add(method, DesignEndpoint.DESIGN + "/_show/{function}/{id*}", this::show);
      places.add(method, DesignEndpoint.DESIGN + "/_list/{function}/{view}", this::list);
      places.add(method, DesignEndpoint.DESIGN + "/_list/{function}/{viewddoc}/{view}", this::list);
    }
    places.add("POST", DesignEndpoint.DESIGN + "/_update/{function}", this::update);
    for (String method : List.of("POST", "PUT")) {
      places.add(method, DesignEndpoint.DESIGN + "/_update/{function}/{id*}", this::update);
    }
  }

  private static Document design(Request request, Database database) {
    return database
        .get(DocumentPath.idOf(request))
        .orElseThrow(() -> HttpException.notFound("missing"));
  }

  /** A function, and what it is told of: a document, or null, and the request. */
  private record Call(List<String> function, JsonNode document, JsonNode request) {

    /** Of the function that the path names, and the id after it, if there is one. */
    static Call of(String kind, Request request, Database database) {
      List<String> rest = DocumentPath.of(request.path()).rest();
      String id = rest.size() > 2 ? String.join("/", rest.subList(2, rest.size())) : null;
      Optional<Document> found = id == null ? Optional.empty() : database.get(id);
      return new Call(
          List.of(kind, rest.get(1)),
          found.<JsonNode>map(OutgoingDocument::tree).orElseGet(NullNode::getInstance),
          ScriptRequest.of(request, database, id));
    }
  }

  /** {@code GET} and {@code POST /{db}/_design/{name}/_show/{function}[/{id}]}. */
  private Reply show(Request request, Database database) {
    Call call = Call.of("shows", request, database);
    JsonNode response =
        scripts.with(
            database,
            design(request, database),
            script ->
                script.respond(
                    call.function(), call.document(), call.request(), Collections.emptyIterator()));
    return ScriptReply.of(200, response);
  }

  /** {@code GET} and {@code POST /{db}/_design/{name}/_list/{function}/[{name}/]{view}}. */
  private Reply list(Request request, Database database) {
    List<String> rest = DocumentPath.of(request.path()).rest();
    Document design = design(request, database);
    String ofView = rest.size() == 4 ? Document.DESIGN_PREFIX + rest.get(2) : design.id();
    return views.list(
        request,
        database,
        ofView,
        rest.get(rest.size() - 1),
        (same, list) -> {
          ObjectNode head = JsonReply.object();
          for (String member : List.of("total_rows", "offset", "update_seq")) {
            if (list.has(member)) {
              head.set(member, list.get(member));
            }
          }
          JsonNode response =
              scripts.with(
                  database,
                  design,
                  script ->
                      script.respond(
                          List.of("lists", rest.get(1)),
                          head,
                          ScriptRequest.of(same, database, null),
                          list.get("rows").elements()));
          return ScriptReply.of(200, response);
        });
  }

  /** {@code POST} and {@code PUT /{db}/_design/{name}/_update/{function}[/{id}]}. */
  private Reply update(Request request, Database database) {
    Call call = Call.of("updates", request, database);
    JsonNode result =
        scripts.with(
            database,
            design(request, database),
            script -> script.call(call.function(), call.document(), call.request()));
    if (!result.isArray() || result.size() < 2) {
      throw ScriptException.of(
          "render_error", "an update function returns [document or null, response]");
    }
    JsonNode response =
        result.get(1).isObject()
            ? result.get(1)
            : JsonReply.object().put("body", result.get(1).asText());
    if (result.get(0).isNull()) {
      return ScriptReply.of(200, response);
    }
    WriteResult written = write(request, database, result.get(0));
    RevisionId revision = Edits.revision(written).orElseThrow(() -> Edits.failure(written));
    return ScriptReply.of(201, response)
        .with("X-Couch-Update-NewRev", revision.toString())
        .with("X-Couch-Id", written.id());
  }

  private WriteResult write(Request request, Database database, JsonNode json) {
    if (!json.isObject()) {
      throw ScriptException.of("render_error", "what an update function writes is an object");
    }
    IncomingDocument document =
        IncomingDocument.parse(json.toString().getBytes(StandardCharsets.UTF_8));
    String id =
        document.id().orElseThrow(() -> HttpException.badRequest("the document has no _id"));
    try (SentAttachments attachments = new SentAttachments(database, request.limits())) {
      Edits edits = new Edits(request, database, attachments, scripts);
      edits.addEdit(id, document.revision().orElse(null), document);
      return database.writeEach(edits.batch()).get(0);
    }
  }
}
