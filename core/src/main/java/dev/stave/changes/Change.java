package dev.stave.changes;

import dev.stave.revision.RevisionId;

/**
 * The newest change of one document.
 *
 * @param sequence its place in this database's order of commits; not the same on other peers
 * @param revision the winner after the change
 * @param deleted whether the winner deletes the document
 * @param together the last sequence of the batch that it was committed with; its own if it was
 *     committed alone. Changes that have it in common follow each other, and are of one
 *     transaction: here, or at the peer that it was made at
 */
public record Change(
    long sequence, String id, RevisionId revision, boolean deleted, long together) {

  /** One that was committed alone. */
  public Change(long sequence, String id, RevisionId revision, boolean deleted) {
    this(sequence, id, revision, deleted, sequence);
  }

  /** Whether it belongs together with others: {@code before} is what the change before it says. */
  public boolean isTogetherAfter(long before) {
    return together != sequence || together == before;
  }

  /** The same, as of a batch that ends at the sequence {@code last}. */
  public Change with(long last) {
    return new Change(sequence, id, revision, deleted, last);
  }
}
