package dev.stave.server.graphql.transport;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.revision.RevisionId;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.graphql.GraphQL;
import dev.stave.server.graphql.GraphQLOptions;
import dev.stave.server.graphql.GraphQLSettings;
import dev.stave.storage.StorageClosedException;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GraphQL of each database, made when it is first asked for, and anew when the database says
 * something else of it. Any thread may call any method.
 */
final class GraphQLDatabases implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GraphQLDatabases.class);

  /** What is open, and by which settings; null for none. */
  private record Open(@Nullable RevisionId settings, GraphQL graphql) {}

  private final GraphQLOptions options;
  private final ConcurrentMap<Database, Open> open = new ConcurrentHashMap<>();
  private final Set<Database> dropped =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
  private volatile boolean closed;

  GraphQLDatabases(Databases databases, HttpLimits limits) {
    this.options = GraphQLOptions.DEFAULT.timeMillis(Math.max(1, limits.queryMillis()));
    databases.beforeDrop(this::forget);
  }

  GraphQL of(Database database) {
    Optional<Document> settings = database.get(GraphQLSettings.DOCUMENT);
    RevisionId revision = settings.map(Document::revision).orElse(null);
    Open known = open.get(database);
    if (known == null || !Objects.equals(known.settings(), revision)) {
      known = open.compute(database, (same, before) -> anew(same, before, settings, revision));
    }
    return known.graphql();
  }

  /** Others wait for it, of this database. */
  private Open anew(
      Database database,
      @Nullable Open before,
      Optional<Document> settings,
      @Nullable RevisionId revision) {
    if (before != null && Objects.equals(before.settings(), revision)) {
      return before;
    }
    if (closed || dropped.contains(database)) {
      throw new StorageClosedException("the database was closed or deleted");
    }
    GraphQL made = null;
    if (settings.isPresent()) {
      try {
        made = GraphQL.of(database, GraphQLSettings.of(options, settings.get().body()));
      } catch (IllegalArgumentException e) {
        LOG.warn("{} is left out: {}", GraphQLSettings.DOCUMENT, e.getMessage());
      }
    }
    Open now = new Open(revision, made == null ? GraphQL.of(database, options) : made);
    if (before != null) {
      before.graphql().close(); // what it is asked yet is answered
    }
    return now;
  }

  private void forget(Database database) {
    dropped.add(database);
    Open known = open.remove(database);
    if (known != null) {
      known.graphql().close();
    }
  }

  @Override
  public void close() {
    closed = true;
    open.values().forEach(each -> each.graphql().close());
    open.clear();
  }
}
