package dev.stave.sync.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPointer;
import dev.stave.query.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which documents are replicated. The source decides, so that what is left out does not travel. */
public final class Scope {

  /** All of them. */
  public static final Scope ALL = new Scope(null, null, null, Map.of());

  /** The last character there is. */
  private static final String LAST = new String(Character.toChars(Character.MAX_CODE_POINT));

  private static final String PUNCTUATION = "\\^$.|?*+()[]{}";

  private final @Nullable JsonObject selector;
  private final @Nullable List<String> ids;
  private final @Nullable String filter;
  private final Map<String, String> parameters;

  private Scope(
      @Nullable JsonObject selector,
      @Nullable List<String> ids,
      @Nullable String filter,
      Map<String, String> parameters) {
    this.selector = selector;
    this.ids = ids;
    this.filter = filter;
    this.parameters = parameters;
  }

  /** The documents that match, such as {@code {"city": "Paris"}}. */
  public static Scope selector(JsonObject selector) {
    return new Scope(Objects.requireNonNull(selector), null, null, Map.of());
  }

  /** As {@link #selector(JsonObject)}, from JSON text. */
  public static Scope selector(String json) {
    return selector(JsonObject.parse(json));
  }

  /**
   * The documents that have anything at or below a place, such as {@code /site/paris}: whatever it
   * is, null too.
   *
   * @param pointer as JSON Pointer (RFC 6901) writes it, through members of objects
   * @throws dev.stave.json.InvalidPathException if it is none
   * @throws IllegalArgumentException if it is the whole document, which every document has
   */
  public static Scope path(String pointer) {
    JsonPointer place = JsonPointer.parse(pointer);
    if (place.tokens().isEmpty()) {
      throw new IllegalArgumentException("a path names a member at least, such as /site");
    }
    ObjectNode wanted = JsonNodeFactory.instance.objectNode().put("$exists", true);
    for (int i = place.tokens().size() - 1; i >= 0; i--) {
      String name = place.tokens().get(i).replace("\\", "\\\\").replace(".", "\\.");
      ObjectNode outer = JsonNodeFactory.instance.objectNode();
      outer.set(name.startsWith("$") ? "\\" + name : name, wanted);
      wanted = outer;
    }
    return selector(JsonObject.of(wanted));
  }

  /**
   * The documents whose ids begin so, such as {@code site-1/}. CouchDB, which has an order of its
   * own, understands it as well: the range is for the index, the expression decides.
   *
   * @throws IllegalArgumentException if it is empty: every id begins so
   */
  public static Scope idPrefix(String prefix) {
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException("a prefix of ids is not empty");
    }
    StringBuilder expression = new StringBuilder("^");
    for (char c : prefix.toCharArray()) {
      expression.append(PUNCTUATION.indexOf(c) < 0 ? "" : "\\").append(c);
    }
    ObjectNode wanted = JsonNodeFactory.instance.objectNode();
    wanted
        .putObject("_id")
        .put("$gte", prefix)
        .put("$lt", prefix + LAST)
        .put("$regex", expression.toString());
    return selector(JsonObject.of(wanted));
  }

  /** The documents of these ids. */
  public static Scope ids(List<String> ids) {
    return new Scope(null, List.copyOf(new TreeSet<>(ids)), null, Map.of());
  }

  /**
   * The documents that a filter function of a design document lets through. Only a server runs it.
   *
   * @param name as {@code designname/filtername}
   * @param parameters what the function finds in {@code req.query}
   */
  public static Scope filter(String name, Map<String, String> parameters) {
    return new Scope(null, null, Objects.requireNonNull(name), Map.copyOf(parameters));
  }

  /**
   * What {@link #toJson} made.
   *
   * @throws dev.stave.query.InvalidSelectorException if its selector is none
   */
  public static Scope of(JsonNode json) {
    if (json.get("selector") instanceof ObjectNode selector) {
      return selector(JsonObject.of(selector));
    }
    if (json.get("doc_ids") instanceof ArrayNode named) {
      List<String> ids = new ArrayList<>();
      named.forEach(id -> ids.add(id.asText()));
      return ids(ids);
    }
    if (json.has("filter")) {
      Map<String, String> parameters = new TreeMap<>();
      for (Map.Entry<String, JsonNode> each : json.path("query_params").properties()) {
        parameters.put(each.getKey(), each.getValue().asText());
      }
      return filter(json.path("filter").asText(), parameters);
    }
    return ALL;
  }

  /** Tells of documents of this process whether they are in it; a filter function cannot. */
  public Optional<Predicate<Document>> test() {
    if (filter != null) {
      return Optional.empty();
    }
    JsonObject wanted = selector;
    List<String> listed = ids;
    if (wanted != null) {
      Selector of = Selector.of(wanted.sharedTree());
      return Optional.of(document -> of.matches(document.id(), document.body().sharedTree()));
    }
    return Optional.of(document -> listed == null || listed.contains(document.id()));
  }

  /** The documents of these ids that are in it; empty if a filter function decides. */
  public Optional<Scope> narrowed(Collection<String> to) {
    if (filter != null) {
      return Optional.empty();
    }
    List<String> listed = ids;
    if (selector == null) {
      return Optional.of(
          ids(
              to.stream()
                  .filter(id -> listed == null || listed.contains(id))
                  .collect(Collectors.toList())));
    }
    ObjectNode both = JsonNodeFactory.instance.objectNode();
    ArrayNode all = both.putArray("$and").add(selector.tree());
    to.forEach(all.addObject().putObject("_id").putArray("$in")::add);
    return Optional.of(selector(JsonObject.of(both)));
  }

  /** The selector; null if that is not what decides. */
  public @Nullable JsonObject selector() {
    return selector;
  }

  /** The ids, in order; null if they are not what decides. */
  public @Nullable List<String> ids() {
    return ids;
  }

  /** The name of the filter function; null if that is not what decides. */
  public @Nullable String filter() {
    return filter;
  }

  /** Of the filter function. */
  public Map<String, String> parameters() {
    return parameters;
  }

  public boolean isAll() {
    return selector == null && ids == null && filter == null;
  }

  /** Equal scopes are equal JSON. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (selector != null) {
      json.set("selector", selector.tree());
    }
    if (ids != null) {
      ids.forEach(json.putArray("doc_ids")::add);
    }
    if (filter != null) {
      ObjectNode query = json.put("filter", filter).putObject("query_params");
      new TreeMap<>(parameters).forEach(query::put);
    }
    return json;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Scope that && toJson().equals(that.toJson());
  }

  @Override
  public int hashCode() {
    return toJson().hashCode();
  }

  @Override
  public String toString() {
    return isAll() ? "all" : toJson().toString();
  }
}
