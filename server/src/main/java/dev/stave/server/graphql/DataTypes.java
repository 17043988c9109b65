package dev.stave.server.graphql;

import static dev.stave.server.graphql.DocumentFields.field;
import static graphql.schema.GraphQLList.list;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.document.Document;
import dev.stave.json.JsonPath;
import dev.stave.query.Selector;
import dev.stave.server.graphql.Place.Kind;
import graphql.Scalars;
import graphql.introspection.Introspection.DirectiveLocation;
import graphql.language.StringValue;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLAppliedDirective;
import graphql.schema.GraphQLAppliedDirectiveArgument;
import graphql.schema.GraphQLArgument;
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
import org.jspecify.annotations.Nullable;

/** The types, fields and collections that come from the data. */
final class DataTypes implements SchemaPart {

  private static final String PATH = "path";
  private static final String OF = "of";

  private final List<DocumentType> types;
  private final GraphQLOptions options;
  private final boolean isFull;
  private @Nullable WhereTypes wheres;

  /**
   * @param types of documents, that of those without a type among them
   * @param isFull whether there may be paths without a field
   */
  DataTypes(List<DocumentType> types, GraphQLOptions options, boolean isFull) {
    this.types = types;
    this.options = options;
    this.isFull = isFull;
  }

  @Override
  public void addTo(SchemaParts parts) {
    parts.directive(
        GraphQLDirective.newDirective()
            .name(PATH)
            .description("The member that a field gives, where that has another name.")
            .argument(
                SchemaParts.argument(OF, nonNull(Scalars.GraphQLString), "Its name in the JSON."))
            .validLocation(DirectiveLocation.FIELD_DEFINITION)
            .validLocation(DirectiveLocation.INPUT_FIELD_DEFINITION)
            .validLocation(DirectiveLocation.OBJECT)
            .build());
    wheres = new WhereTypes(parts);
    Map<String, String> names = new HashMap<>(); // of types, by the documents' value
    for (DocumentType type : types) {
      if (type.value() != null) {
        names.put(type.value(), type.name());
      }
    }
    Links links = new Links(options, names);
    types.forEach(type -> addType(parts, type, links));
    JsonPath typePath = options.typePath();
    parts.resolver(
        SchemaParts.DOCUMENT,
        environment -> {
          Document document = environment.getObject();
          JsonNode value = typePath.first(MemberFetcher.object(document));
          String name = value == null ? null : names.get(value.textValue());
          return environment.getSchema().getObjectType(name == null ? GraphQL.RECORD : name);
        });
  }

  private WhereTypes wheres() {
    if (wheres == null) {
      throw new IllegalStateException("no part was added yet");
    }
    return wheres;
  }

  private void addType(SchemaParts parts, DocumentType type, Links links) {
    Members members = type.members();
    GraphQLObjectType.Builder object = GraphQLObjectType.newObject().name(type.name());
    object.description(description(type)).withInterface(typeRef(SchemaParts.DOCUMENT));
    parts.documentFields().forEach(object::field);
    addFields(parts, object, members);
    links.addTo(parts, object, type);
    parts.documentType(object.build());
    String connection = Connections.addFor(parts, type.name());
    List<GraphQLArgument> arguments = new ArrayList<>();
    arguments.add(
        SchemaParts.argument(
            "where", wheres().of(members, true), "Conditions, all of which hold."));
    Selector selector = selectorOf(type);
    Where where = new Where(members, options);
    Aggregates.addFor(parts, type, arguments.get(0), where, selector);
    arguments.addAll(Connections.arguments());
    parts.query(
        field(type.plural(), nonNull(typeRef(connection)), "Documents of the type " + type.name())
            .arguments(arguments)
            .build(),
        environment -> Connections.page(environment, where.in(environment, selector)));
  }

  private String description(DocumentType type) {
    String text =
        type.value() == null
            ? "A document without a type, or of one that has no type of its own here."
            : "A document with the "
                + options.typePath()
                + " "
                + TextNode.valueOf(shown(type.value()))
                + ".";
    return isFull
        ? text + " There are more paths than the schema has fields: _get and _json reach all."
        : text;
  }

  private static String shown(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }

