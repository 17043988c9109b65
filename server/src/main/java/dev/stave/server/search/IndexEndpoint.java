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
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.wire.Digests;
import dev.stave.server.wire.IncomingDocument;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code /{db}/_index}: Mango's indexes, which are kept, listed and deleted. All they mean is an
 * order, see {@link MangoIndex}: every path is indexed. As in CouchDB an index is a view of a
 * design document whose language is {@code query}, so that indexes replicate.
 */
public final class IndexEndpoint {

  private static final String LANGUAGE = "query";

  /** What a client wants. */
  private record Definition(String designId, String name, String type, ObjectNode view) {}

  private IndexEndpoint() {}

  /** {@code GET /{db}/_index}. */
  public static Reply list(Request request, Database database) {
    List<MangoIndex> all = MangoIndex.all(database);
    ObjectNode reply = JsonReply.object().put("total_rows", all.size());
    ArrayNode indexes = reply.putArray("indexes");
    all.stream()
        .skip(request.parameters().number("skip").orElse(0))
        .limit(request.parameters().number("limit").orElse(Long.MAX_VALUE))
        .forEach(index -> indexes.add(index.listed()));
    return JsonReply.ok(reply);
  }

  /** {@code POST /{db}/_index}. */
  public static Reply create(Request request, Database database) {
    Definition wanted =
        definition(request.jsonObject(request.limits().documentBodyBytes()).sharedTree());
    Optional<Document> known = database.get(wanted.designId());
    ObjectNode design = known.map(document -> document.body().tree()).orElseGet(JsonReply::object);
    if (known.isPresent() && !MangoIndex.isOfQueries(design)) {
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
    String type = text(json, "type", "json");
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
    String name = text(json, "name", made);
    String digest = name.equals(made) ? made : digest(view.deepCopy().put("name", name));
    String design = text(json, "ddoc", digest);
    return new Definition(IncomingDocument.checkId(designId(design)), name, type, view);
  }

  private static String text(JsonNode json, String name, String otherwise) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull() && !name.equals("type")) {
      return otherwise;
    }
    if (!value.isTextual() || value.textValue().isEmpty()) {
      throw FindRequest.invalid(
          "invalid_index_" + name, "`" + name + "` is a text that is not empty, not: " + value);
    }
    return value.textValue();
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
      } else if (field.isObject() && field.size() == 1 && isDirection(field.iterator().next())) {
        byName.setAll((ObjectNode) field);
      } else {
        throw FindRequest.invalid(
            "invalid_index_json", "a field is \"path\" or {\"path\": \"desc\"}, not: " + field);
      }
    }
    if (byName.has("")) {
      throw FindRequest.invalid("invalid_index_json", "a field has a name");
    }
    Set<JsonNode> directions = new HashSet<>();
    byName.forEach(directions::add);
    if (type.equals("json") && directions.size() > 1) {
      throw FindRequest.invalid(
          "unsupported_mixed_sort", "the fields of an index all go up, or all down");
    }
    return byName;
  }

  private static boolean isDirection(JsonNode value) {
    return value.asText().equals("asc") || value.asText().equals("desc");
  }

  /** Names an index that has no name: the same one always gets the same. */
  private static String digest(ObjectNode view) {
    return Digests.hex("SHA-1", CanonicalJson.bytes(view));
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
            .filter(document -> MangoIndex.isOfQueries(document.body().sharedTree()))
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
              ? database.get(id).filter(d -> MangoIndex.isOfQueries(d.body().sharedTree()))
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
