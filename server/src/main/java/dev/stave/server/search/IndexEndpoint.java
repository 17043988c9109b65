package dev.stave.server.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.CanonicalJson;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.server.documents.DocumentKind;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.wire.IncomingDocument;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code /{db}/_index}: Mango's indexes, which are kept, listed and deleted, and mean nothing:
 * every path is indexed. As in CouchDB an index is a view of a design document whose language is
 * {@code query}, so that indexes replicate.
 */
public final class IndexEndpoint {

  private static final String LANGUAGE = "query";

  /** What a client wants. */
  private record Definition(String designId, String name, String type, ObjectNode view) {}

  private IndexEndpoint() {}

  /** {@code GET /{db}/_index}. */
  public static Reply list(Request request, Database database) {
    ObjectNode reply = JsonReply.object();
    ArrayNode indexes = JsonReply.object().arrayNode();
    ObjectNode ids = indexes.addObject().putNull("ddoc").put("name", "_all_docs");
    ids.put("type", "special").putObject("def").putArray("fields").addObject().put("_id", "asc");
    database.forEach(
        DocumentKind.DESIGN_IDS,
        document -> {
          addIndexes(document, indexes);
          return true;
        });
    reply.put("total_rows", indexes.size()).set("indexes", indexes);
    return JsonReply.ok(reply);
  }

  private static void addIndexes(Document design, ArrayNode to) {
    JsonNode body = design.body().sharedTree();
    if (!isOfQueries(body)) {
      return;
    }
    for (Map.Entry<String, JsonNode> view : views(body)) {
      ObjectNode index = to.addObject().put("ddoc", design.id()).put("name", view.getKey());
      index.put("type", view.getValue().path("type").asText("json")).put("partitioned", false);
      JsonNode map = view.getValue().path("map");
      ObjectNode definition = index.putObject("def");
      ArrayNode fields = definition.putArray("fields");
      map.path("fields")
          .fields()
          .forEachRemaining(field -> fields.addObject().set(field.getKey(), field.getValue()));
      if (map.path("partial_filter_selector").size() > 0) {
        definition.set("partial_filter_selector", map.get("partial_filter_selector"));
      }
    }
  }

  private static boolean isOfQueries(JsonNode design) {
    return design.path("language").asText().equals(LANGUAGE);
  }

  private static List<Map.Entry<String, JsonNode>> views(JsonNode design) {
    List<Map.Entry<String, JsonNode>> views = new ArrayList<>();
    design.path("views").fields().forEachRemaining(views::add);
    return views;
  }

  /** {@code POST /{db}/_index}. */
  public static Reply create(Request request, Database database) {
    Definition wanted =
        definition(request.jsonObject(request.limits().documentBodyBytes()).sharedTree());
    Optional<Document> known = database.get(wanted.designId());
    ObjectNode design = known.map(document -> document.body().tree()).orElseGet(JsonReply::object);
    if (known.isPresent() && !isOfQueries(design)) {
      throw FindRequest.invalid(
          "invalid_design_doc", wanted.designId() + " is there, and its language is not query");
    }
    boolean exists = wanted.view().equals(design.path("views").path(wanted.name()));
    if (!exists) {
      design.put("language", LANGUAGE);
      design.withObject("/views").set(wanted.name(), wanted.view());
      put(database, wanted.designId(), known.map(Document::revision).orElse(null), design);
    }
    return JsonReply.ok(
        JsonReply.object()
            .put("result", exists ? "exists" : "created")
            .put("id", wanted.designId())
            .put("name", wanted.name()));
  }

  private static void put(
      Database database, String id, @Nullable RevisionId parent, ObjectNode design) {
    JsonObject body = JsonObject.of(design);
    if (parent == null) {
      database.put(id, body);
    } else {
      database.put(id, parent, body);
    }
  }

