package dev.stave.server.graphql;

import dev.stave.server.graphql.live.LiveField;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetcherFactories;
import graphql.schema.DataFetcherFactory;
import graphql.schema.FieldCoordinates;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLCodeRegistry;
import graphql.schema.GraphQLDirective;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLInputType;
import graphql.schema.GraphQLInterfaceType;
import graphql.schema.GraphQLNamedType;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.TypeResolver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * What a schema is put together from. Types may name each other by reference. For one thread.
 *
 * <p>A fetcher of a type that is added here is to be named; but where the source is a {@code Map},
 * the member of the field's name is taken.
 */
final class SchemaParts {

  static final String QUERY = "Query";
  static final String MUTATION = "Mutation";
  static final String SUBSCRIPTION = "Subscription";

  /** The interface of all types of documents. */
  static final String DOCUMENT = "Document";

  private final Map<String, GraphQLNamedType> types = new LinkedHashMap<>();
  private final Map<String, Map<String, GraphQLFieldDefinition>> roots = new LinkedHashMap<>();
  private final Map<String, GraphQLFieldDefinition> documentFields = new LinkedHashMap<>();
  private final Map<String, DataFetcher<?>> documentFetchers = new LinkedHashMap<>();
  private final List<GraphQLDirective> directives = new ArrayList<>();
  private final Map<FieldCoordinates, DataFetcherFactory<?>> fetchers = new LinkedHashMap<>();
  private final Map<String, TypeResolver> resolvers = new LinkedHashMap<>();
  private final List<SchemaParts> others = new ArrayList<>();

  /** Nothing yet. */
  SchemaParts() {}

  /** With all that {@code others} are, as they are when the schema is built. */
  SchemaParts addAll(SchemaParts parts) {
    others.add(parts);
    return this;
  }

  /**
   * Adds a type.
   *
   * @throws IllegalStateException if there is another one of its name
   */
  SchemaParts type(GraphQLNamedType type) {
    GraphQLNamedType other = types.put(type.getName(), type);
    if (other != null && other != type) {
      throw new IllegalStateException("two types have the name " + type.getName());
    }
    return this;
  }

  /** Whether a type of this name was added here, or is one that every schema has. */
  boolean hasType(String name) {
    return types.containsKey(name)
        || Set.of(QUERY, MUTATION, SUBSCRIPTION, DOCUMENT).contains(name)
        || Set.of("Int", "Float", "String", "Boolean", "ID").contains(name);
  }

  /** Adds a field to ask for. */
  SchemaParts query(GraphQLFieldDefinition field, DataFetcher<?> fetcher) {
    return root(QUERY, field, fetcher);
  }

  /**
   * Adds a field that writes. Its type is nullable: if one of several fails, the others still say
   * what they have written.
   */
  SchemaParts mutation(GraphQLFieldDefinition field, DataFetcher<?> fetcher) {
    return root(MUTATION, field, fetcher);
  }

  /** Adds a field of which there are many values, one after the other. */
  SchemaParts subscription(
      GraphQLFieldDefinition field, DataFetcher<? extends Publisher<?>> fetcher) {
    return root(SUBSCRIPTION, field, new LiveField(fetcher));
  }

  private SchemaParts root(String type, GraphQLFieldDefinition field, DataFetcher<?> fetcher) {
    Map<String, GraphQLFieldDefinition> fields =
        roots.computeIfAbsent(type, key -> new LinkedHashMap<>());
    if (fields.put(field.getName(), field) != null) {
      throw new IllegalStateException("two fields of " + type + " are named " + field.getName());
    }
    return fetcher(type, field.getName(), fetcher);
  }

  /** Whether there is such a field to ask for, or to listen to. */
  boolean hasField(String name) {
    return roots.getOrDefault(QUERY, Map.of()).containsKey(name)
        || roots.getOrDefault(SUBSCRIPTION, Map.of()).containsKey(name);
  }

  /** Adds a field that every document has, whatever its type; its source is a document. */
  SchemaParts documentField(GraphQLFieldDefinition field, DataFetcher<?> fetcher) {
    if (documentFields.put(field.getName(), field) != null) {
      throw new IllegalStateException("two fields of documents are named " + field.getName());
    }
    documentFetchers.put(field.getName(), fetcher);
    return this;
  }

  /** The fields that every document has. All of them are known once the last part has added its. */
  List<GraphQLFieldDefinition> documentFields() {
    return new ArrayList<>(documentFields.values());
  }

  /** What fetches those. */
  Map<String, DataFetcher<?>> documentFetchers() {
    return documentFetchers;
  }

  /** Adds the interface of all documents, when all parts have added their fields. */
  SchemaParts documentInterface() {
    documentFetchers.forEach((field, by) -> fetcher(DOCUMENT, field, by));
    return type(
        GraphQLInterfaceType.newInterface()
            .name(DOCUMENT)
            .description("A document, whatever its type.")
            .fields(documentFields())
            .build());
  }

  SchemaParts fetcher(String type, String field, DataFetcher<?> fetcher) {
    fetchers.put(
        FieldCoordinates.coordinates(type, field), DataFetcherFactories.useDataFetcher(fetcher));
    return this;
  }

  /** Says which type a value of the interface or union {@code type} is of. */
  SchemaParts resolver(String type, TypeResolver resolver) {
    resolvers.put(type, resolver);
    return this;
  }

  SchemaParts directive(GraphQLDirective directive) {
    directives.add(directive);
    return this;
  }

  /**
   * The schema of all that was added.
   *
   * @param members fetches what no fetcher was named for
   * @param isChecked whether its types are held against GraphQL's rules, which takes a while
   */
  GraphQLSchema build(DataFetcher<Object> members, boolean isChecked) {
    GraphQLCodeRegistry.Builder code = GraphQLCodeRegistry.newCodeRegistry();
    code.defaultDataFetcher(field -> members);
    GraphQLObjectType query = rootType(QUERY, "What can be asked.");
    if (query == null) {
      throw new IllegalStateException("nothing can be asked");
    }
    GraphQLSchema.FastBuilder schema =
        new GraphQLSchema.FastBuilder(
            code,
            query,
            rootType(MUTATION, "What can be written."),
            rootType(SUBSCRIPTION, "What can be listened to."));
    addTo(schema, code);
    return schema.withValidation(isChecked).build();
  }

  private @Nullable GraphQLObjectType rootType(String name, String description) {
    List<GraphQLFieldDefinition> fields = new ArrayList<>();
    addRootFields(name, fields);
    return fields.isEmpty()
        ? null
        : GraphQLObjectType.newObject().name(name).description(description).fields(fields).build();
  }

  private void addRootFields(String root, List<GraphQLFieldDefinition> fields) {
    fields.addAll(roots.getOrDefault(root, Map.of()).values());
    others.forEach(other -> other.addRootFields(root, fields));
  }

  private void addTo(GraphQLSchema.FastBuilder schema, GraphQLCodeRegistry.Builder code) {
    fetchers.forEach(code::dataFetcher);
    resolvers.forEach(code::typeResolver);
    schema.addTypes(types.values());
    schema.additionalDirectives(directives);
    others.forEach(other -> other.addTo(schema, code));
  }

  /** An argument of its type. */
  static GraphQLArgument argument(String name, GraphQLInputType type, String description) {
    return GraphQLArgument.newArgument().name(name).type(type).description(description).build();
  }
}
