package dev.stave.server.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.Page;
import dev.stave.document.Document;
import dev.stave.query.Explanation;
import dev.stave.server.documents.HistoryMembers;
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
    FindRequest asked = FindRequest.parse(json(request), request.limits().query(), database);
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
          Optional<String> warning = asked.warning();
          if (warning.isPresent()) {
            out.writeStringField("warning", warning.get());
          }
          if (asked.executionStats()) {
            out.writeFieldName("execution_stats");
            out.writeTree(statistics(database.explain(asked.query())));
          }
          out.writeEndObject();
        });
  }

  private static JsonNode json(Request request) {
    return request.jsonObject(request.limits().documentBodyBytes()).sharedTree();
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
    FindRequest asked = FindRequest.parse(json, request.limits().query(), database);
    ObjectNode reply = JsonReply.object();
    reply.put("dbname", request.segment(0));
    reply.set("index", asked.index().listed());
    reply.set("selector", json.path("selector"));
    reply.put("limit", asked.query().limit()).put("skip", asked.query().skip());
    JsonNode fields = json.path("fields");
    reply.set("fields", fields.isArray() ? fields : JsonReply.object().textNode("all_fields"));
    reply.set("plan", PlanJson.of(database.explain(asked.query())));
    return JsonReply.ok(reply);
  }
}
