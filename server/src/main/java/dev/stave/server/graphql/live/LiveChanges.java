package dev.stave.server.graphql.live;

import dev.stave.changes.Change;
import dev.stave.changes.ChangesFeed;
import dev.stave.database.Database;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The changes of a database from one sequence on, a page at a time. */
public final class LiveChanges implements LivePublisher.Source<DocumentChange> {

  private static final int PAGE = 100;

  /** It looks at so many pages in a row for something to tell. */
  private static final int PAGES = 10;

  private final Database database;
  private final @Nullable Set<String> ids;
  private final Queue<Change> page = new ArrayDeque<>(1);
  private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();
  private final ChangesFeed.Subscription subscription;
  private final LiveSources live;
  private final Runnable ending = this::end;
  private long at;
  private boolean isBehind; // it has not looked at all there is, and was asked long enough
  private volatile boolean isOver;
  private volatile boolean isClosed;

  public LiveChanges(Database database, long since, @Nullable Set<String> ids, LiveSources live) {
    this.database = database;
    this.live = live;
    this.ids = ids;
    this.at = Math.min(since, database.lastSequence());
    this.subscription = database.onCommit(sequence -> wake());
    live.add(ending);
  }

  private void end() {
    isOver = true;
    wake();
  }

  private void wake() {
    Runnable task = waiting.getAndSet(null);
    if (task != null) {
      task.run();
    }
  }

  @Override
  public @Nullable DocumentChange poll() {
    isBehind = false;
    for (int pages = 0; !isClosed; ) {
      live.requireOpen();
      Change next = page.poll();
      if (next == null) {
        isBehind = ++pages > PAGES;
        if (isBehind) {
          return null; // others have their turn
        }
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
    return null;
  }

  @Override
  public void whenReady(Runnable task) {
    waiting.set(task);
    if (isBehind || isOver || database.lastSequence() > at) { // since it was polled
      wake();
    }
  }

  @Override
  public void close() {
    isClosed = true;
    waiting.set(null);
    live.remove(ending);
    subscription.close();
  }
}
