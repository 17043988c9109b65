package dev.stave.review;

import dev.stave.changes.Change;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells of merge requests on a thread of its own: first of all that are open, then of each that
 * opens, gets other sides or is settled, as it stands by then. Close it to end it.
 */
public final class MergeRequestWatch implements AutoCloseable {

  private final MergeRequests requests;
  private final Consumer<MergeRequest> listener;
  private final Map<String, MergeRequest> open = new HashMap<>(); // as told, by document
  private final Follower follower;

  MergeRequestWatch(MergeRequests requests, Consumer<MergeRequest> listener) {
    this.requests = requests;
    this.listener = listener;
    this.follower =
        new Follower(requests.database(), "stave-merge-watch", this::tellAll, this::tellChanged);
    follower.start();
  }

  private void tellAll() {
    requests.open().forEach(this::tell);
  }

  private void tell(MergeRequest request) {
    if (request.state() == MergeRequest.State.OPEN) {
      open.put(request.document(), request);
    }
    listener.accept(request);
  }

  private void tellChanged(List<Change> changes) {
    Set<String> documents = new LinkedHashSet<>();
    changes.forEach(change -> documents.add(change.id()));
    for (String id : documents) {
      MergeRequest before = open.get(id);
      MergeRequest now = requests.openOf(id).orElse(null);
      if (now != null && !now.equals(before)) {
        tell(now);
      } else if (now == null && before != null) {
        open.remove(id);
        requests.of(id).stream()
            .filter(r -> r.id().equals(before.id()))
            .findFirst()
            .ifPresent(this::tell);
      }
    }
  }

  /** Returns when all that was committed before is told. */
  public void await() {
    follower.await();
  }

  @Override
  public void close() {
    follower.close();
  }
}
