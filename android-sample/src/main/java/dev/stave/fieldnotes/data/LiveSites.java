package dev.stave.fieldnotes.data;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.query.Selector;
import dev.stave.watch.Watch;
import dev.stave.watch.WatchBehindException;
import dev.stave.watch.WatchEvent;
import java.text.Collator;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The sites that match a search, as a live query: they are read once, and from then on Stave says
 * what each commit changed of them. For one thread, which is not the main one. Close it.
 */
public final class LiveSites implements AutoCloseable {

  private final Database database;
  private final Selector wanted;
  private final Map<String, Document> found = new HashMap<>();
  private Watch watch;

  LiveSites(Database database, Selector wanted) {
    this.database = database;
    this.wanted = wanted;
    this.watch = begin();
  }

  private Watch begin() {
    found.clear();
    return database.watch(wanted, document -> found.put(document.id(), document));
  }

  /** Those that match now, by name as people sort names. */
  public List<Site> now() {
    try {
      for (Optional<WatchEvent> next = watch.poll(); next.isPresent(); next = watch.poll()) {
        take(next.get());
      }
    } catch (WatchBehindException e) { // more came than is kept for us: read them again
      watch.close();
      watch = begin();
    }
    return found.values().stream()
        .map(Site::of)
        .sorted(Comparator.comparing(Site::name, Collator.getInstance()))
        .collect(Collectors.toList());
  }

  private void take(WatchEvent event) {
    if (event instanceof WatchEvent.Added added) {
      found.put(added.document().id(), added.document());
    } else if (event instanceof WatchEvent.Changed changed) {
      found.put(changed.document().id(), changed.document());
    } else if (event instanceof WatchEvent.Removed removed) {
      found.remove(removed.id());
    }
  }

  /**
   * Calls {@code listener} once, as soon as {@link #now} may say something else: on the thread that
   * commits, which must not be held up.
   */
  public void whenChanged(Runnable listener) {
    watch.whenReady(listener);
  }

  @Override
  public void close() {
    watch.close();
  }
}
