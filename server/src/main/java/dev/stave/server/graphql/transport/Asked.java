package dev.stave.server.graphql.transport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.InvalidJsonException;
import dev.stave.json.JsonObject;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.Parameters;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks, before anybody looks whether it makes sense.
 *
 * @param query null if it is one that was told before, see {@link PersistedQueries}
 * @param operation which of the operations in it; null if there is one
 * @param variables none if the client has said none
 * @param extensions what the client says beside
 */
record Asked(
    @Nullable String query,
    @Nullable String operation,
    ObjectNode variables,
    ObjectNode extensions) {

  /**
   * Of the members that GraphQL over HTTP names.
   *
   * @throws HttpException 400 if one of them is of another type
   */
  static Asked of(JsonNode json) {
    if (!json.isObject()) {
      throw HttpException.badRequest("a request is a JSON object with a `query`");
    }
    return new Asked(
        text(json, "query"),
        text(json, "operationName"),
        object(json, "variables"),
        object(json, "extensions"));
  }

  /** Of the parameters of a URL. */
  static Asked of(Parameters parameters) {
    return new Asked(
        parameters.text("query").orElse(null),
        parameters.text("operationName").filter(name -> !name.isEmpty()).orElse(null),
        object(parameters, "variables"),
        object(parameters, "extensions"));
  }

  private static @Nullable String text(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw HttpException.badRequest("`" + name + "` is a string");
    }
    return value.textValue();
  }

  private static ObjectNode object(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (value instanceof ObjectNode object) {
      return object;
    }
    throw HttpException.badRequest("`" + name + "` is a JSON object");
  }

  private static ObjectNode object(Parameters parameters, String name) {
    String text = parameters.text(name).filter(value -> !value.isBlank()).orElse("null");
    ObjectNode around = JsonNodeFactory.instance.objectNode();
    try {
      around.set(name, JsonObject.parseValue(text.getBytes(StandardCharsets.UTF_8)));
    } catch (InvalidJsonException e) {
      throw HttpException.badRequest("`" + name + "` is not JSON: " + e.getMessage());
    }
    return object(around, name);
  }

  /** The hash of a query that was told before, or is; missing if there is none. */
  JsonNode persisted() {
    JsonNode persisted = extensions.path("persistedQuery");
    return persisted.isObject() ? persisted : MissingNode.getInstance();
  }
}
