package dev.stave.server.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.policy.IndexPolicy;
import dev.stave.query.Figures;
import dev.stave.query.Group;
import dev.stave.query.Grouping;
import dev.stave.query.QueryLimits;
import dev.stave.query.Selector;
import dev.stave.query.Shape;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What documents come to, without the documents: counts, groups, and their shape. */
public final class SummaryEndpoint {

  private static final Set<String> KNOWN = Set.of("selector", "by", "figures");

  private SummaryEndpoint() {}

  /** {@code POST /{db}/_group}: the groups of those that match; without {@code by} their count. */
  public static Reply group(Request request, Database database) {
    JsonNode json = request.jsonObject(request.limits().documentBodyBytes()).sharedTree();
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!KNOWN.contains(name)) {
        throw FindRequest.invalid("invalid_key", "Invalid key " + name + " for this request.");
      }
    }
    if (!json.has("selector")) {
      throw FindRequest.invalid("missing_required_key", "Missing required key: selector");
    }
    Selector selector = Selector.of(json.get("selector"));
    QueryLimits limits = request.limits().query();
    if (!json.has("by")) {
      return JsonReply.ok(JsonReply.object().put("count", database.count(selector, limits)));
    }
    Grouping grouping = Grouping.by(path(json.get("by"), "by")).where(selector).limits(limits);
    JsonNode figures = json.path("figures");
    if (!figures.isMissingNode() && !figures.isArray()) {
      throw FindRequest.invalid("invalid_figures", "`figures` is an array, not: " + figures);
    }
    for (JsonNode figure : figures) {
      grouping = grouping.figures(path(figure, "figures"));
    }
    ObjectNode reply = JsonReply.object();
    ArrayNode groups = reply.putArray("groups");
    for (Group group : database.group(grouping)) {
      ObjectNode each = groups.addObject();
      each.set("value", group.value());
      each.put("count", group.count());
      for (int i = 0; i < group.figures().size(); i++) {
        String name = grouping.figures().get(i).toString();
        each.withObjectProperty("figures").set(name, json(group.figures().get(i)));
      }
    }
    return JsonReply.ok(reply);
  }

  private static String path(JsonNode path, String name) {
    if (!path.isTextual()) {
      throw FindRequest.invalid("invalid_" + name, "`" + name + "` names a path, not: " + path);
    }
    return path.textValue();
  }

  private static ObjectNode json(Figures figures) {
    ObjectNode json = JsonReply.object().put("count", figures.count()).put("sum", figures.sum());
    figures.average().ifPresent(average -> json.put("average", average));
    if (figures.count() > 0) {
      json.put("min", figures.min()).put("max", figures.max());
    }
    return json;
  }

  /** {@code POST /{db}/_check_index}: answered when it is done. */
  public static Reply checkIndex(Request request, Database database) {
    request.json(request.limits().documentBodyBytes()); // a page elsewhere cannot send that type
    if (request.parameters().flag("rebuild")) {
      database.rebuildIndex();
    }
    List<String> problems = database.checkIndex();
    ObjectNode reply = JsonReply.object().put("ok", problems.isEmpty());
    problems.forEach(reply.putArray("problems")::add);
    return JsonReply.ok(reply);
  }

  /** {@code GET /{db}/_shape}. */
  public static Reply shape(Request request, Database database) {
    Shape shape = database.shape();
    ObjectNode reply = JsonReply.object().put("doc_count", shape.documents());
    ArrayNode paths = reply.putArray("paths");
    for (Shape.PathShape path : shape.paths()) {
      ObjectNode json = paths.addObject().put("path", path.path());
      ObjectNode types = json.putObject("types");
      for (Map.Entry<String, Long> type : path.types().entrySet()) {
        types.put(type.getKey(), type.getValue());
      }
      path.smallest().forEach(json.putArray("smallest")::add);
      path.largest().forEach(json.putArray("largest")::add);
    }
    shape.warnings().forEach(reply.putArray("warnings")::add);
    return JsonReply.ok(reply);
  }

  /** {@code GET /{db}/_index_policy}. */
  public static Reply indexPolicy(Request request, Database database) {
    return JsonReply.ok(database.indexPolicy().toJson().tree());
  }

  /** {@code PUT /{db}/_index_policy}: the index is made anew in the background. */
  public static Reply setIndexPolicy(Request request, Database database) {
    JsonObject json = JsonObject.parse(request.body(request.limits().documentBodyBytes()));
    IndexPolicy policy;
    try {
      policy = IndexPolicy.of(json);
    } catch (IllegalArgumentException e) {
      throw HttpException.badRequest(e.getMessage());
    }
    database.setIndexPolicy(policy);
    return JsonReply.ok(JsonReply.okay());
  }
}
