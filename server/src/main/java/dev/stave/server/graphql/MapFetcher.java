package dev.stave.server.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.LightDataFetcher;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what no fetcher was named for: what the field itself knows to fetch; an object, where all
 * of it is asked for; or of a {@code Map} the member of the field's name.
 */
final class MapFetcher implements LightDataFetcher<@Nullable Object> {

  /** The field of all of an object in a document. */
  static final String WHOLE = "_json";

  @Override
  public @Nullable Object get(
      GraphQLFieldDefinition field, Object source, Supplier<DataFetchingEnvironment> environment) {
    MemberFetcher member = MemberField.fetcherOf(field);
    if (member != null) {
      return member.get(field, source, environment);
    }
    if (source instanceof JsonNode object && field.getName().equals(WHOLE)) {
      return object;
    }
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
