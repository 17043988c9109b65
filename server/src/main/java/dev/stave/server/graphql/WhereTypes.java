package dev.stave.server.graphql;

import static graphql.schema.GraphQLList.list;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import dev.stave.server.graphql.catalogue.Members;
import dev.stave.server.graphql.catalogue.Place;
import dev.stave.server.graphql.catalogue.Place.Kind;
import graphql.Scalars;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLInputObjectField;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLInputType;
import graphql.schema.GraphQLNamedInputType;
import graphql.schema.GraphQLTypeReference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of {@code where}: conditions of one type for each kind of scalar, shared by all fields,
 * and one for each type of objects. What they mean is in {@link Where}. What has not grown is what
 * it was before. For one thread.
 */
final class WhereTypes implements SchemaPart {

  static final String SUFFIX = "Where";
  static final String LIST_SUFFIX = "Where_list";
  private static final String JSON_TYPE = "JSONType";

  /** Those of lists with scalars in them, by name. */
  private final Map<String, GraphQLInputObjectType> lists = new LinkedHashMap<>();

  private final Map<Members, Made> kept = new HashMap<>();

  /** What was made of members that had grown so far. */
  private record Made(int growth, SchemaParts parts, GraphQLInputObjectType type) {}

  @Override
  public void addTo(SchemaParts parts) {
    GraphQLEnumType.Builder types =
        GraphQLEnumType.newEnum().name(JSON_TYPE).description("The types of JSON.");
    for (String type : new String[] {"null", "boolean", "number", "string", "array", "object"}) {
      types.value(type.toUpperCase(java.util.Locale.ROOT), type);
    }
    parts.type(types.build());
    parts.type(
        scalar("StringWhere", "a string", Scalars.GraphQLString, true)
            .field(input("beginsWith", Scalars.GraphQLString, "A string that begins so."))
            .field(
                input("regex", Scalars.GraphQLString, "A string of which a part is of this (RE2)."))
            .build());
    parts.type(scalar("NumberWhere", "a number", JsonScalars.NUMBER, true).build());
    parts.type(scalar("BooleanWhere", "a boolean", Scalars.GraphQLBoolean, false).build());
    parts.type(
        scalar(
                "JSONWhere",
                "a value of any type, in the order of all values",
                JsonScalars.JSON,
                true)
            .field(input("type", typeRef(JSON_TYPE), "Of this type."))
            .field(input("beginsWith", Scalars.GraphQLString, "A string that begins so."))
            .field(
                input("regex", Scalars.GraphQLString, "A string of which a part is of this (RE2)."))
            .build());
  }

  /** Adds those of lists, once the last part has asked for its. */
  void addListsTo(SchemaParts parts) {
    lists.values().forEach(parts::type);
  }

  private static GraphQLInputObjectType.Builder scalar(
      String name, String what, GraphQLInputType type, boolean isOrdered) {
    GraphQLInputObjectType.Builder conditions =
        GraphQLInputObjectType.newInputObject()
            .name(name)
            .description(
                "Conditions on "
                    + what
                    + ". All hold for one value. Where there is none, but exists: false holds.")
            .field(input("eq", type, "Equal to it."))
            .field(input("ne", type, "There, and not equal to it."))
            .field(input("in", list(type), "One of these."))
            .field(input("nin", list(type), "There, and none of these."))
            .field(input("exists", Scalars.GraphQLBoolean, "Whether there is a value, or null."));
    if (isOrdered) {
      conditions
          .field(input("gt", type, "Greater."))
          .field(input("gte", type, "Greater or equal."))
          .field(input("lt", type, "Less."))
          .field(input("lte", type, "Less or equal."));
    }
    return conditions;
  }

  private static GraphQLInputObjectField input(
      String name, GraphQLInputType type, @Nullable String description) {
    return GraphQLInputObjectField.newInputObjectField()
        .name(name)
        .type(type)
        .description(description)
        .build();
  }

  /** The conditions on objects, with what they are made of; {@code isDocument} if on documents. */
  GraphQLInputObjectType of(SchemaParts parts, Members members, boolean isDocument) {
    Made made = kept.get(members);
    if (made == null || made.growth() != members.growth()) {
      SchemaParts own = new SchemaParts();
      GraphQLInputObjectType type = make(own, members, isDocument);
      made = new Made(members.growth(), own.type(type), type);
      kept.put(members, made);
    }
    parts.addAll(made.parts());
    return made.type();
  }

