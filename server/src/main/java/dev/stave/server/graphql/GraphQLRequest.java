package dev.stave.server.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client.
 *
 * @param query the text of the operations
 * @param operationName which of them; null if there is but one
 * @param variables values by name: of JSON's types in Java, or Jackson's {@code JsonNode}. Numbers
 *     keep their digits if they come as {@code BigDecimal} and {@code BigInteger}
 * @param isReadOnly whether a mutation is refused
 * @param context what fetchers may need to know of who asks, by a key of their own
 */
public record GraphQLRequest(
    String query,
    @Nullable String operationName,
    Map<String, @Nullable Object> variables,
    boolean isReadOnly,
    Map<Object, Object> context) {

  public GraphQLRequest {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(variables);
    values.replaceAll(
        (name, value) -> value instanceof JsonNode node ? JavaValues.of(node) : value);
    variables = Collections.unmodifiableMap(values);
    context = Map.copyOf(context);
  }

  /** A request of one operation, without variables. */
  public static GraphQLRequest of(String query) {
    return new GraphQLRequest(query, null, Map.of(), false, Map.of());
  }

  /** With these variables in place of its own. */
  public GraphQLRequest variables(Map<String, @Nullable Object> values) {
    return new GraphQLRequest(query, operationName, values, isReadOnly, context);
  }

  /** Of the operation of this name. */
  public GraphQLRequest operation(@Nullable String name) {
    return new GraphQLRequest(query, name, variables, isReadOnly, context);
  }

  /** One of which a mutation is refused. */
  public GraphQLRequest readOnly() {
    return new GraphQLRequest(query, operationName, variables, true, context);
  }

  /** With {@code value} for fetchers that ask for {@code key}. */
  public GraphQLRequest with(Object key, Object value) {
    Map<Object, Object> more = new LinkedHashMap<>(context);
    more.put(key, value);
    return new GraphQLRequest(query, operationName, variables, isReadOnly, more);
  }
}
