package dev.stave.sync;

import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.SentRevision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What of one page of changes is still to be written. */
final class Batch {

  /** So many bytes of documents are enough to hold. */
  static final long BYTES = 8L << 20;

  final String lastSequence;
  final long pending;
  final Map<String, List<RevisionId>> offered;

  /** Documents of them that are in scope. */
  final List<String> inScope;

  /** Documents that the target has and that are not in scope any more. */
  final List<String> left;

  private List<SentRevision> revisions = new ArrayList<>();
  private long bytes;

  Batch(
      String lastSequence,
      long pending,
      Map<String, List<RevisionId>> offered,
      List<String> inScope,
      List<String> left) {
    this.lastSequence = lastSequence;
    this.pending = pending;
    this.offered = offered;
    this.inScope = inScope;
    this.left = left;
  }

  void add(SentRevision revision) {
    revisions.add(revision);
    bytes += revision.size();
  }

  boolean isFull() {
    return bytes >= BYTES;
  }

  List<SentRevision> take() {
    List<SentRevision> taken = revisions;
    revisions = new ArrayList<>();
    bytes = 0;
    return taken;
  }
}
