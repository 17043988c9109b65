package dev.stave.sync;

import dev.stave.database.Database;
import dev.stave.merge.MergePolicy;
import dev.stave.review.MergeOutcome;
import dev.stave.review.MergeRequest;
import dev.stave.review.MergeRequests;
import java.util.Collection;
import java.util.Optional;

/**
 * Merges conflicts of a replica as they come, as far as they fit by a policy. The others stay open,
 * for somebody to settle.
 */
final class PulledConflicts {

  private final MergeRequests requests;
  private final MergePolicy policy;

  PulledConflicts(Database replica, MergePolicy policy) {
    this.requests = MergeRequests.of(replica);
    this.policy = policy;
  }

  void mergeAll() {
    requests.open().forEach(this::merge);
  }

  void merge(Collection<String> documents) {
    documents.forEach(id -> requests.openOf(id).ifPresent(this::merge));
  }

  /** Of several branches one at a time. */
  private void merge(MergeRequest request) {
    Optional<MergeRequest> next = Optional.of(request);
    while (next.isPresent()
        && requests.mergeByPolicy(next.get(), policy) instanceof MergeOutcome.Merged) {
      next = requests.openOf(request.document());
    }
  }
}
