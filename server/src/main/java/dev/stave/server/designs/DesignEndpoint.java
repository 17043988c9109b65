package dev.stave.server.designs;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.documents.DocumentPath;
import dev.stave.server.documents.Partition;
import dev.stave.server.exchange.Endpoint;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.InDatabase;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.script.ScriptPool;
import dev.stave.server.view.DesignViews;
import dev.stave.server.view.ViewIndex;
import dev.stave.server.view.ViewIndexes;
import dev.stave.server.wire.IncomingDocument;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;

/** What there is below a design document, {@code /{db}/_design/{name}/_…}. */
public final class DesignEndpoint {

  static final String DESIGN = "/{db}/_design/{ddoc}";

  private static final String PARTITION = "/{db}/_partition/{partition}/_design/{ddoc}";

  private final ViewIndexes indexes;
  private final FunctionEndpoint functions;

  public DesignEndpoint(ViewIndexes indexes, ScriptPool scripts) {
    this.indexes = indexes;
    this.functions = new FunctionEndpoint(scripts, this);
  }

  /** Where endpoints of databases go. */
  @FunctionalInterface
  public interface Places {
    void add(String method, String template, InDatabase endpoint);
  }

  /** Puts all that there is below design documents in its place. */
  public void addTo(Places places) {
    places.add("POST", "/{db}/_view_cleanup", this::cleanUp);
    places.add("POST", "/{db}/_compact/{ddoc}", this::compact);
    places.add("GET", DESIGN + "/_info", this::info);
    places.add("GET", DESIGN + "/_view/{view}", this::view);
    places.add("POST", DESIGN + "/_view/{view}", this::view);
    places.add("POST", DESIGN + "/_view/{view}/queries", this::queries);
    places.add("GET", PARTITION + "/_view/{view}", this::view);
    places.add("POST", PARTITION + "/_view/{view}", this::view);
    functions.addTo(places);
  }

  /** {@code GET} and {@code POST /{db}/_design/{name}/_view/{view}}. */
  private Reply view(Request request, Database database) {
    Parameters parameters = request.parameters();
    if (request.method().equals("POST")) {
      JsonNode body = request.jsonObject(request.limits().bulkBodyBytes()).sharedTree();
      if (body.has("queries")) {
        return queries(body.get("queries"), request, database);
      }
      parameters = parameters.with(body);
    }
    return answer(List.of(parameters), false, request, database);
  }

  /** {@code POST /{db}/_design/{name}/_view/{view}/queries}. */
  private Reply queries(Request request, Database database) {
    JsonNode body = request.jsonObject(request.limits().bulkBodyBytes()).sharedTree();
    return queries(body.path("queries"), request, database);
  }

  private Reply queries(JsonNode queries, Request request, Database database) {
    if (!queries.isArray()) {
      throw HttpException.badRequest("`queries` must be an array.");
    }
    List<Parameters> all = new ArrayList<>();
    for (JsonNode query : queries) {
      if (!query.isObject()) {
        throw HttpException.badRequest("a query must be an object, not: " + query);
      }
      all.add(request.parameters().with(query));
    }
    return answer(all, true, request, database);
  }

  private Reply answer(
      List<Parameters> queries, boolean asResults, Request request, Database database) {
    DesignViews views = views(request, database);
    String name = DocumentPath.of(request.path()).rest().get(1);
    DesignViews.View view =
        views.view(name).orElseThrow(() -> HttpException.notFound("missing_named_view"));
    List<ViewQuery> asked = queries.stream().map(query -> ViewQuery.of(query, view)).toList();
    Optional<Partition> partition = Partition.of(request, database);
    ViewIndex index = index(request, database, views);
    JsonReply reply =
        JsonReply.ok(
            out -> {
              if (asResults) {
                out.writeStartObject();
                out.writeArrayFieldStart("results");
              }
              for (ViewQuery query : asked) {
                new ViewRows(query, index, view, database, partition).writeTo(out);
              }
              if (asResults) {
                out.writeEndArray();
                out.writeEndObject();
              }
            });
    return upToDate(index, asked, database, reply);
  }

