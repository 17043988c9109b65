package dev.stave.server.graphql;

import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.LightDataFetcher;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Fetches what no fetcher was named for: of a {@code Map}, the member of the field's name. */
final class MapFetcher implements LightDataFetcher<@Nullable Object> {

  @Override
  public @Nullable Object get(
      GraphQLFieldDefinition field, Object source, Supplier<DataFetchingEnvironment> environment) {
    if (source instanceof Map<?, ?> map) {
      return map.get(field.getName());
    }
    throw new IllegalStateException("nobody fetches the field " + field.getName());
  }

  @Override
  public @Nullable Object get(DataFetchingEnvironment environment) {
    Object source = Objects.requireNonNull(environment.getSource());
    return get(environment.getFieldDefinition(), source, () -> environment);
  }
}
