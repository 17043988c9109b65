package dev.stave.server.graphql.transport;

import dev.stave.database.Database;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.graphql.GraphQL;
import dev.stave.server.graphql.GraphQLOptions;
import dev.stave.storage.StorageClosedException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The GraphQL of each database, made when it is first asked for. Any thread may call any method.
 */
final class GraphQLDatabases implements AutoCloseable {

  private final GraphQLOptions options;
  private final Map<Database, GraphQL> open = new HashMap<>();
  private final Set<Database> dropped = Collections.newSetFromMap(new WeakHashMap<>());
  private boolean closed;

  GraphQLDatabases(Databases databases, HttpLimits limits) {
    this.options = GraphQLOptions.DEFAULT.timeMillis(limits.queryMillis());
    databases.beforeDrop(this::forget);
  }

  synchronized GraphQL of(Database database) {
    if (closed || dropped.contains(database)) {
      throw new StorageClosedException("the database was closed or deleted");
    }
    return open.computeIfAbsent(database, each -> GraphQL.of(each, options));
  }

  private synchronized void forget(Database database) {
    dropped.add(database);
    GraphQL known = open.remove(database);
    if (known != null) {
      known.close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    open.values().forEach(GraphQL::close);
    open.clear();
  }
}
