package dev.stave.server.graphql;

import dev.stave.changes.Change;
import dev.stave.changes.ChangesFeed;
import dev.stave.database.Database;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The changes of a database from one sequence on, a page at a time. */
final class LiveChanges implements LivePublisher.Source<DocumentChange> {

  private static final int PAGE = 100;

  private final Database database;
  private final @Nullable Set<String> ids;
  private final Queue<Change> page = new ArrayDeque<>(1);
  private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();
  private final ChangesFeed.Subscription subscription;
  private long at;

  LiveChanges(Database database, long since, @Nullable Set<String> ids) {
    this.database = database;
    this.ids = ids;
    this.at = since;
    this.subscription = database.onCommit(sequence -> wake());
  }

  private void wake() {
    Runnable task = waiting.getAndSet(null);
    if (task != null) {
      task.run();
    }
  }

  @Override
  public @Nullable DocumentChange poll() {
    while (true) {
      Change next = page.poll();
      if (next == null) {
        page.addAll(database.changes(at, PAGE));
        next = page.poll();
      }
      if (next == null) {
        return null;
      }
      at = next.sequence();
      if (ids == null || ids.contains(next.id())) {
        return new DocumentChange(database, next);
      }
    }
  }

  @Override
  public void whenReady(Runnable task) {
    waiting.set(task);
    if (database.lastSequence() > at) { // since it was polled
      wake();
    }
  }

  @Override
  public void close() {
    waiting.set(null);
    subscription.close();
  }
}