  /** Has {@code use} answer with what the view says to the request, as JSON. */
  Reply list(
      Request request,
      Database database,
      String designId,
      String name,
      BiFunction<Request, JsonNode, Reply> use) {
    DesignViews views = views(database, designId);
    DesignViews.View view =
        views.view(name).orElseThrow(() -> HttpException.notFound("missing_named_view"));
    ViewQuery query = ViewQuery.of(request.parameters(), view);
    ViewIndex index = index(request, database, views);
    return upToDate(
        index,
        List.of(query),
        database,
        same -> {
          ObjectMapper mapper = new ObjectMapper();
          StringWriter text = new StringWriter();
          try (JsonGenerator out = mapper.createGenerator(text)) {
            new ViewRows(query, index, view, database, Optional.empty()).writeTo(out);
          }
          use.apply(same, mapper.readTree(text.toString())).send(same);
        });
  }

  private static Reply upToDate(
      ViewIndex index, List<ViewQuery> asked, Database database, Reply reply) {
    boolean upToDate = asked.stream().anyMatch(query -> query.update() == ViewQuery.Update.FIRST);
    boolean later = asked.stream().anyMatch(query -> query.update() == ViewQuery.Update.LATER);
    if (!upToDate && !later) {
      return reply;
    }
    CompletableFuture<Long> done = index.upTo(database.lastSequence());
    return upToDate ? whenDone(done, reply) : reply;
  }

  /** Holds no thread while an index is made. */
  private static Reply whenDone(CompletableFuture<Long> done, Reply reply) {
    return request -> {
      Endpoint next =
          same -> {
            try {
              done.join();
            } catch (CompletionException e) {
              throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
            return reply;
          };
      if (done.isDone()) {
        next.answer(request).send(request);
      } else {
        request.park(() -> done.whenComplete((reached, failure) -> request.resume(next)));
      }
    };
  }

  private ViewIndex index(Request request, Database database, DesignViews views) {
    return indexes.of(new DatabaseName(request.segment(0)), database, views);
  }

  private static DesignViews views(Request request, Database database) {
    return views(database, DocumentPath.idOf(request));
  }

  private static DesignViews views(Database database, String id) {
    return DesignViews.of(design(database, id))
        .orElseThrow(() -> HttpException.notFound("missing_named_view"));
  }

  private static Document design(Database database, String id) {
    return database
        .get(id)
        .orElseThrow(
            () -> {
              boolean deleted = database.tree(id).winner().filter(Revision::deleted).isPresent();
              return HttpException.notFound(deleted ? "deleted" : "missing");
            });
  }

  /** {@code GET /{db}/_design/{name}/_info}. */
  private Reply info(Request request, Database database) {
    DesignViews views = views(request, database);
    ViewIndex index = index(request, database, views);
    long pending = database.lastSequence() - index.sequence();
    ObjectNode info = JsonReply.object();
    info.put("name", views.id().substring(Document.DESIGN_PREFIX.length()));
    ObjectNode known = info.putObject("view_index");
    known.putObject("updates_pending").put("minimum", pending).put("preferred", pending);
    known.withObject("/updates_pending").put("total", pending);
    known.put("waiting_commit", false).put("waiting_clients", 0);
    known.put("updater_running", index.isBuilding()).put("update_seq", index.sequence());
    long bytes = index.bytes();
    known.putObject("sizes").put("file", bytes).put("external", bytes).put("active", bytes);
    known.put("signature", views.signature()).put("purge_seq", index.purgeSequence());
    known.put("language", "javascript").put("compact_running", false);
    return JsonReply.ok(info);
  }

  /** {@code POST /{db}/_compact/{name}}: answered at once, done in the background. */
  private Reply compact(Request request, Database database) {
    request.json(request.limits().documentBodyBytes());
    String id = IncomingDocument.checkId(Document.DESIGN_PREFIX + request.segment(2));
    indexes.compact(index(request, database, views(database, id)));
    return JsonReply.of(202, JsonReply.okay());
  }

  /** {@code POST /{db}/_view_cleanup}. */
  private Reply cleanUp(Request request, Database database) {
    request.json(request.limits().documentBodyBytes());
    indexes.cleanUp(new DatabaseName(request.segment(0)), database);
    return JsonReply.of(202, JsonReply.okay());
  }
}
