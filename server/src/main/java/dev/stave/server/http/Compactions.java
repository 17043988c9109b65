package dev.stave.server.http;

import dev.stave.database.Database;
import dev.stave.storage.StorageClosedException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compactions in the background, one after another, so that they leave the disk to others. */
final class Compactions implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Compactions.class);

  /** Those that wait or run. */
  private final Set<Database> running = ConcurrentHashMap.newKeySet();

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "stave-compact");
            made.setDaemon(true);
            return made;
          });

  /** Begins one, unless there is one for {@code database} already. */
  void begin(Database database) {
    if (!running.add(database)) {
      return;
    }
    try {
      thread.execute(() -> compact(database));
    } catch (RejectedExecutionException e) {
      running.remove(database); // the server is stopping
    }
  }

  boolean isRunning(Database database) {
    return running.contains(database);
  }

  private void compact(Database database) {
    try {
      database.compact();
    } catch (StorageClosedException e) {
      LOG.debug("the database was closed or deleted meanwhile", e);
    } catch (RuntimeException e) {
      LOG.warn("a compaction failed, and nothing is lost: {}", e.getMessage());
    } finally {
      running.remove(database);
    }
  }

  /** Begins none any more. The one under way ends when its database is closed. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
