package dev.stave.review;

import dev.stave.database.Inspection;
import dev.stave.database.WriteBatch;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Provenance;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes back what settled a conflict. Nothing grows on what is undone: the sides begin anew where
 * they ended, beside the tombstones, so that what they have in common is what it was, and no change
 * counts twice or is taken back by another. That it was undone, a tombstone on what is undone tells
 * all peers.
 */
final class Undoing {

  private final WriteBatch batch;
  private final Inspection document;
  private final Provenance by;

  /** {@code batch} takes what is to be written, and has the author and reason of {@code by}. */
  Undoing(WriteBatch batch, Inspection document, Provenance by) {
    this.batch = batch;
    this.document = document;
    this.by = by;
  }

  /** Returns false if there is nothing to undo any more. */
  boolean undo(MergeRequest request, RevisionId result, Merging merging) {
    if (request.state() != MergeRequest.State.CLOSED) {
      takeBack(result, request.sides());
      request.sides().forEach(this::reopen);
      return true;
    }
    List<Revision> closers = merging.closers(result);
    for (Revision closer : closers) {
      takeBack(closer.id(), request.sides());
      Optional.ofNullable(closer.parent()).ifPresent(this::reopen);
    }
    return !closers.isEmpty();
  }

  /** Closes what is undone. A tombstone is not deleted again, so that is grafted. */
  private void takeBack(RevisionId leaf, List<RevisionId> sides) {
    JsonObject body = Closing.undoes(leaf, sides);
    if (document.tree().get(leaf).filter(Revision::deleted).isPresent()) {
      RevisionId undoing = RevisionId.of(leaf, true, body.sharedTree());
      RevisionPath path = new RevisionPath(List.of(undoing, leaf), true);
      batch.graft(document.id(), path, body, Map.of(undoing, by));
    } else {
      batch.delete(document.id(), leaf, body);
    }
  }

  /** Writes a revision like {@code end}, by whom and when that was made, beside what closed it. */
  private void reopen(RevisionId end) {
    Document ended =
        document
            .get(end)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the body of a side is not kept: " + document.id() + " " + end));
    RevisionId again =
        RevisionId.of(
            end, false, ended.body().sharedTree(), Attachment.identity(ended.attachments()));
    Map<RevisionId, Provenance> told =
        document.provenance(end).map(known -> Map.of(again, known)).orElse(Map.of());
    RevisionPath path = new RevisionPath(List.of(again, end), false);
    batch.graft(document.id(), path, ended.body(), ended.attachments(), told);
  }
}