  private Selector selectorOf(DocumentType type) {
    ObjectNode test = JsonNodeFactory.instance.objectNode();
    if (type.value() == null) {
      ObjectNode string = JsonNodeFactory.instance.objectNode();
      string.putObject(options.typePath().toString()).put("$type", "string");
      // by De Morgan a $not would ask for a value; documents without one are meant as well
      test.putArray("$or")
          .add(
              JsonNodeFactory.instance
                  .objectNode()
                  .set(
                      options.typePath().toString(),
                      JsonNodeFactory.instance.objectNode().put("$exists", false)))
          .add(JsonNodeFactory.instance.objectNode().set("$not", string));
    } else {
      test.putObject(options.typePath().toString()).put("$eq", type.value());
    }
    return Selector.of(test);
  }

  private void addFields(SchemaParts parts, GraphQLObjectType.Builder object, Members members) {
    members
        .places()
        .forEach((name, place) -> addFields(parts, object, members.typeName(), name, place));
    Place entries = members.entries();
    if (entries != null && entries.kind() != Kind.UNKNOWN) {
      addEntries(parts, object, members, entries);
    }
  }

  /** The field of a member, and those beside it. */
  private void addFields(
      SchemaParts parts, GraphQLObjectType.Builder object, String type, String name, Place place) {
    if (place.kind() == Kind.UNKNOWN) {
      return;
    }
    Place elements = place.elements();
    add(parts, object, type, name, place.alias(), place.kind(), place, "");
    if (!place.objectAlias().isEmpty()) {
      String what = "Where " + place.alias() + " is an object: that.";
      add(parts, object, type, name, place.objectAlias(), Kind.OBJECT, place, what);
    }
    if (!place.listAlias().isEmpty() && elements != null) {
      String what = "Where " + place.alias() + " is a list: that.";
      add(parts, object, type, name, place.listAlias(), Kind.LIST, place, what);
    }
    if (!place.valueAlias().isEmpty()) {
      String what = "As " + place.alias() + ", of whatever type it is.";
      add(parts, object, type, name, place.valueAlias(), Kind.JSON, place, what);
    }
  }

  private void add(
      SchemaParts parts,
      GraphQLObjectType.Builder object,
      String type,
      String name,
      String alias,
      Kind kind,
      Place place,
      String description) {
    GraphQLFieldDefinition.Builder field =
        GraphQLFieldDefinition.newFieldDefinition()
            .name(alias)
            .type(outputOf(parts, kind, place.members(), place.elements()));
    if (!description.isEmpty()) {
      field.description(description);
    } else if (!alias.equals(name)) {
      field.description("The member " + TextNode.valueOf(shown(name)) + ".");
      field.withAppliedDirective(path(name));
    }
    object.field(field.build());
    parts.fetcher(type, alias, new MemberFetcher(name, kind, place.elements()));
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
      SchemaParts parts, Kind kind, @Nullable Members members, @Nullable Place elements) {
    return switch (kind) {
      case STRING -> Scalars.GraphQLString;
      case NUMBER -> JsonScalars.NUMBER;
      case BOOLEAN -> Scalars.GraphQLBoolean;
      case JSON, UNKNOWN -> JsonScalars.JSON;
      case OBJECT -> members == null ? JsonScalars.JSON : objectOf(parts, members);
      case LIST ->
          elements == null
              ? list(JsonScalars.JSON)
              : list(outputOf(parts, elements.kind(), elements.members(), elements.elements()));
    };
  }

  private final Set<String> made = new HashSet<>();

  private GraphQLOutputType objectOf(SchemaParts parts, Members members) {
    if (!made.add(members.typeName())) {
      return typeRef(members.typeName());
    }
    GraphQLObjectType.Builder object =
        GraphQLObjectType.newObject().name(members.typeName()).field(JSON_FIELD);
    addFields(parts, object, members);
    GraphQLObjectType type = object.build();
    parts.fetcher(type.getName(), JSON_FIELD.getName(), WHOLE);
    parts.type(type);
    return type;
  }

  private static final GraphQLFieldDefinition JSON_FIELD =
      field("_json", nonNull(JsonScalars.JSON), "All of it.").build();

  private static final DataFetcher<Object> WHOLE =
      environment -> MemberFetcher.object(environment.getSource());

  private void addEntries(
      SchemaParts parts, GraphQLObjectType.Builder object, Members members, Place entries) {
    String entryType = members.entryTypeName();
    GraphQLObjectType.Builder entry =
        GraphQLObjectType.newObject()
            .name(entryType)
            .description("A member that has no field of its own.")
            .field(field("key", nonNull(Scalars.GraphQLString), "Its name."));
    addFields(parts, entry, entryType, "value", entries);
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
}
