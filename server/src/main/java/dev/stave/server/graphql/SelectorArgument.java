package dev.stave.server.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.InvalidJsonException;
import dev.stave.json.JsonObject;
import dev.stave.query.Selector;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLArgument;
import java.nio.charset.StandardCharsets;

/** The argument {@code selector}: which documents, as CouchDB's Mango has it. */
final class SelectorArgument {

  private static final String NAME = "selector";

  /** A name in GraphQL has no dollar, so that a literal object could not say what is wanted. */
  static final GraphQLArgument ARGUMENT =
      SchemaParts.argument(
          NAME,
          JsonScalars.JSON,
          "A selector, as of CouchDB's Mango: as text, `\"{\\\"year\\\": {\\\"$gt\\\": 1900}}\"`,"
              + " or as a variable that is the object.");

  private SelectorArgument() {}

  /**
   * Those of {@code documents} that the field is asked for.
   *
   * @throws GraphQLException if what it is given is no JSON
   * @throws dev.stave.query.InvalidSelectorException if that is no selector
   */
  static Selector in(DataFetchingEnvironment field, Selector documents) {
    JsonNode given = field.getArgument(NAME);
    if (given == null) {
      return documents;
    }
    Selector asked = Selector.of(given.isTextual() ? parsed(given.textValue()) : given);
    return documents.equals(Selector.everything()) ? asked : documents.and(asked);
  }

  private static JsonNode parsed(String text) {
    try {
      return JsonObject.parseValue(text.getBytes(StandardCharsets.UTF_8));
    } catch (InvalidJsonException e) {
      throw new GraphQLException(
          ErrorCode.INVALID_SELECTOR, "the selector is no JSON: " + e.getMessage());
    }
  }
}
