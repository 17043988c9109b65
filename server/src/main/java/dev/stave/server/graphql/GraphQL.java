package dev.stave.server.graphql;

import static graphql.schema.GraphQLTypeReference.typeRef;

import dev.stave.database.Database;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.idl.SchemaPrinter;
import java.util.List;

/**
 * A database as GraphQL. The schema is what the documents look like, and grows with them; nobody
 * writes one. Any thread may ask; each request runs on the thread that asks.
 *
 * <pre>{@code
 * try (GraphQL graphql = GraphQL.of(database)) {
 *   GraphQLReply reply =
 *       graphql.execute(GraphQLRequest.of("{ lighthouses(first: 3) { nodes { _id name } } }"));
 * }
 * }</pre>
 *
 * <p>Close it before the database.
 */
public final class GraphQL implements AutoCloseable {

  /** What every schema has. Beside it stands what comes from the data. */
  private static final List<SchemaPart> PARTS =
      List.of(new DocumentFields(), new Connections(), new QueryFields());

  /** The type of documents that have none of their own. */
  static final String RECORD = "Record";

  private final Database database;
  private final GraphQLOptions options;
  private volatile Answering answering;

  private GraphQL(Database database, GraphQLOptions options) {
    this.database = database;
    this.options = options;
    this.answering = new Answering(schema(true), database, options);
  }

  /** Of a database, with the usual limits. */
  public static GraphQL of(Database database) {
    return of(database, GraphQLOptions.DEFAULT);
  }

  /** Of a database, with limits of its own. */
  public static GraphQL of(Database database, GraphQLOptions options) {
    return new GraphQL(database, options);
  }

  private static GraphQLSchema schema(boolean isChecked) {
    SchemaParts parts = new SchemaParts();
    PARTS.forEach(part -> part.addTo(parts));
    parts.documentType(
        GraphQLObjectType.newObject()
            .name(RECORD)
            .description("A document without a type, or of one that has no type of its own here.")
            .withInterface(typeRef(SchemaParts.DOCUMENT))
            .fields(parts.documentFields())
            .build());
    parts.resolver(
        SchemaParts.DOCUMENT, environment -> environment.getSchema().getObjectType(RECORD));
    return parts.build(new MemberFetcher(), isChecked);
  }

  /** The schema as it is now, in GraphQL's own language. */
  public String sdl() {
    SchemaPrinter.Options printed =
        SchemaPrinter.Options.defaultOptions()
            .includeScalarTypes(true)
            .includeSchemaDefinition(false)
            .includeDirectiveDefinitions(false);
    return new SchemaPrinter(printed).print(answering.schema());
  }

  /**
   * Answers a request. It never throws for what a client has asked: that is an error in the reply.
   */
  public GraphQLReply execute(GraphQLRequest request) {
    Answering now = answering;
    Answering.Prepared prepared = now.prepare(request);
    if (prepared instanceof Answering.Prepared.Ready ready) {
      return now.run(ready);
    }
    return ((Answering.Prepared.Refused) prepared).reply();
  }

  /** What it was made with. */
  public GraphQLOptions options() {
    return options;
  }

  /** The database that it asks. */
  public Database database() {
    return database;
  }

  @Override
  public void close() {}
}
