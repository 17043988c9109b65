package dev.stave.server.graphql;

import dev.stave.database.Database;
import dev.stave.server.graphql.live.LiveSources;
import graphql.schema.idl.SchemaPrinter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  private final @Nullable KnownSchema known; // before
  private final @Nullable Answering byKnown;
  private volatile @Nullable SchemaKeeper keeper; // null while what was known is all there is
  private boolean isClosed; // guarded by this

  private GraphQL(Database database, GraphQLOptions options, @Nullable KnownSchema known) {
    this.database = database;
    this.options = options;
    this.known = known;
    if (known == null) {
      this.byKnown = null;
      this.keeper = new SchemaKeeper(database, options, live);
    } else {
      this.byKnown = new Answering(known.schema(), database, options, live);
    }
  }

  /** Of a database, with the usual limits. */
  public static GraphQL of(Database database) {
    return of(database, GraphQLOptions.DEFAULT);
  }

  /** Of a database, with limits of its own. */
  public static GraphQL of(Database database, GraphQLOptions options) {
    return new GraphQL(database, options, null);
  }

  /**
   * Of a database that was closed and opened again, by the options that {@code known} was made by.
   *
   * @throws IllegalArgumentException if it is not {@linkplain KnownSchema#isOf its schema}
   */
  public static GraphQL of(Database database, KnownSchema known) {
    if (!known.isOf(database)) {
      throw new IllegalArgumentException(
          "the schema is of another database, or more was committed since");
    }
    return new GraphQL(database, known.options(), known);
  }

  /** The schema as it is now; empty if it is about to become another. */
  public Optional<KnownSchema> known() {
    SchemaKeeper now = keeper;
    return now == null ? Optional.ofNullable(known) : now.known();
  }

  /** The newest schema that is ready. */
  private Answering current() {
    SchemaKeeper now = keeper;
    return now == null ? Objects.requireNonNull(byKnown) : now.current();
  }

  /** One that has seen all that was committed before. */
  private Answering newest() {
    SchemaKeeper now = keeperIfNeeded();
    return now == null ? Objects.requireNonNull(byKnown) : now.newest();
  }

  private synchronized @Nullable SchemaKeeper keeperIfNeeded() {
    if (keeper == null && known != null && !isClosed && !known.isOf(database)) {
      keeper = new SchemaKeeper(database, options, live);
    }
    return keeper;
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
    return new SchemaPrinter(printed).print(newest().schema());
  }

  /**
   * Answers a request. It never throws for what a client has asked: that is an error in the reply.
   *
   * <p>What does not fit the schema as it is, is held against the one that has seen all that was
   * committed before.
   */
  public GraphQLReply execute(GraphQLRequest request) {
    Answering now = current();
    Answering.Prepared prepared = now.prepare(request);
    if (prepared instanceof Answering.Prepared.Refused refused && refused.isForSchema()) {
      Answering newer = newest();
      if (newer != now) {
        now = newer;
        prepared = now.prepare(request);
      }
    }
    if (prepared instanceof Answering.Prepared.Ready ready) {
      return now.run(ready, this::current);
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
    synchronized (this) {
      isClosed = true;
    }
    SchemaKeeper now = keeper;
    if (now != null) {
      now.close();
    }
  }
}
