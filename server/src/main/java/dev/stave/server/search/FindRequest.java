package dev.stave.server.search;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.database.Page;
import dev.stave.document.Document;
import dev.stave.query.Bookmark;
import dev.stave.query.Fields;
import dev.stave.query.Query;
import dev.stave.query.QueryLimits;
import dev.stave.query.Selector;
import dev.stave.server.documents.HistoryMembers;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a client asks of {@code _find}, in Mango's words.
 *
 * @param fields what to return of each document
 * @param index the one that CouchDB would take, and answer in its order
 * @param historyMembers what to add to each document, as the parameters of a read say it
 */
public record FindRequest(
    Query query,
    Fields fields,
    boolean executionStats,
    Parameters historyMembers,
    MangoIndex index,
    JsonNode useIndex) {

  private static final int DEFAULT_LIMIT = 25;

  /** Where there is no page to come, as CouchDB says it. */
  private static final String NO_BOOKMARK = "nil";

  /** What tends an index, and does not change the answer where every path is indexed. */
  private static final Set<String> WITHOUT_MEANING =
      Set.of("allow_fallback", "r", "update", "stable", "stale");

  private static final Set<String> KNOWN =
      Set.of(
          "selector",
          "use_index",
          "limit",
          "skip",
          "sort",
          "fields",
          "bookmark",
          "execution_stats",
          "conflicts");

  /**
   * Reads a request.
   *
   * @param selector that of the request, or what is looked for instead
   */
  static FindRequest parse(
      JsonNode json, JsonNode selector, QueryLimits limits, Database database) {
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!KNOWN.contains(name) && !WITHOUT_MEANING.contains(name)) {
                throw invalid("invalid_key", "Invalid key " + name + " for this request.");
              }
            });
    if (!json.has("selector")) {
      throw invalid("missing_required_key", "Missing required key: selector");
    }
    Query query =
        sorted(Query.of(Selector.of(selector)), json.path("sort"))
            .skip(number(json, "skip", 0))
            .limit(number(json, "limit", DEFAULT_LIMIT))
            .limits(limits);
    JsonNode useIndex = json.path("use_index");
    List<String> sort = query.order().stream().map(key -> key.path().toString()).toList();
    RequiredPaths required = RequiredPaths.of(json.get("selector"));
    MangoIndex index = MangoIndex.chosen(database, required, sort, useIndex);
    query = index.order(query, required);
    JsonNode bookmark = json.path("bookmark");
    if (!bookmark.isMissingNode() && !bookmark.isNull() && !bookmark.asText().equals(NO_BOOKMARK)) {
      query = query.after(Bookmark.parse(bookmark.asText()));
    }
    return new FindRequest(
        query,
        fields(json.path("fields")),
        flag(json, "execution_stats"),
        flag(json, "conflicts") ? HistoryMembers.CONFLICTS : Parameters.NONE,
        index,
        useIndex);
  }

  /** That {@code use_index} names none that fits. */
  Optional<String> warning() {
    boolean isNamed = useIndex.isTextual() ? !useIndex.asText().isEmpty() : useIndex.size() > 0;
    if (!isNamed || index.isNamedBy(useIndex)) {
      return Optional.empty();
    }
    String document = useIndex.isArray() ? useIndex.get(0).asText() : useIndex.asText();
    String design = Document.isDesign(document) ? document : Document.DESIGN_PREFIX + document;
    String name = useIndex.size() > 1 ? ", " + useIndex.get(1).asText() : "";
    return Optional.of(
        design + name + " was not used because it does not contain a valid index for this query.");
  }

  /** Where the page after {@code page} begins, as CouchDB says it. */
  static String bookmark(Page page) {
    return page.next().map(Bookmark::toString).orElse(NO_BOOKMARK);
  }

  private static Query sorted(Query query, JsonNode sort) {
    if (sort.isMissingNode() || sort.isArray() && sort.isEmpty()) {
      return query;
    }
    if (!sort.isArray()) {
      throw invalid("invalid_sort_json", "`sort` is an array, not: " + sort);
    }
    Query sorted = query;
    for (JsonNode key : sort) {
      sorted = sortedBy(sorted, key);
    }
    return sorted;
  }

  private static Query sortedBy(Query query, JsonNode key) {
    if (key.isTextual()) {
      return query.sortBy(key.textValue());
    }
    if (key.isObject() && key.size() == 1) {
      Map.Entry<String, JsonNode> member = key.fields().next();
      String direction = member.getValue().asText();
      if (direction.equals("asc")) {
        return query.sortBy(member.getKey());
      }
      if (direction.equals("desc")) {
        return query.sortByDescending(member.getKey());
      }
    }
    throw invalid("invalid_sort_json", "a sort is \"path\" or {\"path\": \"desc\"}, not: " + key);
  }

  private static Fields fields(JsonNode paths) {
    if (paths.isMissingNode()) {
      return Fields.ALL;
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode path : paths) {
      texts.add(path.isTextual() ? path.textValue() : "*");
    }
    if (!paths.isArray() || texts.contains("*")) {
      throw invalid("invalid_fields_json", "`fields` is an array of paths, not: " + paths);
    }
    return Fields.of(texts.toArray(new String[0]));
  }

  private static int number(JsonNode json, String name, int otherwise) {
    JsonNode value = json.path(name);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isIntegralNumber() || value.decimalValue().signum() < 0) {
      throw invalid("invalid_" + name, "`" + name + "` is a whole number from 0, not: " + value);
    }
    return value.canConvertToInt() ? value.intValue() : Integer.MAX_VALUE;
  }

  private static boolean flag(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw invalid("invalid_" + name, "`" + name + "` is true or false, not: " + value);
    }
    return value.asBoolean();
  }

  public static HttpException invalid(String error, String reason) {
    return new HttpException(400, error, reason);
  }
}
