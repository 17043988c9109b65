package dev.stave.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code GET} and {@code POST /{db}/_all_docs}: every document, a range of them, or some by id. */
final class AllDocsEndpoint {

  Reply list(Request request, Database database) {
    Parameters parameters = request.parameters();
    if (request.method().equals("POST")) {
      JsonObject body = request.jsonObject(request.limits().bulkBodyBytes());
      if (body.sharedTree().has("queries")) {
        throw HttpException.notImplemented("several queries in one request");
      }
      parameters = parameters.with(body.sharedTree());
    }
    parameters.refuse("start_key_doc_id", "startkey_docid", "end_key_doc_id", "endkey_docid");
    AllDocsRows rows = new AllDocsRows(parameters, database);
    return parameters.has("keys")
        ? byKeys(parameters, database, rows)
        : byRange(IdBounds.of(parameters), parameters, database, rows);
  }

  private static Reply byKeys(Parameters parameters, Database database, AllDocsRows rows) {
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
    return reply(
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

  /** How many documents are before the first is known if it is counted from an end. */
  private static Reply byRange(
      IdBounds bounds, Parameters parameters, Database database, AllDocsRows rows) {
    long skip = parameters.number("skip").orElse(0);
    long limit = parameters.number("limit").orElse(Long.MAX_VALUE);
    return reply(
        parameters,
        database,
        out -> {
          if (bounds.beginAtAnEnd()) {
            out.writeNumberField("offset", Math.min(skip, database.count()));
          } else {
            out.writeNullField("offset");
          }
          out.writeArrayFieldStart("rows");
          rows.writeRange(bounds, skip, limit, out);
          out.writeEndArray();
        });
  }

  private static Reply reply(Parameters parameters, Database database, JsonReply.Body rows) {
    boolean sequence = parameters.flag("update_seq");
    return JsonReply.ok(
        (JsonGenerator out) -> {
          out.writeStartObject();
          out.writeNumberField("total_rows", database.count());
          if (sequence) {
            out.writeNumberField("update_seq", database.lastSequence());
          }
          rows.writeTo(out);
          out.writeEndObject();
        });
  }
}
