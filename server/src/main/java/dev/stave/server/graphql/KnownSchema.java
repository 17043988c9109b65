package dev.stave.server.graphql;

import dev.stave.database.Database;
import graphql.schema.GraphQLSchema;

/**
 * The schema of a database, as of one commit: if the database is closed, and opened again with
 * nothing committed since, it need not be made again. It does not hold the database. Immutable.
 */
public final class KnownSchema {

  private final String uuid;
  private final long sequence;
  private final GraphQLOptions options;
  private final GraphQLSchema schema;

  KnownSchema(String uuid, long sequence, GraphQLOptions options, GraphQLSchema schema) {
    this.uuid = uuid;
    this.sequence = sequence;
    this.options = options;
    this.schema = schema;
  }

  /** The {@link Database#uuid} of whose schema it is. */
  public String uuid() {
    return uuid;
  }

  /** Whether it is that of {@code database}, in which nothing was committed since. */
  public boolean isOf(Database database) {
    return uuid.equals(database.uuid()) && sequence == database.lastSequence();
  }

  GraphQLOptions options() {
    return options;
  }

  GraphQLSchema schema() {
    return schema;
  }
}