  private GraphQLInputObjectType make(SchemaParts parts, Members members, boolean isDocument) {
    String name = members.typeName() + SUFFIX;
    GraphQLInputObjectType.Builder where = GraphQLInputObjectType.newInputObject().name(name);
    where.field(input("_and", list(nonNull(typeRef(name))), null));
    where.field(input("_or", list(nonNull(typeRef(name))), null));
    where.field(input("_not", typeRef(name), null));
    if (isDocument) {
      where.field(input("_id", typeRef("StringWhere"), null));
    } else {
      where.field(input("_exists", Scalars.GraphQLBoolean, null));
    }
    members.places().forEach((member, place) -> addFields(parts, where, place));
    Place entries = members.entries();
    if (entries != null && entries.kind() != Kind.UNKNOWN) {
      where.field(input("_entries", entriesOf(parts, members, entries, isDocument), null));
    }
    return where.build();
  }

  private void addFields(SchemaParts parts, GraphQLInputObjectType.Builder where, Place place) {
    if (place.kind() == Kind.UNKNOWN) {
      return;
    }
    where.field(input(place.alias(), of(parts, place.kind(), place), null));
    if (!place.objectAlias().isEmpty()) {
      where.field(input(place.objectAlias(), of(parts, Kind.OBJECT, place), null));
    }
    if (!place.listAlias().isEmpty()) {
      where.field(input(place.listAlias(), of(parts, Kind.LIST, place), null));
    }
    if (!place.valueAlias().isEmpty()) {
      where.field(input(place.valueAlias(), typeRef("JSONWhere"), null));
    }
  }

  private GraphQLInputType of(SchemaParts parts, Kind kind, Place place) {
    Members members = place.members();
    Place elements = place.elements();
    return switch (kind) {
      case STRING -> typeRef("StringWhere");
      case NUMBER -> typeRef("NumberWhere");
      case BOOLEAN -> typeRef("BooleanWhere");
      case JSON, UNKNOWN -> typeRef("JSONWhere");
      case OBJECT -> members == null ? typeRef("JSONWhere") : of(parts, members, false);
      case LIST -> elements == null ? listOf("JSONWhere") : listOf(parts, elements);
    };
  }

  /** The conditions on lists with such elements. */
  private GraphQLInputType listOf(SchemaParts parts, Place elements) {
    GraphQLInputType of = of(parts, elements.kind(), elements);
    if (of instanceof GraphQLTypeReference scalar) {
      return listOf(scalar.getName());
    }
    GraphQLInputObjectType type = listType(((GraphQLNamedInputType) of).getName());
    parts.type(type);
    return type;
  }

  /** Those on lists whose elements are of a type that many may share. */
  private GraphQLTypeReference listOf(String element) {
    GraphQLInputObjectType type = lists.computeIfAbsent(element, WhereTypes::listType);
    return typeRef(type.getName());
  }

  private static GraphQLInputObjectType listType(String element) {
    GraphQLInputType of = typeRef(element);
    return GraphQLInputObjectType.newInputObject()
        .name(element.substring(0, element.length() - SUFFIX.length()) + LIST_SUFFIX)
        .description("Conditions on a list. Where there is none, but exists: false holds.")
        .field(input("some", of, "One element meets all of these."))
        .field(input("every", of, "There are elements, and each meets all of these."))
        .field(input("none", of, "It is a list, and no element meets all of these."))
        .field(input("size", Scalars.GraphQLInt, "So many elements."))
        .field(input("exists", Scalars.GraphQLBoolean, "Whether there is a value, or null."))
        .build();
  }

  private GraphQLInputType entriesOf(
      SchemaParts parts, Members members, Place entries, boolean isDocument) {
    String name = members.entryTypeName() + SUFFIX;
    GraphQLInputObjectType.Builder where =
        GraphQLInputObjectType.newInputObject()
            .name(name)
            .description(
                "There is a member that meets these. Without keys several conditions on what is in"
                    + " it may be met by different members.")
            .field(input("keys", list(nonNull(Scalars.GraphQLString)), "Of one of these names."));
    if (!isDocument) { // Mango has no condition on the names in a whole document
      where.field(input("key", typeRef("StringWhere"), "There is one with such a name."));
    }
    addFields(parts, where, entries);
    GraphQLInputObjectType type = where.build();
    parts.type(type);
    return type;
  }
}
