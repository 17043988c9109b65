package dev.stave.server.graphql;

import static dev.stave.server.graphql.DocumentFields.field;
import static graphql.schema.GraphQLList.list;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.server.graphql.catalogue.Declared;
import dev.stave.server.graphql.catalogue.Members;
import dev.stave.server.graphql.catalogue.Place;
import dev.stave.server.graphql.catalogue.Place.Kind;
import graphql.Scalars;
import graphql.introspection.Introspection.DirectiveLocation;
import graphql.language.StringValue;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLAppliedDirective;
import graphql.schema.GraphQLAppliedDirectiveArgument;
import graphql.schema.GraphQLDirective;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLOutputType;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The types of the objects in documents, and the fields of members. What has not grown since it was
 * asked for last is what it was then: a schema that grows by one field is made of the types of the
 * one before. For one thread.
 */
final class MemberTypes {

  private static final String PATH = "path";
  private static final String OF = "of";

  /** Says which member a field gives. */
  static final GraphQLDirective DIRECTIVE =
      GraphQLDirective.newDirective()
          .name(PATH)
          .description("The member that a field gives, where that has another name.")
          .argument(
              SchemaParts.argument(OF, nonNull(Scalars.GraphQLString), "Its name in the JSON."))
          .validLocation(DirectiveLocation.FIELD_DEFINITION)
          .validLocation(DirectiveLocation.INPUT_FIELD_DEFINITION)
          .validLocation(DirectiveLocation.OBJECT)
          .build();

  private final Map<Members, Made> kept = new HashMap<>();

  /** What was made of members that had grown so far. */
  private record Made(int growth, SchemaParts parts, GraphQLObjectType type) {}

  /** Makes all anew, since something else is declared. */
  void forget() {
    kept.clear();
  }

  /** Adds a field for each member, and the types that they are of. */
  void addFields(
      SchemaParts parts, GraphQLObjectType.Builder object, Members members, Declared declared) {
    members
        .places()
        .forEach((name, place) -> addFields(parts, object, name, place, declared.member(name)));
    Place entries = members.entries();
    if (entries != null && entries.kind() != Kind.UNKNOWN) {
      addEntries(parts, object, members, entries, declared.others());
    }
  }

  /** The field of a member, and those beside it. */
  private void addFields(
      SchemaParts parts,
      GraphQLObjectType.Builder object,
      String name,
      Place place,
      Declared declared) {
    if (place.kind() == Kind.UNKNOWN) {
      return;
    }
    Place elements = place.elements();
    add(parts, object, name, place.alias(), place.kind(), place, declared, "");
    if (!place.objectAlias().isEmpty()) {
      String what = "Where " + place.alias() + " is an object: that.";
      add(parts, object, name, place.objectAlias(), Kind.OBJECT, place, declared, what);
    }
    if (!place.listAlias().isEmpty() && elements != null) {
      String what = "Where " + place.alias() + " is a list: that.";
      add(parts, object, name, place.listAlias(), Kind.LIST, place, declared, what);
    }
    if (!place.valueAlias().isEmpty()) {
      String what = "As " + place.alias() + ", of whatever type it is.";
      add(parts, object, name, place.valueAlias(), Kind.JSON, place, declared, what);
    }
  }

  private void add(
      SchemaParts parts,
      GraphQLObjectType.Builder object,
      String name,
      String alias,
      Kind kind,
      Place place,
      Declared declared,
      String beside) {
    GraphQLFieldDefinition.Builder field =
        GraphQLFieldDefinition.newFieldDefinition()
            .name(alias)
            .definition(new MemberField(new MemberFetcher(name, kind, place.elements())))
            .type(outputOf(parts, kind, place.members(), place.elements(), declared));
    StringJoiner description = new StringJoiner("\n");
    if (!beside.isEmpty()) {
      description.add(beside);
    } else if (!alias.equals(name)) {
      description.add("The member " + TextNode.valueOf(shown(name)) + ".");
      field.withAppliedDirective(path(name));
    }
    if (!declared.text().isEmpty()) {
      description.add(declared.text());
    }
    if (description.length() > 0) {
      field.description(description.toString());
    }
    object.field(field.build());
  }

