package dev.stave.server.graphql;

import dev.stave.changes.ChangesFeed;
import dev.stave.database.Database;
import dev.stave.server.graphql.catalogue.Catalogue;
import dev.stave.server.graphql.live.LiveSources;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a schema up with the data. What was committed the {@link Catalogue} looks at a moment
 * later, on a thread of its own, or at once for a request that needs it. If it has more to tell
 * then, the next schema is put together and takes the place of the one before. Any thread may ask.
 */
final class SchemaKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaKeeper.class);

  /** What is committed within this time is looked at together. */
  static final long DELAY_MILLIS = 100;

  private final Database database;
  private final GraphQLOptions options;
  private final LiveSources live;
  private final SchemaAssembly assembly;
  private final Catalogue catalogue;
  private final ScheduledThreadPoolExecutor executor;
  private final ChangesFeed.Subscription commits;
  private final AtomicBoolean isDue = new AtomicBoolean();
  private volatile Answering current;
  private volatile boolean isClosed;
  private long shown; // the version of the catalogue that the schema has; guarded by its lock

  SchemaKeeper(Database database, GraphQLOptions options, LiveSources live) {
    this.live = live;
    this.database = database;
    this.options = options;
    this.assembly = new SchemaAssembly(options);
    this.executor = executor();
    SchemaParts fixed = assembly.fixed();
    this.catalogue = Catalogue.of(database, options.terms(), fixed::hasType, fixed::hasField);
    boolean isReady = false;
    catalogue.lock().lock();
    try {
      this.shown = catalogue.version();
      this.current = answering();
      this.commits = database.onCommit(sequence -> lookLater());
      isReady = true;
    } finally {
      catalogue.lock().unlock();
      if (!isReady) {
        catalogue.close();
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
      if (!isClosed && catalogue.lock().tryLock(options.timeMillis(), TimeUnit.MILLISECONDS)) {
        try {
          catchUp(() -> System.nanoTime() - end < 0);
        } finally {
          catalogue.lock().unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return current;
  }

  /** The schema as it is; empty if there is more to see than it has seen. */
  Optional<KnownSchema> known() {
    catalogue.lock().lock();
    try {
      return catalogue.version() == shown
          ? Optional.of(
              new KnownSchema(database.uuid(), catalogue.seen(), options, current.schema()))
          : Optional.empty();
    } finally {
      catalogue.lock().unlock();
    }
  }

  private void lookLater() {
    if (!isClosed && isDue.compareAndSet(false, true)) {
      executor.schedule(this::look, DELAY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    isDue.set(false); // first: what is committed from here on is looked at again
    catalogue.lock().lock();
    try {
      catchUp(() -> true);
    } catch (RuntimeException e) {
      if (!isClosed) {
        LOG.error("GraphQL: the schema could not follow the data; it stays as it was", e);
      }
    } finally {
      catalogue.lock().unlock();
    }
  }

  /** Looks at what was committed before, for as long as {@code hasTime} and it is not closed. */
  private void catchUp(BooleanSupplier hasTime) {
    if (isClosed) {
      return;
    }
    catalogue.follow(() -> !isClosed && hasTime.getAsBoolean());
    long version = catalogue.version(); // others of the database have it grow, too
    if (version != shown && !isClosed) {
      current = answering();
      shown = version; // last: what cannot be put together is tried again
    }
  }

  private Answering answering() {
    return new Answering(assembly.schema(catalogue, false), database, options, live);
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
    catalogue.close();
  }
}
