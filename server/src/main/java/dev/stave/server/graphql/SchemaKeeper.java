package dev.stave.server.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.changes.Change;
import dev.stave.changes.ChangesFeed;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.query.KindShapes;
import dev.stave.server.graphql.live.LiveSources;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the schema up with the data: begins with what the index knows, and looks then at each
 * document that changes, on a thread of its own. A schema is built only when something new was
 * seen. Any thread may ask for it.
 */
final class SchemaKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaKeeper.class);

  /** What is committed within this time is looked at together. */
  static final long DELAY_MILLIS = 100;

  /** Documents that are looked at before their fields are given. */
  private static final int BATCH = 1_000;

  /** And so many bytes of them: what is seen of a document may take more memory than it. */
  private static final long BATCH_BYTES = 4 << 20;

  /** If more documents changed than this, the index tells it sooner than they do. */
  private static final int MANY = 20_000;

  private final Database database;
  private final GraphQLOptions options;
  private final LiveSources live;
  private final SchemaAssembly assembly;
  private final SharedCatalogue shared;
  private final ScheduledThreadPoolExecutor executor;
  private final ChangesFeed.Subscription commits;
  private final AtomicBoolean isDue = new AtomicBoolean();
  private volatile Answering current;
  private volatile boolean isClosed;

  // guarded by the lock of the catalogue, as that is
  private final Catalogue catalogue;
  private long seen; // the sequence up to which it has looked
  private Declarations declarations = Declarations.NONE;
  private int typesDeclared; // types that had been given when it was declared last
  private boolean isOutdated; // what is declared is not what the schema has
  private long shown; // the version of the catalogue that the schema has

  SchemaKeeper(Database database, GraphQLOptions options, LiveSources live) {
    this.live = live;
    this.database = database;
    this.options = options;
    this.assembly = new SchemaAssembly(options);
    this.executor = executor();
    this.shared = SharedCatalogue.join(database, options, assembly.fixed());
    boolean isReady = false;
    shared.lock().lock();
    try {
      this.catalogue = shared.catalogue();
      Map<@Nullable String, Observed> shapes = new LinkedHashMap<>();
      this.seen = lookAtIndex(shapes);
      catalogue.grow(database, options, shapes);
      growDeclared();
      this.shown = catalogue.version(database);
      this.current = new Answering(assembly.schema(catalogue, false), database, options, live);
      this.isOutdated = false;
      this.commits = database.onCommit(sequence -> lookLater());
      isReady = true;
    } finally {
      shared.lock().unlock();
      if (!isReady) {
        shared.leave(database, options);
      }
    }
    lookLater(); // at what was committed meanwhile
  }

  private static ScheduledThreadPoolExecutor executor() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "stave-graphql-schema");
              thread.setDaemon(true);
              return thread;
            });
    executor.setKeepAliveTime(10, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    // a commit beside close has nobody to tell any more, and must not fail for it
    executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    return executor;
  }

  /** The newest schema that is ready. */
  Answering current() {
    return current;
  }

  /**
   * One that has seen all that was committed before; or the newest that is ready, if there is more
   * to see than a request has time for.
   */
  Answering newest() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(options.timeMillis());
    try {
      if (!isClosed && shared.lock().tryLock(options.timeMillis(), TimeUnit.MILLISECONDS)) {
        try {
          catchUp(() -> System.nanoTime() - end < 0);
        } finally {
          shared.lock().unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return current;
  }

  private void lookLater() {
    if (!isClosed && isDue.compareAndSet(false, true)) {
      executor.schedule(this::look, DELAY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    isDue.set(false); // first: what is committed from here on is looked at again
    shared.lock().lock();
    try {
      catchUp(() -> true);
    } catch (RuntimeException e) {
      if (!isClosed) {
        LOG.error("GraphQL: the schema could not follow the data; it stays as it was", e);
      }
    } finally {
      shared.lock().unlock();
    }
  }

  /** Looks at what was committed before, for as long as {@code hasTime} and it is not closed. */
  private void catchUp(BooleanSupplier hasTime) {
    if (isClosed) {
      return;
    }
    long last = hasTime.getAsBoolean() ? database.lastSequence() : seen;
    while (seen < last && !isClosed && hasTime.getAsBoolean()) {
      Map<@Nullable String, Observed> shapes = new LinkedHashMap<>();
      long to = last - seen > MANY ? lookAtIndex(shapes) : lookAtChanges(shapes, last);
      catalogue.grow(database, options, shapes);
      seen = to; // last: what cannot be written down is looked at again
    }
    growDeclared();
    long version = catalogue.version(database); // others of the database have it grow, too
    if ((isOutdated || version != shown) && !isClosed) {
      current = new Answering(assembly.schema(catalogue, false), database, options, live);
      isOutdated = false;
      shown = version;
    }
  }

  /** Gives what JSON Schemas say, if that or the types are others now. */
  private void growDeclared() {
    Declarations now = Declarations.of(database, options, declarations);
    boolean areOthers = now != declarations;
    if (areOthers) {
      declarations = now;
      assembly.declare(now);
      isOutdated = true;
    }
    if (areOthers || typesDeclared != catalogue.types().size()) {
      catalogue.grow(database, options, now.shapes(catalogue.types()));
      typesDeclared = catalogue.types().size();
    }
  }

  /** Returns the sequence up to which it was looked. */
  private long lookAtIndex(Map<@Nullable String, Observed> shapes) {
    KindShapes known = database.kindShapes(options.typePath().toString(), options.maxTypes());
    for (KindShapes.KindShape kind : known.kinds()) {
      Observed bodies = bodies(shapes, kind.name());
      for (KindShapes.PathTypes path : kind.paths()) {
        if (!path.path().isId()) {
          bodies.add(path.path(), path.types(), path.documents());
        }
      }
    }
    return known.sequence();
  }

  private long lookAtChanges(Map<@Nullable String, Observed> shapes, long last) {
    List<Change> changes = database.changes(seen, BATCH);
    long bytes = 0;
    for (Change change : changes) {
      if (bytes > BATCH_BYTES) {
        return change.sequence() - 1;
      }
      if (!change.deleted() && !Document.isDesign(change.id())) {
        Document document = database.get(change.id()).orElse(null);
        if (document != null) {
          JsonNode body = document.body().sharedTree();
          bodies(shapes, typeOf(body)).add(body);
          bytes += document.body().size();
        }
      }
    }
    return changes.size() < BATCH ? last : changes.get(changes.size() - 1).sequence();
  }

  private @Nullable String typeOf(JsonNode body) {
    JsonNode type = options.typePath().first(body);
    return type == null ? null : type.textValue();
  }

  private static Observed bodies(Map<@Nullable String, Observed> shapes, @Nullable String type) {
    return shapes.computeIfAbsent(type, key -> new Observed());
  }

  /** Waits for a look under way: whoever joins next finds all that it wrote. */
  @Override
  public void close() {
    commits.close();
    executor.shutdown();
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
    }
    shared.leave(database, options);
  }
}
