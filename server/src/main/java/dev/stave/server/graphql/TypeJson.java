package dev.stave.server.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.server.graphql.Place.Kind;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Writes what was given as JSON, and reads it back: all names with it, since what a field is called
 * may depend on what was given before it.
 *
 * <pre>
 * type    = { "value": string or null, "plural": name, "members": members }
 * members = { "type": name, "fields": { member: place, … }, "entries": place,
 *             "entry": name }
 * place   = { "kind": K, "as": name, "members": members, "elements": place,
 *             "object": name, "list": name, "json": name }
 * </pre>
 *
 * What is empty is left out, and {@code as} where it is the name of the member. A place that is no
 * more than its kind is the kind alone.
 */
final class TypeJson {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final UnaryOperator<String> typeName;

  /**
   * @param typeName what a type that was called so is called now
   */
  TypeJson(UnaryOperator<String> typeName) {
    this.typeName = typeName;
  }

  static ObjectNode write(DocumentType type) {
    ObjectNode json = NODES.objectNode();
    json.put("value", type.value());
    json.put("plural", type.plural());
    json.set("members", write(type.members()));
    return json;
  }

  private static ObjectNode write(Members members) {
    ObjectNode json = NODES.objectNode();
    json.put("type", members.typeName());
    ObjectNode fields = json.putObject("fields");
    members.places().forEach((name, place) -> fields.set(name, write(name, place)));
    Place entries = members.entries();
    if (entries != null) {
      json.set("entries", write("value", entries));
      json.put("entry", members.entryTypeName());
    }
    return json;
  }

  private static JsonNode write(String name, Place place) {
    ObjectNode json = NODES.objectNode();
    json.put("kind", place.kind().name());
    if (!place.alias().equals(name)) {
      json.put("as", place.alias());
    }
    Members members = place.members();
    if (members != null) {
      json.set("members", write(members));
    }
    Place elements = place.elements();
    if (elements != null) {
      json.set("elements", write(name, elements));
    }
    putName(json, "object", place.objectAlias());
    putName(json, "list", place.listAlias());
    putName(json, "json", place.valueAlias());
    return json.size() == 1 ? json.get("kind") : json;
  }

  private static void putName(ObjectNode json, String member, String name) {
    if (!name.isEmpty()) {
      json.put(member, name);
    }
  }

  DocumentType read(int number, JsonNode json) {
    JsonNode value = json.path("value");
    return new DocumentType(
        number,
        value.isTextual() ? value.textValue() : null,
        members(json.path("members")),
        json.path("plural").asText());
  }

  private Members members(JsonNode json) {
    Members members = new Members(typeName.apply(json.path("type").asText()));
    for (Map.Entry<String, JsonNode> field : json.path("fields").properties()) {
      Place place = place(field.getKey(), field.getValue());
      members.places().put(field.getKey(), place);
      members.take(place, field.getKey());
    }
    if (json.has("entries")) {
      members.entries(
          place("value", json.path("entries")), typeName.apply(json.path("entry").asText()));
    }
    return members;
  }

  private Place place(String name, JsonNode json) {
    Place place = new Place();
    place.alias(name);
    if (json.isTextual()) {
      place.kind(Kind.valueOf(json.textValue()));
      return place;
    }
    place.kind(Kind.valueOf(json.path("kind").asText()));
    if (json.has("as")) {
      place.alias(json.path("as").asText());
    }
    if (json.has("members")) {
      place.members(members(json.path("members")));
    }
    if (json.has("elements")) {
      place.elements(place(name, json.path("elements")));
    }
    place.objectAlias(json.path("object").asText());
    place.listAlias(json.path("list").asText());
    place.valueAlias(json.path("json").asText());
    return place;
  }
}
