package dev.stave.server.graphql.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonPath;
import dev.stave.validation.DocumentSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the JSON Schemas of a database say of its documents, by their type. A schema counts if it is
 * in force, and for all documents or for those of one type: others may hold or not.
 *
 * @param schemas those that the database has
 * @param ofAll the schemas for all documents
 * @param ofTypes those for the documents of one type
 */
public record Declarations(
    List<DocumentSchema> schemas, List<JsonNode> ofAll, Map<String, List<JsonNode>> ofTypes) {

  public static final Declarations NONE = new Declarations(List.of(), List.of(), Map.of());

  /** Those of {@code database} now; {@code known} if it has the same as then. */
  static Declarations of(Database database, JsonPath typePath, Declarations known) {
    List<DocumentSchema> schemas = database.schemas();
    if (schemas.equals(known.schemas())) {
      return known;
    }
    List<JsonNode> ofAll = new ArrayList<>();
    Map<String, List<JsonNode>> ofTypes = new LinkedHashMap<>();
    for (DocumentSchema schema : schemas) {
      Document document = database.get(schema.id()).orElse(null);
      if (document != null && schema.isInForce()) {
        JsonNode body = document.body().sharedTree();
        JsonNode selector = body.path("selector");
        String type = typeOf(selector, typePath.toString());
        if (selector.isEmpty()) {
          ofAll.add(body.path("schema"));
        } else if (type != null) {
          ofTypes.computeIfAbsent(type, key -> new ArrayList<>()).add(body.path("schema"));
        }
      }
    }
    return new Declarations(schemas, ofAll, ofTypes);
  }

  /** The type that {@code selector} asks for and nothing else, or null. */
  private static @Nullable String typeOf(JsonNode selector, String typePath) {
    JsonNode value = selector.path(typePath);
    JsonNode equal = value.size() == 1 ? value.path("$eq") : value;
    return selector.size() == 1 ? equal.textValue() : null;
  }

  /** Of documents whose type is {@code type}, null of those that have none. */
  public Declared of(@Nullable String type) {
    List<JsonNode> all = new ArrayList<>(ofAll);
    all.addAll(type == null ? List.of() : ofTypes.getOrDefault(type, List.of()));
    return Declared.by(all);
  }

  /** What documents would be that are as declared, of {@code types} and of those that are named. */
  Map<@Nullable String, Observed> shapes(List<DocumentType> types) {
    Map<@Nullable String, Observed> shapes = new LinkedHashMap<>();
    types.forEach(type -> shapes.put(type.value(), new Observed()));
    ofTypes.keySet().forEach(type -> shapes.putIfAbsent(type, new Observed()));
    shapes.forEach((type, seen) -> of(type).addTo(seen));
    return shapes;
  }
}
