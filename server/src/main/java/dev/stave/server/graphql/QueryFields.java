package dev.stave.server.graphql;

import static dev.stave.server.graphql.DocumentFields.field;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import dev.stave.query.Selector;
import graphql.Scalars;
import graphql.schema.DataFetchingEnvironment;

/** What can be asked of any database: a document, and all of them. */
final class QueryFields implements SchemaPart {

  @Override
  public void addTo(SchemaParts parts) {
    parts.query(
        field("document", typeRef(SchemaParts.DOCUMENT), "The document of an id; null if none.")
            .argument(SchemaParts.argument("id", nonNull(Scalars.GraphQLID), "Its id."))
            .build(),
        QueryFields::document);
    String connection = Connections.addFor(parts, SchemaParts.DOCUMENT);
    parts.query(
        field("documents", nonNull(typeRef(connection)), "Documents of every type.")
            .arguments(Connections.arguments())
            .build(),
        environment -> Connections.page(environment, Selector.everything()));
  }

  private static Object document(DataFetchingEnvironment environment) {
    String id = String.valueOf(environment.<Object>getArgument("id"));
    return RequestContext.document(environment, id)
        .thenApply(found -> AskedMembers.narrowed(environment, found));
  }
}
