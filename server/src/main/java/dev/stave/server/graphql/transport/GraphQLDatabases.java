package dev.stave.server.graphql.transport;

import dev.stave.StaveException;
import dev.stave.database.Database;
import dev.stave.database.ForkException;
import dev.stave.document.Document;
import dev.stave.revision.RevisionId;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.graphql.ErrorCode;
import dev.stave.server.graphql.GraphQL;
import dev.stave.server.graphql.GraphQLOptions;
import dev.stave.server.graphql.GraphQLSettings;
import dev.stave.storage.StorageClosedException;
import dev.stave.storage.StorageInUseException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GraphQL of each database, made when it is first asked for, and anew when the database says
 * something else of it. Any thread may call any method.
 */
final class GraphQLDatabases implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GraphQLDatabases.class);

  private static final int TURNS = 64;

  private static final String CHANGED =
      "what " + GraphQLSettings.DOCUMENT + " says was changed: subscribe again, since your cursor";

  /**
   * What cannot be made is tried again when so much time has passed, if nothing else has changed.
   */
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);

  /**
   * What was made of a database, or why nothing was.
   *
   * @param settings by which it was; null for none
   */
  private record Open(
      @Nullable RevisionId settings,
      @Nullable GraphQL graphql,
      @Nullable RuntimeException failure,
      long sequence,
      long nanos) {

    /** Whether it is what would be made now, for all that is known. */
    boolean isOf(Database database, @Nullable RevisionId now) {
      boolean isWorthATry =
          failure != null
              && (database.lastSequence() != sequence || System.nanoTime() - nanos > RETRY_NANOS);
      return Objects.equals(settings, now) && !isWorthATry;
    }

    void close(String why) {
      if (graphql != null) {
        graphql.close(why);
      }
    }
  }

  private final GraphQLOptions options;
  private final ConcurrentMap<Database, Open> open = new ConcurrentHashMap<>();
  private final Set<Database> dropped =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
  private final ForkSchemas forkSchemas = new ForkSchemas();
  private volatile boolean closed;

  /** Whoever asks for a fork has its turn; few forks share one. */
  private final ReentrantLock[] turns = new ReentrantLock[TURNS];

  GraphQLDatabases(Databases databases, HttpLimits limits) {
    this.options = options(limits);
    Arrays.setAll(turns, i -> new ReentrantLock());
    databases.beforeDrop(this::forget);
  }

  /** What a request may cost: no more time than any query, and no more than is usual. */
  static GraphQLOptions options(HttpLimits limits) {
    long usual = GraphQLOptions.DEFAULT.timeMillis();
    return GraphQLOptions.DEFAULT.timeMillis(Math.max(1, Math.min(usual, limits.queryMillis())));
  }

  GraphQL of(Database database) {
    Optional<Document> settings = database.get(GraphQLSettings.DOCUMENT);
    RevisionId revision = settings.map(Document::revision).orElse(null);
    Open known = open.get(database);
    if (known == null || !known.isOf(database, revision)) {
      known = open.compute(database, (same, before) -> anew(same, before, settings, revision));
    }
    if (known.graphql() == null) {
      throw new IllegalStateException("there is no GraphQL of the database", known.failure());
    }
    return known.graphql();
  }

  /** Others wait for it, of this database. */
  private Open anew(
      Database database,
      @Nullable Open before,
      Optional<Document> settings,
      @Nullable RevisionId revision) {
    if (before != null && before.isOf(database, revision)) {
      return before;
    }
    if (closed || dropped.contains(database)) {
      throw new StorageClosedException("the database was closed or deleted");
    }
    long sequence = database.lastSequence();
    GraphQL made = null;
    RuntimeException failure = null;
    try {
      made = made(database, settings);
    } catch (RuntimeException e) { // which takes as long as it does: not for each request anew
      LOG.error("the GraphQL of a database cannot be made", e);
      failure = e;
    }
    if (before != null) {
      before.close(CHANGED); // what it is asked yet is answered
    }
    return new Open(revision, made, failure, sequence, System.nanoTime());
  }

  private GraphQL made(Database database, Optional<Document> settings) {
    if (settings.isPresent()) {
      try {
        return GraphQL.of(database, GraphQLSettings.of(options, settings.get().body()));
      } catch (IllegalArgumentException | StaveException e) {
        LOG.warn("{} is left out: {}", GraphQLSettings.DOCUMENT, e.getMessage());
      }
    }
    return GraphQL.of(database, options);
  }

  /**
   * What {@code work} makes of a fork, which is open for that alone, as a database of its own.
   * Others who ask for it meanwhile wait, for as long as a request may take.
   *
   * @throws HttpException if there is no such fork, or somebody else has it open
   */
  <T> T inFork(Database database, String name, Function<GraphQL, T> work) {
    ReentrantLock turn = turns[Math.floorMod(Objects.hash(database, name), turns.length)];
    try {
      if (!turn.tryLock(options.timeMillis(), TimeUnit.MILLISECONDS)) {
        throw inUse();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw inUse();
    }
    try (Database fork = opened(database, name);
        GraphQL graphql = ofFork(fork)) {
      T done = work.apply(graphql);
      graphql.known().ifPresent(forkSchemas::keep);
      return done;
    } finally {
      turn.unlock();
    }
  }

  /** Its settings are of it: if nothing was committed, they are the same. */
  private GraphQL ofFork(Database fork) {
    return forkSchemas
        .find(fork)
        .map(known -> GraphQL.of(fork, known))
        .orElseGet(() -> made(fork, fork.get(GraphQLSettings.DOCUMENT)));
  }

  private static HttpException inUse() {
    return new HttpException(
        503, "service_unavailable", "somebody else has the fork open: try again");
  }

  private static Database opened(Database database, String fork) {
    try {
      return database.forks().open(fork);
    } catch (ForkException e) {
      throw new HttpException(404, ErrorCode.NOT_FOUND.name(), String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw HttpException.badRequest(String.valueOf(e.getMessage()));
    } catch (StorageInUseException e) {
      throw inUse();
    }
  }

  private void forget(Database database) {
    dropped.add(database);
    Open known = open.remove(database);
    if (known != null) {
      known.close("the database was deleted");
    }
  }

  @Override
  public void close() {
    closed = true;
    open.values().forEach(each -> each.close("the server stops: try again"));
    open.clear();
  }
}
