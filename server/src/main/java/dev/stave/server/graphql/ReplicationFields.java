package dev.stave.server.graphql;

import static graphql.Scalars.GraphQLBoolean;
import static graphql.Scalars.GraphQLString;
import static graphql.schema.GraphQLList.list;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import com.fasterxml.jackson.databind.JsonNode;
import graphql.schema.GraphQLFieldDefinition;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The replications that run, for who may see them. */
final class ReplicationFields implements SchemaPart {

  private static final String REPLICATION = "Replication";

  @Override
  public void addTo(SchemaParts parts) {
    new ObjectType<JsonNode>(REPLICATION, "A replication that runs.")
        .field("source", nonNull(GraphQLString), "From where.", text("source"))
        .field("target", nonNull(GraphQLString), "To where.", text("target"))
        .field("continuous", GraphQLBoolean, "If it goes on.", member("continuous"))
        .field("read", JsonScalars.NUMBER, "Revisions that were read.", member("docs_read"))
        .field("written", JsonScalars.NUMBER, "Those that were written.", member("docs_written"))
        .field("refused", JsonScalars.NUMBER, "Dead letters.", member("doc_write_failures"))
        .field(
            "pending",
            JsonScalars.NUMBER,
            "Changes to come; null if not known.",
            member("changes_pending"))
        .field("error", GraphQLString, "Why it does not go on now.", text("error"))
        .addTo(parts);
    parts.query(
        GraphQLFieldDefinition.newFieldDefinition()
            .name("replications")
            .description("The replications that this server runs; for its administrators.")
            .type(nonNull(list(nonNull(typeRef(REPLICATION)))))
            .build(),
        environment -> {
          Object given = RequestContext.of(environment).get(Replications.class);
          return given instanceof Replications known ? known.running() : List.of();
        });
  }

  private static Function<JsonNode, @Nullable Object> member(String name) {
    return json -> JavaValues.of(json.path(name));
  }

  private static Function<JsonNode, @Nullable Object> text(String name) {
    return json -> json.path(name).textValue();
  }
}
