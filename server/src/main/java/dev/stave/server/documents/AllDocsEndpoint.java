package dev.stave.server.documents;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * {@code _all_docs}, {@code _design_docs} and {@code _local_docs}: every document of a kind, a
 * range of them, or some by id; and several such lists at once, as {@code queries}.
 */
public final class AllDocsEndpoint {

  private final DocumentKind kind;

  public AllDocsEndpoint(DocumentKind kind) {
    this.kind = kind;
  }

  /** {@code GET} and {@code POST /{db}/_all_docs}. */
  public Reply list(Request request, Database database) {
    Parameters parameters = request.parameters();
    if (request.method().equals("POST")) {
      JsonNode body = request.jsonObject(request.limits().bulkBodyBytes()).sharedTree();
      if (body.has("queries")) {
        return lists(body.get("queries"), database);
      }
      parameters = parameters.with(body);
    }
    JsonReply.Body list = list(parameters, database, Partition.of(request, database));
    return JsonReply.ok(list);
  }

  /** {@code POST /{db}/_all_docs/queries}. */
  public Reply queries(Request request, Database database) {
    JsonNode body = request.jsonObject(request.limits().bulkBodyBytes()).sharedTree();
    return lists(body.path("queries"), database);
  }

  private Reply lists(JsonNode queries, Database database) {
    if (!queries.isArray()) {
      throw HttpException.badRequest("`queries` must be an array.");
    }
    List<JsonReply.Body> lists = new ArrayList<>();
    for (JsonNode query : queries) {
      if (!query.isObject()) {
        throw HttpException.badRequest("a query must be an object, not: " + query);
      }
      lists.add(list(Parameters.NONE.with(query), database, Optional.empty()));
    }
    return JsonReply.ok(
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("results");
          for (JsonReply.Body list : lists) {
            list.writeTo(out);
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  private JsonReply.Body list(
      Parameters parameters, Database database, Optional<Partition> partition) {
    parameters.refuse("start_key_doc_id", "startkey_docid", "end_key_doc_id", "endkey_docid");
    AllDocsRows rows = new AllDocsRows(kind, parameters, database);
    if (parameters.has("keys")) {
      return byKeys(parameters, database, rows);
    }
    IdBounds bounds = IdBounds.of(parameters);
    return partition.isPresent()
        ? ofPartition(partition.get(), bounds, parameters, database, rows)
        : byRange(bounds, parameters, database, rows);
  }

  private JsonReply.Body byKeys(Parameters parameters, Database database, AllDocsRows rows) {
    for (String other : List.of("key", "startkey", "start_key", "endkey", "end_key")) {
      if (parameters.has(other)) {
        throw HttpException.badParameter("`keys` is incompatible with `" + other + "`");
      }
    }
    JsonNode keys = parameters.json("keys").orElseThrow();
    if (!keys.isArray()) {
      throw HttpException.badRequest("`keys` parameter must be an array.");
    }
    List<JsonNode> chosen = new ArrayList<>();
    keys.forEach(chosen::add);
    if (parameters.flag("descending")) {
      Collections.reverse(chosen);
    }
    long skip = parameters.number("skip").orElse(0);
    long limit = parameters.number("limit").orElse(Long.MAX_VALUE);
    return body(
        parameters,
        database,
        out -> {
          out.writeNumberField("offset", skip);
          out.writeArrayFieldStart("rows");
          for (JsonNode key : chosen.stream().skip(skip).limit(limit).toList()) {
            rows.writeKey(key, out);
          }
          out.writeEndArray();
        });
  }

  private static JsonReply.Body ofPartition(
      Partition partition,
      IdBounds bounds,
      Parameters parameters,
      Database database,
      AllDocsRows rows) {
    long skip = parameters.number("skip").orElse(0);
    long limit = parameters.number("limit").orElse(Long.MAX_VALUE);
    return out -> {
      out.writeStartObject();
      out.writeNumberField("total_rows", partition.count(database));
      out.writeNullField("offset");
      out.writeArrayFieldStart("rows");
      rows.writeRange(bounds.within(partition.range()), skip, limit, out);
      out.writeEndArray();
      out.writeEndObject();
    };
  }

  /** How many documents are before the first is known if it is counted from an end. */
  private JsonReply.Body byRange(
      IdBounds bounds, Parameters parameters, Database database, AllDocsRows rows) {
    long skip = parameters.number("skip").orElse(0);
    long limit = parameters.number("limit").orElse(Long.MAX_VALUE);
    return body(
        parameters,
        database,
        out -> {
          if (bounds.beginAtAnEnd() && kind == DocumentKind.ANY) {
            out.writeNumberField("offset", Math.min(skip, database.count()));
          } else {
            out.writeNullField("offset");
          }
          out.writeArrayFieldStart("rows");
          rows.writeRange(bounds, skip, limit, out);
          out.writeEndArray();
        });
  }

  private JsonReply.Body body(Parameters parameters, Database database, JsonReply.Body rows) {
    boolean sequence = parameters.flag("update_seq");
    return out -> {
      out.writeStartObject();
      writeTotal(database, out);
      if (sequence) {
        out.writeNumberField("update_seq", database.lastSequence());
      }
      rows.writeTo(out);
      out.writeEndObject();
    };
  }

  private void writeTotal(Database database, JsonGenerator out) throws IOException {
    switch (kind) {
      case ANY -> out.writeNumberField("total_rows", database.count());
      case DESIGN -> out.writeNumberField("total_rows", designs(database));
      case LOCAL -> out.writeNullField("total_rows");
    }
  }

  /** There are few. */
  private static long designs(Database database) {
    long[] count = new long[1];
    database.forEach(DocumentKind.DESIGN_IDS, document -> ++count[0] > 0);
    return count[0];
  }
}
