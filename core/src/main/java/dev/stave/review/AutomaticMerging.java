package dev.stave.review;

import dev.stave.StaveException;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.document.Document;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Merges by policy what fits, as conflicts come about, on a thread of its own: first those that are
 * open, then each that a write brings. What is held back is tried again when its document, a
 * comment on it or the rules are written. Close it to end it.
 *
 * <p>Several peers may do so at once: they make the same merges.
 */
public final class AutomaticMerging implements AutoCloseable {

  private final MergeRequests requests;
  private final BiConsumer<MergeRequest, MergeOutcome> listener;
  private final Follower follower;

  /**
   * Begins.
   *
   * @param listener takes what came of each request that was looked at, on the thread that merges;
   *     what it throws ends the merging
   */
  public static AutomaticMerging start(
      MergeRequests requests, BiConsumer<MergeRequest, MergeOutcome> listener) {
    AutomaticMerging merging = new AutomaticMerging(requests, listener);
    merging.follower.start();
    return merging;
  }

  private AutomaticMerging(
      MergeRequests requests, BiConsumer<MergeRequest, MergeOutcome> listener) {
    this.requests = requests;
    this.listener = listener;
    this.follower =
        new Follower(requests.database(), "stave-merging", this::mergeAll, this::mergeChanged);
  }

  private void mergeAll() {
    for (MergeRequest request : requests.open()) {
      if (!follower.isClosed()) {
        merge(request);
      }
    }
  }

  private void mergeChanged(List<Change> changes) {
    Database database = requests.database();
    Set<String> documents = new LinkedHashSet<>();
    for (Change change : changes) {
      String id = change.id();
      if (id.equals(ReviewRules.DOCUMENT)) {
        mergeAll();
      } else if (id.startsWith(Comment.PREFIX)) {
        database.get(id).map(AutomaticMerging::documentOf).ifPresent(documents::add);
      } else {
        documents.add(id);
      }
    }
    for (String id : documents) {
      if (!follower.isClosed()) {
        requests.openOf(id).ifPresent(this::merge);
      }
    }
  }

  private static String documentOf(Document comment) {
    String document = comment.body().sharedTree().path("document").asText();
    try {
      return Document.checkId(document);
    } catch (StaveException e) {
      return comment.id(); // it is about nothing
    }
  }

  private void merge(MergeRequest request) {
    MergeOutcome outcome;
    try {
      outcome = requests.mergeByPolicy(request);
    } catch (StaveException | IllegalStateException | IllegalArgumentException e) {
      outcome = new MergeOutcome.Held(List.of("it cannot be merged: " + e.getMessage()));
    }
    listener.accept(request, outcome);
    if (outcome instanceof MergeOutcome.Merged) {
      requests.openOf(request.document()).ifPresent(this::merge); // of several, one at a time
    }
  }

  /**
   * Returns when all that was committed before is looked at, or it was closed.
   *
   * @throws IllegalStateException if it has ended of a failure, such as a disk's
   */
  public void await() {
    follower.await();
  }

  /** Ends it; waits for the merge that is under way. */
  @Override
  public void close() {
    follower.close();
  }
}
