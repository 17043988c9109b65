package dev.stave.server.graphql;

import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLOutputType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A type of objects that Java has as {@code T}: each field is a function of one. */
final class ObjectType<T> implements SchemaPart {

  private final String name;
  private final GraphQLObjectType.Builder type;
  private final Map<String, Function<T, @Nullable Object>> fields = new LinkedHashMap<>();

  ObjectType(String name, String description) {
    this.name = name;
    this.type = GraphQLObjectType.newObject().name(name).description(description);
  }

  ObjectType<T> field(
      String field, GraphQLOutputType of, String description, Function<T, @Nullable Object> value) {
    type.field(
        GraphQLFieldDefinition.newFieldDefinition().name(field).type(of).description(description));
    fields.put(field, value);
    return this;
  }

  @Override
  public void addTo(SchemaParts parts) {
    parts.type(type.build());
    fields.forEach(
        (field, value) ->
            parts.fetcher(
                name,
                field,
                environment -> {
                  T source = environment.getSource();
                  return source == null ? null : value.apply(source);
                }));
  }
}
