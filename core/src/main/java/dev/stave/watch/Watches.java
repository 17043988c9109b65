package dev.stave.watch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.document.Document;
import dev.stave.index.IndexDelta;
import dev.stave.query.Selector;
import dev.stave.storage.StorageClosedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All watches of one database.
 *
 * <p>Nothing is remembered of which documents a watch holds: for each change the old winner is read
 * beside the new one, and whoever may match either is asked about both. So a watch costs a few
 * hundred bytes whatever it matches, and a change costs the same read with one watch or many.
 */
public final class Watches {

  private final WatchIndex index = new WatchIndex();
  private volatile boolean any;
  private boolean closed;

  /**
   * Begins a watch.
   *
   * @param snapshot looks at the database, and returns the sequence that it saw it at; events later
   *     than that are the watch's
   * @throws StorageClosedException if the database is closed
   */
  public Watch open(Selector selector, LongSupplier snapshot) {
    Watch watch = new Watch(this, selector);
    add(watch); // before the snapshot: what is committed between is told twice, and dropped once
    boolean begun = false;
    try {
      watch.startAfter(snapshot.getAsLong());
      begun = true;
      return watch;
    } finally {
      if (!begun) {
        watch.close();
      }
    }
  }

  private synchronized void add(Watch watch) {
    if (closed) {
      throw new StorageClosedException("the database is closed");
    }
    index.add(watch);
    any = true;
  }

  synchronized void remove(Watch watch) {
    index.remove(watch);
    any = index.size() > 0;
  }

  /** Whether anybody watches. */
  public boolean areAny() {
    return any;
  }

  /**
   * Tells of a commit, once every reader can see it. One thread at a time calls this, in the order
   * of commits.
   *
   * @param version the document at a sequence that the deltas name
   */
  public void committed(List<IndexDelta> deltas, LongFunction<Document> version) {
    if (any) {
      tell(deltas, version);
    }
  }

  private synchronized void tell(List<IndexDelta> deltas, LongFunction<Document> version) {
    try {
      deltas.forEach(delta -> tell(delta, version));
    } catch (RuntimeException | Error e) {
      // The write is durable: it must not look as if it had failed. Those who lack it must know.
      takeAll().forEach(watch -> watch.fail(e));
    }
  }

  private void tell(IndexDelta delta, LongFunction<Document> version) {
    Document before = delta.endedSequence() == 0 ? null : version.apply(delta.endedSequence());
    Document now = delta.body() == null ? null : version.apply(delta.sequence());
    for (Watch watch : index.candidates(delta.id(), treeOf(before), treeOf(now))) {
      boolean matched = matches(watch, before);
      WatchEvent event = event(delta, matched, matches(watch, now) ? now : null);
      if (event != null && !watch.offer(event)) {
        remove(watch);
      }
    }
  }

  private static @Nullable JsonNode treeOf(@Nullable Document document) {
    return document == null ? null : document.body().sharedTree();
  }

  private static boolean matches(Watch watch, @Nullable Document document) {
    return document != null
        && watch.selector().matches(document.id(), document.body().sharedTree());
  }

  private static @Nullable WatchEvent event(
      IndexDelta delta, boolean matched, @Nullable Document matching) {
    if (matching == null) {
      return matched ? new WatchEvent.Removed(delta.sequence(), delta.id()) : null;
    }
    return matched
        ? new WatchEvent.Changed(delta.sequence(), matching)
        : new WatchEvent.Added(delta.sequence(), matching);
  }

  /** Ends all watches, once nothing is committed any more. */
  public synchronized void close() {
    closed = true;
    takeAll().forEach(Watch::databaseClosed);
  }

  private List<Watch> takeAll() {
    List<Watch> all = new ArrayList<>(index.all());
    all.forEach(this::remove);
    return all;
  }
}
