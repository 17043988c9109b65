package dev.stave.server.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonPath;
import dev.stave.query.Query;
import dev.stave.query.SortKey;
import dev.stave.server.documents.DocumentKind;
import dev.stave.server.exchange.JsonReply;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One of Mango's indexes, as it is listed. It answers nothing, since every path is indexed; but of
 * those that fit a query CouchDB takes one, and answers in its order.
 *
 * @param design the id of the design document, null for that of all documents
 * @param fields the paths in their order
 */
record MangoIndex(
    @Nullable String design, String name, String type, List<String> fields, ObjectNode listed) {

  private static final String LANGUAGE = "query";
  private static final String ID = "_id";

  /** The documents by their ids. */
  static final MangoIndex ALL_DOCS = allDocs();

  private static MangoIndex allDocs() {
    ObjectNode listed = JsonReply.object().putNull("ddoc").put("name", "_all_docs");
    listed.put("type", "special").putObject("def").putArray("fields").addObject().put("_id", "asc");
    return new MangoIndex(null, "_all_docs", "special", List.of(ID), listed);
  }

  MangoIndex {
    fields = List.copyOf(fields);
  }

  /** All that a database has, {@link #ALL_DOCS} first. */
  static List<MangoIndex> all(Database database) {
    List<MangoIndex> indexes = new ArrayList<>();
    indexes.add(ALL_DOCS);
    database.forEach(
        DocumentKind.DESIGN_IDS,
        document -> {
          addIndexes(document, indexes);
          return true;
        });
    return indexes;
  }

  private static void addIndexes(Document design, List<MangoIndex> to) {
    JsonNode body = design.body().sharedTree();
    if (!isOfQueries(body)) {
      return;
    }
    for (Map.Entry<String, JsonNode> view : body.path("views").properties()) {
      ObjectNode index = JsonReply.object().put("ddoc", design.id()).put("name", view.getKey());
      String type = view.getValue().path("type").asText("json");
      index.put("type", type).put("partitioned", false);
      JsonNode map = view.getValue().path("map");
      ObjectNode definition = index.putObject("def");
      ArrayNode listed = definition.putArray("fields");
      List<String> fields = new ArrayList<>();
      for (Map.Entry<String, JsonNode> field : map.path("fields").properties()) {
        listed.addObject().set(field.getKey(), field.getValue());
        fields.add(field.getKey());
      }
      if (map.path("partial_filter_selector").size() > 0) {
        definition.set("partial_filter_selector", map.get("partial_filter_selector"));
      }
      to.add(new MangoIndex(design.id(), view.getKey(), type, fields, index));
    }
  }

  /** Whether a design document is one of indexes. */
  static boolean isOfQueries(JsonNode design) {
    return design.path("language").asText().equals(LANGUAGE);
  }

  private boolean isPartial() {
    return listed.at("/def").has("partial_filter_selector");
  }

  /**
   * The index that CouchDB would take: one whose every path the selector requires, or the sort
   * names; of those the one of whose paths most have a range, then the shortest, then by name.
   *
   * @param sort the paths to sort by
   * @param wanted the member {@code use_index} of the request
   */
  static MangoIndex chosen(
      Database database, RequiredPaths required, List<String> sort, JsonNode wanted) {
    List<MangoIndex> usable = new ArrayList<>();
    for (MangoIndex index : all(database)) {
      boolean isWanted = index.isNamedBy(wanted);
      if (index.isUsable(required, sort) && (isWanted || !index.isPartial())) {
        usable.add(index);
      }
    }
    Optional<MangoIndex> named =
        usable.stream().filter(index -> index.isNamedBy(wanted)).findFirst();
    return named.orElseGet(() -> usable.stream().min(best(required)).orElse(ALL_DOCS));
  }

  private boolean isUsable(RequiredPaths required, List<String> sort) {
    if (design != null && !type.equals("json")
        || fields.isEmpty()
        || fields.size() >= Query.MAX_SORT_KEYS
        || !fields.stream().allMatch(path -> JsonPath.parse(path).isPlain())) {
      return false;
    }
    boolean inOrder = fields.size() >= sort.size() && fields.subList(0, sort.size()).equals(sort);
    return inOrder && fields.stream().allMatch(path -> sort.contains(path) || required.has(path));
  }

  private static Comparator<MangoIndex> best(RequiredPaths required) {
    return Comparator.<MangoIndex>comparingInt(index -> index.withoutRange(required))
        .thenComparingInt(index -> index.fields.size())
        .thenComparing(index -> String.valueOf(index.design == null ? "" : index.design))
        .thenComparing(MangoIndex::name);
  }

  /** How many of its paths are not narrowed: after the first without a range none is. */
  private int withoutRange(RequiredPaths required) {
    int ranges = 0;
    while (ranges < fields.size() && required.hasRange(fields.get(ranges))) {
      ranges++;
    }
    return fields.size() - ranges;
  }

  /** {@code query} in the order in which CouchDB finds the documents here: equal ones by id. */
  Query order(Query query, RequiredPaths required) {
    boolean orders = design != null || required.has(ID);
    if (!orders || query.order().size() >= Query.MAX_SORT_KEYS) {
      return query;
    }
    Query ordered = query;
    if (query.order().isEmpty()) {
      for (String path : fields) {
        boolean isTold = path.equals(ID) || required.hasOneValue(path);
        ordered = isTold ? ordered : ordered.sortBy(path);
      }
    }
    List<SortKey> keys = ordered.order();
    if (keys.stream().anyMatch(key -> key.path().isId())) {
      return ordered;
    }
    boolean down = !keys.isEmpty() && keys.get(keys.size() - 1).descending();
    return down ? ordered.sortByDescending(ID) : ordered.sortBy(ID);
  }

  /** Whether {@code use_index} means this: a design document, or an array of it and a name. */
  boolean isNamedBy(JsonNode wanted) {
    String document = wanted.isArray() ? wanted.path(0).asText() : wanted.asText();
    String within = wanted.isArray() && wanted.size() > 1 ? wanted.get(1).asText() : name;
    return design != null
        && !document.isEmpty()
        && (design.equals(document) || design.equals(Document.DESIGN_PREFIX + document))
        && within.equals(name);
  }
}
