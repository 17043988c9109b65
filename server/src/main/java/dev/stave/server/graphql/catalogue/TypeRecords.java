package dev.stave.server.graphql.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPath;
import dev.stave.server.graphql.catalogue.Place.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The types that were given, as they are kept in documents that do not replicate: all names with
 * them, since what a field is called may depend on what was given before it. For one thread.
 *
 * <p>There is a record for each type of documents, and where that would be long, the objects in it
 * have records of their own: so a field that is new has some hundred others written with it, and
 * not all. They are written together.
 *
 * <pre>
 * type    = { "value": string or null, "plural": name, "members": members }
 * members = { "type": name, "fields": { member: place, … }, "entries": place,
 *             "entry": name }
 * place   = { "kind": K, "as": name, "members": members or number, "elements": place,
 *             "object": name, "list": name, "json": name }
 * </pre>
 *
 * What is empty is left out, and {@code as} where it is the name of the member. A place that is no
 * more than its kind is the kind alone. A number is that of the record where the members stand.
 */
final class TypeRecords {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String PREFIX = "stave.graphql-types-"; // which no client writes
  private static final String PART = "part-";

  /** So many places stand in a record, if they do not all belong to one object. */
  static final int MAX_PLACES = 1_000;

  /** Objects with fewer stay in the record of what they are in. */
  private static final int MIN_PLACES = 8;

  private final String prefix;
  private final IdentityHashMap<Members, Standing> known = new IdentityHashMap<>();
  private final Map<Integer, JsonNode> parts = new HashMap<>(); // while they are read
  private int lastPart;

  /** Where members stand, and how far they had grown when they were written. */
  private static final class Standing {
    private int part; // 0 while they stand in the record of what they are in
    private int written = -1;
    private int places; // of the members, and of what stands in their record
  }

  /** Those for the types that are told by this path, of one database. */
  TypeRecords(JsonPath typePath) {
    this.prefix = PREFIX + Names.sha256(typePath.toString()).substring(0, 8) + "-";
  }

  /**
   * All that were written, in the order in which they were given.
   *
   * @param typeName what a type of GraphQL that was called so is called now
   */
  List<DocumentType> read(Database database, UnaryOperator<String> typeName) {
    Map<Integer, JsonNode> types = new HashMap<>();
    database.forEachLocal(
        new IdRange(prefix, prefix + "~", false),
        (id, body) -> {
          String rest = id.substring(prefix.length());
          if (rest.startsWith(PART)) {
            int number = Integer.parseInt(rest.substring(PART.length()));
            lastPart = Math.max(lastPart, number);
            parts.put(number, body.sharedTree());
          } else {
            types.put(Integer.parseInt(rest), body.sharedTree());
          }
          return true;
        });
    List<DocumentType> read = new ArrayList<>();
    types.keySet().stream()
        .sorted()
        .forEach(
            number ->
                read.add(type(number, types.getOrDefault(number, NODES.nullNode()), typeName)));
    parts.clear();
    return read;
  }

  private DocumentType type(int number, JsonNode json, UnaryOperator<String> typeName) {
    JsonNode value = json.path("value");
    return new DocumentType(
        number,
        value.isTextual() ? value.textValue() : null,
        members(json.path("members"), typeName),
        json.path("plural").asText());
  }

  private Members members(JsonNode json, UnaryOperator<String> typeName) {
    Members members = new Members(typeName.apply(json.path("type").asText()));
    for (Map.Entry<String, JsonNode> field : json.path("fields").properties()) {
      Place place = place(field.getKey(), field.getValue(), typeName);
      members.places().put(field.getKey(), place);
      members.take(place, field.getKey());
    }
    if (json.has("entries")) {
      members.entries(
          place("value", json.path("entries"), typeName),
          typeName.apply(json.path("entry").asText()));
    }
    return members;
  }

  private Place place(String name, JsonNode json, UnaryOperator<String> typeName) {
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
    JsonNode below = json.path("members");
    JsonNode part = parts.get(below.asInt());
    if (below.isObject()) {
      place.members(members(below, typeName));
    } else if (part != null) { // else it is gone, and the objects get a type anew
      Members members = members(part, typeName);
      Standing standing = standing(members);
      standing.part = below.asInt();
      standing.written = members.growth();
      place.members(members);
    }
    if (json.has("elements")) {
      place.elements(place(name, json.path("elements"), typeName));
    }
    place.objectAlias(json.path("object").asText());
    place.listAlias(json.path("list").asText());
    place.valueAlias(json.path("json").asText());
    return place;
  }

