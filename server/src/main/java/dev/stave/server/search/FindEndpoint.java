package dev.stave.server.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.Page;
import dev.stave.document.Document;
import dev.stave.query.Explanation;
import dev.stave.server.documents.HistoryMembers;
import dev.stave.server.documents.Partition;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.wire.OutgoingDocument;
import dev.stave.server.wire.PlanJson;
import java.util.Map;
import java.util.Optional;

/** {@code POST /{db}/_find} and {@code _explain}. */
public final class FindEndpoint {

  private FindEndpoint() {}

  public static Reply find(Request request, Database database) {
    FindRequest asked = asked(json(request), request, database);
    Page page = database.page(asked.query());
    return JsonReply.ok(
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("docs");
          for (Document document : page.documents()) {
            Map<String, JsonNode> conflicts =
                HistoryMembers.of(asked.historyMembers(), database, document);
            if (asked.fields().areAll()) {
              out.writeRawValue(OutgoingDocument.text(document, conflicts));
            } else {
              ObjectNode part = asked.fields().of(OutgoingDocument.tree(document));
              out.writeTree(part.setAll(conflicts));
            }
          }
          out.writeEndArray();
          out.writeStringField("bookmark", FindRequest.bookmark(page));
          if (asked.executionStats()) {
            out.writeFieldName("execution_stats");
            out.writeTree(statistics(database.explain(asked.query())));
          }
          out.writeEndObject();
        });
  }

  private static FindRequest asked(JsonNode json, Request request, Database database) {
    Optional<Partition> partition = Partition.of(request, database);
    boolean isWhole = partition.isEmpty() || !json.has("selector");
    JsonNode narrowed =
        isWhole
            ? json
            : ((ObjectNode) json.deepCopy())
                .set("selector", partition.get().narrowed(json.get("selector")));
    return FindRequest.parse(narrowed, request.limits().query());
  }

  private static JsonNode json(Request request) {
    return request.jsonObject(request.limits().documentBodyBytes()).sharedTree();
  }

  /** As CouchDB has understood what was asked. */
  private static ObjectNode options(JsonNode json, FindRequest asked) {
    ObjectNode options = JsonReply.object();
    options.putArray("use_index");
    options.put("bookmark", json.path("bookmark").asText("nil"));
    options.put("limit", asked.query().limit()).put("skip", asked.query().skip());
    options.set("sort", json.has("sort") ? json.get("sort") : JsonReply.object());
    options.set("fields", fields(json));
    options.put("conflicts", json.path("conflicts").asBoolean());
    return options.put("execution_stats", asked.executionStats());
  }

  /** None stands for all. */
  private static JsonNode fields(JsonNode json) {
    return json.has("fields") ? json.get("fields") : JsonReply.object().arrayNode();
  }

  private static ObjectNode statistics(Explanation explanation) {
    return JsonReply.object()
        .put("total_keys_examined", explanation.postingsRead())
        .put("total_docs_examined", explanation.documentsRead())
        .put("total_quorum_docs_examined", 0)
        .put("results_returned", explanation.returned())
        .put("execution_time_ms", explanation.nanos() / 1e6);
  }

  /** The query is run, so that the plan's figures are real. */
  public static Reply explain(Request request, Database database) {
    JsonNode json = json(request);
    FindRequest asked = asked(json, request, database);
    ObjectNode reply = JsonReply.object();
    reply.put("dbname", request.segment(0));
    ObjectNode index = reply.putObject("index");
    index.putNull("ddoc").put("name", "_every_path").put("type", "special");
    index.putObject("def").putArray("fields").addObject().put("_id", "asc");
    reply.put("partitioned", request.partition().isPresent());
    reply.set("selector", json.path("selector"));
    reply.set("opts", options(json, asked));
    reply.put("limit", asked.query().limit()).put("skip", asked.query().skip());
    reply.set("fields", fields(json));
    reply.set("plan", PlanJson.of(database.explain(asked.query())));
    return JsonReply.ok(reply);
  }
}