  static GraphQLAppliedDirective path(String name) {
    return GraphQLAppliedDirective.newDirective()
        .name(PATH)
        .argument(
            GraphQLAppliedDirectiveArgument.newArgument()
                .name(OF)
                .type(nonNull(Scalars.GraphQLString))
                .valueLiteral(new StringValue(name))
                .build())
        .build();
  }

  private GraphQLOutputType outputOf(
      SchemaParts parts,
      Kind kind,
      @Nullable Members members,
      @Nullable Place elements,
      Declared declared) {
    return switch (kind) {
      case STRING -> Scalars.GraphQLString;
      case NUMBER -> JsonScalars.NUMBER;
      case BOOLEAN -> Scalars.GraphQLBoolean;
      case JSON, UNKNOWN -> JsonScalars.JSON;
      case OBJECT -> members == null ? JsonScalars.JSON : objectOf(parts, members, declared);
      case LIST ->
          elements == null
              ? list(JsonScalars.JSON)
              : list(
                  outputOf(
                      parts,
                      elements.kind(),
                      elements.members(),
                      elements.elements(),
                      declared.elements()));
    };
  }

  private GraphQLOutputType objectOf(SchemaParts parts, Members members, Declared declared) {
    Made made = kept.get(members);
    if (made == null || made.growth() != members.growth()) {
      SchemaParts own = new SchemaParts();
      GraphQLObjectType.Builder object =
          GraphQLObjectType.newObject().name(members.typeName()).field(JSON_FIELD);
      addFields(own, object, members, declared);
      GraphQLObjectType type = object.build();
      own.type(type);
      made = new Made(members.growth(), own, type);
      kept.put(members, made);
    }
    parts.addAll(made.parts());
    return made.type();
  }

  private static final GraphQLFieldDefinition JSON_FIELD =
      field(MapFetcher.WHOLE, nonNull(JsonScalars.JSON), "All of it.").build();

  private void addEntries(
      SchemaParts parts,
      GraphQLObjectType.Builder object,
      Members members,
      Place entries,
      Declared declared) {
    String entryType = members.entryTypeName();
    GraphQLObjectType.Builder entry =
        GraphQLObjectType.newObject()
            .name(entryType)
            .description("A member that has no field of its own.")
            .field(field("key", nonNull(Scalars.GraphQLString), "Its name."));
    addFields(parts, entry, "value", entries, declared);
    parts.fetcher(entryType, "key", environment -> key(environment));
    parts.type(entry.build());
    object.field(
        field(
                "_entries",
                nonNull(list(nonNull(typeRef(entryType)))),
                "The members whose names are data, in their order.")
            .argument(
                SchemaParts.argument(
                    "keys", list(nonNull(Scalars.GraphQLString)), "Of these names only."))
            .argument(SchemaParts.argument("first", Scalars.GraphQLInt, "At most so many."))
            .argument(SchemaParts.argument("after", Scalars.GraphQLString, "Behind this name."))
            .build());
    parts.fetcher(members.typeName(), "_entries", environment -> entries(environment, members));
  }

  private static Object key(DataFetchingEnvironment environment) {
    Map.Entry<?, ?> entry = environment.getSource();
    if (entry == null) {
      throw new IllegalStateException("a key is asked of no entry");
    }
    return entry.getKey();
  }

  private static List<Map.Entry<String, JsonNode>> entries(
      DataFetchingEnvironment environment, Members members) {
    int first = RequestContext.of(environment).pageSize(environment.<Integer>getArgument("first"));
    List<String> keys = environment.getArgument("keys");
    String after = environment.getArgument("after");
    Set<String> wanted = keys == null ? Set.of() : new HashSet<>(keys);
    List<Map.Entry<String, JsonNode>> found = new ArrayList<>();
    boolean isBehind = after == null;
    JsonNode source = MemberFetcher.object(environment.getSource());
    for (Map.Entry<String, JsonNode> member : source.properties()) {
      String name = member.getKey();
      if (isBehind
          && found.size() < first
          && !members.places().containsKey(name)
          && (keys == null || wanted.contains(name))) {
        found.add(new SimpleImmutableEntry<>(name, member.getValue()));
      }
      isBehind |= name.equals(after);
    }
    return found;
  }

  /** Long names are not shown whole. */
  static String shown(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }
}
