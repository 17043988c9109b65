package dev.stave.server.graphql;

import static graphql.schema.GraphQLNonNull.nonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.document.Document;
import dev.stave.json.JsonMask;
import graphql.Scalars;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLOutputType;

/** The fields that every document has, whatever its type. Their source is a {@link Document}. */
final class DocumentFields implements SchemaPart {

  @Override
  public void addTo(SchemaParts parts) {
    parts.type(JsonScalars.JSON).type(JsonScalars.NUMBER);
    parts.type(Scalars.GraphQLID).type(Scalars.GraphQLInt);
    parts.documentField(
        field("_id", nonNull(Scalars.GraphQLID), "Its id.").build(), beside(Document::id));
    parts.documentField(
        field("_revision", nonNull(Scalars.GraphQLString), "Its revision, the winner.").build(),
        beside(document -> document.revision().toString()));
    parts.documentField(
        field("_json", nonNull(JsonScalars.JSON), "All of its body.").build(),
        of(document -> document.body().sharedTree()));
    parts.documentField(
        field("_get", JsonScalars.JSON, "The first value at a path, whatever its type.")
            .argument(
                SchemaParts.argument(
                    "path",
                    nonNull(Scalars.GraphQLString),
                    "As selectors write it: address.city, tags.0, items[].price."))
            .build(),
        DocumentFields::valueAt);
  }

  /** The document that a field is asked of. */
  static Document source(DataFetchingEnvironment environment) {
    Document document = environment.getSource();
    if (document == null) {
      throw new IllegalStateException("a field of a document is asked of none");
    }
    return document;
  }

  /** What is not in the body. */
  private static DataFetcher<?> beside(java.util.function.Function<Document, Object> value) {
    return new PartialFetcher(JsonMask.NOTHING, of(value));
  }

  private static DataFetcher<Object> of(java.util.function.Function<Document, Object> value) {
    return environment -> value.apply(source(environment));
  }

  @SuppressWarnings("NullAway") // a field without a value is null to the engine
  private static Object valueAt(DataFetchingEnvironment environment) {
    String path = environment.getArgument("path");
    JsonNode body = source(environment).body().sharedTree();
    return path == null ? null : Paths.parse("path", path).first(body);
  }

  static GraphQLFieldDefinition.Builder field(
      String name, GraphQLOutputType type, String description) {
    return GraphQLFieldDefinition.newFieldDefinition()
        .name(name)
        .type(type)
        .description(description);
  }
}
