package dev.stave.server.graphql;

import dev.stave.json.JsonMask;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what is in a part of a document's body, or beside it.
 *
 * @param reads the members of the body that it looks at
 */
record PartialFetcher(JsonMask reads, DataFetcher<?> by) implements DataFetcher<@Nullable Object> {

  @Override
  public @Nullable Object get(DataFetchingEnvironment environment) throws Exception {
    return by.get(environment);
  }
}