  private Standing standing(Members members) {
    return known.computeIfAbsent(members, key -> new Standing());
  }

  /**
   * Writes types, in one batch, but for what has its own record and has not grown. If the database
   * refuses, it is as if nothing had been tried.
   */
  void write(Database database, Collection<DocumentType> types) {
    Writing writing = new Writing();
    types.forEach(writing::add);
    database.write(writing.batch);
    writing.adopt();
  }

  /** What is to be written, and what stands where as soon as it is. */
  private final class Writing {
    private final WriteBatch batch = new WriteBatch();
    private final IdentityHashMap<Members, Integer> grown = new IdentityHashMap<>();
    private final IdentityHashMap<Members, Integer> moved = new IdentityHashMap<>(); // to parts
    private int last = lastPart;

    void add(DocumentType type) {
      arrange(type.members());
      ObjectNode json = NODES.objectNode();
      json.put("value", type.value());
      json.put("plural", type.plural());
      json.set("members", json(type.members()));
      put(String.format("%06d", type.number()), json);
    }

    void adopt() {
      grown.forEach((members, growth) -> standing(members).written = growth);
      moved.forEach((members, part) -> standing(members).part = part);
      lastPart = last;
    }

    private int partOf(Members members) {
      return moved.getOrDefault(members, standing(members).part);
    }

    private void put(String id, ObjectNode json) {
      batch.putLocal(prefix + id, JsonObject.ofParts(json));
    }

    /** Gives records to what is in {@code members} while that is too much, and writes these. */
    private void arrange(Members members) {
      Standing own = standing(members);
      if (own.written == members.growth()) {
        return;
      }
      List<Members> inside = new ArrayList<>();
      members.places().values().forEach(place -> addInside(place, inside));
      Place entries = members.entries();
      if (entries != null) {
        addInside(entries, inside);
      }
      own.places = members.places().size();
      List<Members> here = new ArrayList<>();
      for (Members each : inside) {
        arrange(each);
        if (partOf(each) == 0) {
          here.add(each);
          own.places += standing(each).places;
        }
      }
      here.sort(Comparator.comparingInt(each -> -standing(each).places));
      for (Members largest : here) {
        Standing its = standing(largest);
        if (own.places > MAX_PLACES && its.places >= MIN_PLACES) {
          own.places -= its.places;
          moved.put(largest, ++last);
          putPart(largest);
        }
      }
      if (own.part > 0) {
        putPart(members);
      }
      grown.put(members, members.growth());
    }

    private void putPart(Members members) {
      put(PART + String.format("%06d", partOf(members)), json(members));
    }

    private ObjectNode json(Members members) {
      ObjectNode json = NODES.objectNode();
      json.put("type", members.typeName());
      ObjectNode fields = json.putObject("fields");
      members.places().forEach((name, place) -> fields.set(name, json(name, place)));
      Place entries = members.entries();
      if (entries != null) {
        json.set("entries", json("value", entries));
        json.put("entry", members.entryTypeName());
      }
      return json;
    }

    private JsonNode json(String name, Place place) {
      ObjectNode json = NODES.objectNode();
      json.put("kind", place.kind().name());
      if (!place.alias().equals(name)) {
        json.put("as", place.alias());
      }
      Members members = place.members();
      if (members != null) {
        int part = partOf(members);
        json.set("members", part > 0 ? NODES.numberNode(part) : json(members));
      }
      Place elements = place.elements();
      if (elements != null) {
        json.set("elements", json(name, elements));
      }
      putName(json, "object", place.objectAlias());
      putName(json, "list", place.listAlias());
      putName(json, "json", place.valueAlias());
      return json.size() == 1 ? json.path("kind") : json;
    }
  }

  private static void addInside(Place place, List<Members> inside) {
    Members members = place.members();
    if (members != null) {
      inside.add(members);
    }
    Place elements = place.elements();
    if (elements != null) {
      addInside(elements, inside);
    }
  }

  private static void putName(ObjectNode json, String member, String name) {
    if (!name.isEmpty()) {
      json.put(member, name);
    }
  }
}