  private static Definition definition(JsonNode json) {
    JsonNode index = json.path("index");
    String type = json.path("type").asText("json");
    if (!index.isObject()) {
      throw FindRequest.invalid("missing_required_key", "Missing required key: index");
    }
    if (!type.equals("json") && !type.equals("text")) {
      throw FindRequest.invalid("invalid_index", "type is json or text, not: " + type);
    }
    ObjectNode view = JsonReply.object();
    ObjectNode map = view.putObject("map");
    map.set("fields", fields(index.path("fields"), type));
    JsonNode partial = index.path("partial_filter_selector");
    map.set("partial_filter_selector", partial.isObject() ? partial : JsonReply.object());
    view.put("reduce", "_count").putObject("options").set("def", index);
    if (!type.equals("json")) {
      view.put("type", type);
    }
    String made = digest(view);
    String design = json.path("ddoc").asText(made);
    return new Definition(
        IncomingDocument.checkId(designId(design)), json.path("name").asText(made), type, view);
  }

  private static String designId(String name) {
    return Document.isDesign(name) ? name : Document.DESIGN_PREFIX + name;
  }

  private static ObjectNode fields(JsonNode fields, String type) {
    if (!fields.isArray() || fields.isEmpty()) {
      if (type.equals("text")) {
        return JsonReply.object(); // of all there are
      }
      throw FindRequest.invalid("missing_required_key", "Missing required key: fields");
    }
    ObjectNode byName = JsonReply.object();
    for (JsonNode field : fields) {
      if (field.isTextual()) {
        byName.put(field.textValue(), "asc");
      } else if (field.isObject() && field.has("name")) {
        byName.put(field.get("name").asText(), field.path("type").asText("string"));
      } else if (field.isObject() && field.size() == 1) {
        byName.setAll((ObjectNode) field);
      } else {
        throw FindRequest.invalid(
            "invalid_index_json", "a field is \"path\" or {\"path\": \"desc\"}, not: " + field);
      }
    }
    return byName;
  }

  /** Names an index that has no name: the same one always gets the same. */
  private static String digest(ObjectNode view) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1").digest(CanonicalJson.bytes(view));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JVM has it
    }
  }

  /** {@code DELETE /{db}/_index/{design}/{type}/{name}}. */
  public static Reply delete(Request request, Database database) {
    List<String> path = request.path();
    boolean slashed = path.get(2).equals("_design");
    int at = slashed ? 3 : 2;
    if (path.size() != at + 3) {
      throw HttpException.notFound("an index is at _index/{design document}/{type}/{name}");
    }
    String id = IncomingDocument.checkId(designId(path.get(at)));
    Document design =
        database
            .get(id)
            .filter(document -> isOfQueries(document.body().sharedTree()))
            .orElseThrow(() -> HttpException.notFound("missing"));
    ObjectNode body = design.body().tree();
    ObjectNode views = body.withObject("/views");
    if (views.remove(path.get(at + 2)) == null) {
      throw HttpException.notFound("missing");
    }
    if (views.isEmpty()) {
      database.delete(id, design.revision());
    } else {
      put(database, id, design.revision(), body);
    }
    return JsonReply.ok(JsonReply.okay());
  }

  /** {@code POST /{db}/_index/_bulk_delete}. */
  public static Reply deleteMany(Request request, Database database) {
    JsonNode ids =
        request.jsonObject(request.limits().documentBodyBytes()).sharedTree().path("docids");
    if (!ids.isArray()) {
      throw FindRequest.invalid("missing_required_key", "Missing required key: docids");
    }
    ObjectNode reply = JsonReply.object();
    ArrayNode success = reply.putArray("success");
    ArrayNode fail = reply.putArray("fail");
    for (JsonNode each : ids) {
      String id = designId(each.asText());
      Optional<Document> design =
          IncomingDocument.isId(TextNode.valueOf(id))
              ? database.get(id).filter(d -> isOfQueries(d.body().sharedTree()))
              : Optional.empty();
      if (design.isPresent()) {
        database.delete(id, design.get().revision());
        success.addObject().put("id", id).put("ok", true);
      } else {
        fail.addObject().put("id", id).put("error", "not_found");
      }
    }
    return JsonReply.ok(reply);
  }
}
