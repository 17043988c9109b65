package dev.stave.sync.peer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which documents are replicated. The source decides, so that what is left out does not travel. */
public final class Scope {

  /** All of them. */
  public static final Scope ALL = new Scope(null, null, null, Map.of());

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
