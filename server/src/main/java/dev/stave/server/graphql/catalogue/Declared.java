package dev.stave.server.graphql.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;

/**
 * What JSON Schemas say of the values at one place: their types, what is in them, and what they
 * mean. Of several schemas, and of alternatives in one, all that any of them allows.
 */
public final class Declared {

  /** Nothing is said. */
  static final Declared NOTHING = new Declared(List.of());

  /** So many schemas are looked at for one place: they may lead to each other in circles. */
  static final int MAX_SCHEMAS = 100;

  /** So many places are declared by the schemas for one type of documents, at most. */
  static final int MAX_PLACES = 10_000;

  private static final int MAX_TEXT = 1_000;

  private static final List<String> MORE = List.of("allOf", "anyOf", "oneOf");

  /** A schema, and the one that its references are in. */
  private record Schema(JsonNode root, JsonNode node) {}

  private final List<Schema> schemas;

  private Declared(List<Schema> schemas) {
    this.schemas = schemas;
  }

  /** By these schemas, each of them whole. */
  static Declared by(List<JsonNode> roots) {
    List<Schema> all = new ArrayList<>();
    roots.forEach(root -> add(all, new Schema(root, root)));
    return all.isEmpty() ? NOTHING : new Declared(all);
  }

  /** Adds a schema, and those that say more of the same values. */
  private static void add(List<Schema> all, Schema schema) {
    JsonNode node = schema.node();
    if (!node.isObject() || all.size() >= MAX_SCHEMAS || all.contains(schema)) {
      return;
    }
    all.add(schema);
    String reference = node.path("$ref").asText();
    if (reference.startsWith("#/") || reference.equals("#")) {
      add(all, new Schema(schema.root(), schema.root().at(reference.substring(1))));
    }
    for (String more : MORE) {
      node.path(more).forEach(each -> add(all, new Schema(schema.root(), each)));
    }
  }

  private Declared inside(Function<JsonNode, JsonNode> way) {
    List<Schema> all = new ArrayList<>();
    schemas.forEach(each -> add(all, new Schema(each.root(), way.apply(each.node()))));
    return all.isEmpty() ? NOTHING : new Declared(all);
  }

  /** Of the member {@code name}. */
  public Declared member(String name) {
    return inside(node -> node.path("properties").path(name));
  }

  /** Of members that it does not name. */
  public Declared others() {
    return inside(node -> node.path("additionalProperties"));
  }

  /** Of the elements of lists. */
  public Declared elements() {
    return inside(node -> node.path("items"));
  }

  private Set<String> members() {
    Set<String> names = new LinkedHashSet<>();
    schemas.forEach(
        each -> each.node().path("properties").fieldNames().forEachRemaining(names::add));
    return names;
  }

  /** The types that are said, as {@link Observed} has them. */
  private int types() {
    int types = 0;
    for (Schema each : schemas) {
      JsonNode node = each.node();
      JsonNode said = node.path("type");
      types |= typeOf(said.asText());
      for (JsonNode one : said) {
        types |= typeOf(one.asText());
      }
      if (said.isMissingNode()) {
        for (JsonNode value : values(node)) {
          types |= Observed.typeOf(value);
        }
        types |= node.has("properties") ? Observed.OBJECT : 0;
        types |= node.path("items").isObject() ? Observed.ARRAY : 0;
      }
    }
    return types;
  }

  private static int typeOf(String name) {
    return switch (name) {
      case "string" -> Observed.STRING;
      case "number", "integer" -> Observed.NUMBER;
      case "boolean" -> Observed.BOOLEAN;
      case "array" -> Observed.ARRAY;
      case "object" -> Observed.OBJECT;
      default -> 0;
    };
  }

  /** The values of {@code enum} and {@code const}. */
  private static List<JsonNode> values(JsonNode schema) {
    List<JsonNode> values = new ArrayList<>();
    schema.path("enum").forEach(values::add);
    if (schema.has("const")) {
      values.add(schema.get("const"));
    }
    return values;
  }

  /** Adds to {@code seen} what values would be that are as declared. */
  void addTo(Observed seen) {
    addTo(seen, 0, new int[] {MAX_PLACES});
  }

  private void addTo(Observed seen, int depth, int[] placesLeft) {
    if (schemas.isEmpty() || depth > Growth.MAX_DEPTH || placesLeft[0]-- <= 0) {
      return;
    }
    int types = types();
    seen.declare(types);
    if ((types & Observed.OBJECT) != 0) {
      for (String name : members()) {
        Declared member = member(name);
        if (member.types() != 0) {
          member.addTo(seen.member(name), depth + 1, placesLeft);
        }
      }
    }
    Declared elements = elements();
    if ((types & Observed.ARRAY) != 0 && elements.types() != 0) {
      elements.addTo(seen.element(), depth + 1, placesLeft);
    }
  }

  /** What the values mean, for people; empty if nothing is said of it. */
  public String text() {
    StringJoiner text = new StringJoiner("\n");
    Set<String> said = new LinkedHashSet<>();
    for (Schema each : schemas) {
      JsonNode node = each.node();
      said.add(node.path("title").asText());
      said.add(node.path("description").asText());
      if (node.path("format").isTextual()) {
        said.add("Format: " + node.path("format").asText() + ".");
      }
      StringJoiner values = new StringJoiner(", ", "One of: ", ".");
      values(node).forEach(value -> values.add(value.toString()));
      if (!values(node).isEmpty()) {
        said.add(values.toString());
      }
    }
    said.stream().filter(each -> !each.isBlank()).forEach(text::add);
    String whole = text.toString();
    return whole.length() <= MAX_TEXT ? whole : whole.substring(0, MAX_TEXT) + "…";
  }

  @Override
  public String toString() {
    return schemas.toString();
  }
}
