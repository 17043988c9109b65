package dev.stave.server.graphql;

import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.Map;

/** Fetches what no fetcher was named for: of a {@code Map}, the member of the field's name. */
final class MemberFetcher implements DataFetcher<Object> {

  @Override
  @SuppressWarnings("NullAway") // a field without a value is null to the engine
  public Object get(DataFetchingEnvironment environment) {
    Object source = environment.getSource();
    if (source instanceof Map<?, ?> map) {
      return map.get(environment.getFieldDefinition().getName());
    }
    throw new IllegalStateException(
        "nobody fetches " + environment.getExecutionStepInfo().getPath());
  }
}
