package dev.stave.server.graphql;

import dev.stave.database.Database;
import dev.stave.server.graphql.live.LiveSources;
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
  static final List<SchemaPart> PARTS =
      List.of(
          new DocumentFields(),
          new DocumentHistory(),
          new Connections(),
          new Aggregates(),
          new QueryFields(),
          new DocumentMutations(),
          new MergeRequestTypes(),
          new MergeRequestFields(),
          new ForkFields(),
          new ReplicationFields(),
          new Subscriptions());

  private final Database database;
  private final GraphQLOptions options;
  private final LiveSources live = new LiveSources();
  private final SchemaKeeper schemas;

  private GraphQL(Database database, GraphQLOptions options) {
    this.database = database;
    this.options = options;
    this.schemas = new SchemaKeeper(database, options, live);
  }

  /** Of a database, with the usual limits. */
  public static GraphQL of(Database database) {
    return of(database, GraphQLOptions.DEFAULT);
  }

  /** Of a database, with limits of its own. */
  public static GraphQL of(Database database, GraphQLOptions options) {
    return new GraphQL(database, options);
  }

  /**
   * The schema in GraphQL's own language, with what was committed before. Asked for while documents
   * of new shapes are written, it waits for the schema to have seen them.
   */
  public String sdl() {
    SchemaPrinter.Options printed =
        SchemaPrinter.Options.defaultOptions()
            .includeScalarTypes(true)
            .includeSchemaDefinition(false)
            .includeDirectiveDefinitions(false)
            .includeDirectives("path"::equals);
    return new SchemaPrinter(printed).print(schemas.newest().schema());
  }

  /**
   * Answers a request. It never throws for what a client has asked: that is an error in the reply.
   *
   * <p>What does not fit the schema as it is, is held against the one that has seen all that was
   * committed before.
   */
  public GraphQLReply execute(GraphQLRequest request) {
    Answering now = schemas.current();
    Answering.Prepared prepared = now.prepare(request);
    if (prepared instanceof Answering.Prepared.Refused refused && refused.isForSchema()) {
      Answering newer = schemas.newest();
      if (newer != now) {
        now = newer;
        prepared = now.prepare(request);
      }
    }
    if (prepared instanceof Answering.Prepared.Ready ready) {
      return now.run(ready, schemas::current);
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

  /** Ends the watch on the database. Requests under way are answered. */
  @Override
  public void close() {
    close("the database's GraphQL was closed");
  }

  /** As {@link #close()}; {@code why} is what those hear who listen. */
  public void close(String why) {
    live.end(() -> new GraphQLException(ErrorCode.UNAVAILABLE, why));
    schemas.close();
  }
}
