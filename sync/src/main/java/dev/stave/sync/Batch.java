package dev.stave.sync;

import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.SentRevision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One page of changes, and what of them is still to be written. */
final class Batch {

  /** So many bytes of documents are enough to hold: in memory they take several times as many. */
  static final long BYTES = 2L << 20;

  /** And so many where they are of one transaction: one that is longer arrives in parts. */
  static final long BYTES_TOGETHER = 16L << 20;

  final String lastSequence;
  final boolean hasMore;
  final long pending;
  final Map<String, List<RevisionId>> offered;

  /** The numbers of the transactions of those that are of one. */
  final Map<String, Long> together = new HashMap<>();

  /** Documents of them that are in scope. */
  final List<String> inScope = new ArrayList<>();

  /** Documents of them that are for those only who have them. */
  final List<String> forOwners = new ArrayList<>();

  /** Documents that the target has and that are not in scope any more. */
  final List<String> left = new ArrayList<>();

  private List<SentRevision> revisions = new ArrayList<>();
  private long bytes;
  private Peer.@Nullable PreparedGraft prepared;

  /**
   * @param hasMore whether the source has more at once
   */
  Batch(String lastSequence, boolean hasMore, long pending, Map<String, List<RevisionId>> offered) {
    this.lastSequence = lastSequence;
    this.hasMore = hasMore;
    this.pending = pending;
    this.offered = offered;
  }

  /** What is to be sent beside the changes. */
  static Batch of(Map<String, List<RevisionId>> offered) {
    return new Batch(Peer.BEGINNING, false, 0, offered);
  }

  void add(SentRevision revision) {
    revisions.add(revision);
    bytes += revision.size();
  }

  /** Whether what there is has to be written before {@code next} is added. */
  boolean isFullBefore(SentRevision next) {
    if (bytes < BYTES) {
      return false;
    }
    boolean cuts = next.isTogetherWith(revisions.get(revisions.size() - 1));
    return !cuts || bytes >= BYTES_TOGETHER;
  }

  List<SentRevision> take() {
    List<SentRevision> taken = revisions;
    revisions = new ArrayList<>();
    bytes = 0;
    return taken;
  }

  /**
   * Has {@code target} make ready what there is, while batches before it are written. One that is
   * longer than others would take too much memory twice. Attachments are not counted: the target
   * makes ready so much only as one request takes of them.
   */
  void prepare(Peer target) {
    if (!revisions.isEmpty() && bytes <= 2 * BYTES) {
      prepared = target.prepare(revisions);
    }
  }

  /** What {@link #prepare} has made ready of all that {@link #take} gives; null if nothing is. */
  Peer.@Nullable PreparedGraft prepared() {
    return prepared;
  }
}
