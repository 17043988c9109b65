package dev.stave.server.graphql.live;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.query.Selector;
import dev.stave.server.graphql.live.LiveEvent.Kind;
import dev.stave.watch.Watch;
import dev.stave.watch.WatchEvent;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the documents that match a selector: what has changed since a sequence in the
 * past first, then what changes.
 */
public final class LiveMatches implements LivePublisher.Source<LiveEvent> {

  private final Database database;
  private final Selector selector;
  private final Watch watch;
  private final LiveSources live;
  private final Runnable ending = this::wake;
  private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();
  private @Nullable LiveChanges past; // null once it is told

  public LiveMatches(Database database, Selector selector, long since, LiveSources live) {
    this.database = database;
    this.selector = selector;
    this.live = live;
    this.watch = database.watch(selector);
    this.past = since < watch.since() ? new LiveChanges(database, since, null, live) : null;
    live.add(ending);
  }

  private void wake() {
    Runnable task = waiting.getAndSet(null);
    if (task != null) {
      task.run();
    }
  }

  @Override
  public @Nullable LiveEvent poll() {
    live.requireOpen();
    while (past != null) {
      DocumentChange change = past.poll();
      if (change == null || change.change().sequence() > watch.since()) {
        past.close();
        past = null;
      } else {
        return then(change.change());
      }
    }
    return watch.poll().map(LiveMatches::event).orElse(null);
  }

  /** What a change comes to for who knows what was there before. */
  private LiveEvent then(Change change) {
    Optional<Document> document = database.get(change.id());
    boolean matches =
        document
            .filter(found -> selector.matches(change.id(), found.body().sharedTree()))
            .isPresent();
    return new LiveEvent(
        matches ? Kind.CHANGED : Kind.REMOVED,
        change.id(),
        change.sequence(),
        matches ? document.orElse(null) : null);
  }

  private static LiveEvent event(WatchEvent event) {
    if (event instanceof WatchEvent.Added added) {
      Document document = added.document();
      return new LiveEvent(Kind.ADDED, document.id(), event.sequence(), document);
    }
    if (event instanceof WatchEvent.Changed changed) {
      Document document = changed.document();
      return new LiveEvent(Kind.CHANGED, document.id(), event.sequence(), document);
    }
    String id = ((WatchEvent.Removed) event).id();
    return new LiveEvent(Kind.REMOVED, id, event.sequence(), null);
  }

  @Override
  public void whenReady(Runnable task) {
    waiting.set(task);
    if (live.isOver()) {
      wake();
    } else {
      watch.whenReady(this::wake);
    }
  }

  @Override
  public void close() {
    live.remove(ending);
    waiting.set(null);
    watch.close();
    LiveChanges before = past;
    if (before != null) {
      before.close();
    }
  }
}
