package dev.stave.sync;

import dev.stave.changes.Change;
import dev.stave.database.Attachments;
import dev.stave.database.Database;
import dev.stave.database.MissingAttachmentException;
import dev.stave.database.WriteBatch;
import dev.stave.database.WriteResult;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.revision.Provenance;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.revision.RevisionTree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Copies every leaf that a source has and a target lacks, with its ancestry and what is told of who
 * made it: afterwards the target shows what the source shows, and what both had edited is a
 * conflict there. It goes on where the last one between the two ended, and may be stopped anywhere.
 *
 * <p>For one thread; the databases may be written meanwhile.
 */
public final class Replication {

  /** Documents looked at, and committed at the target, together. */
  private static final int BATCH = 200;

  /**
   * What a run did.
   *
   * @param changes documents that had changed at the source
   * @param written leaves that the target lacked
   */
  public record Summary(long changes, long written) {}

  private final Database source;
  private final Database target;
  private final Checkpoints checkpoints;
  private long changes;
  private long written;

  private Replication(Database source, Database target) {
    this.source = source;
    this.target = target;
    this.checkpoints = new Checkpoints(source, target);
  }

  /** Copies from {@code source} to {@code target} until the source has nothing newer. */
  public static Summary run(Database source, Database target) {
    Replication replication = new Replication(source, target);
    while (replication.copyBatch()) {
      // the next one
    }
    return new Summary(replication.changes, replication.written);
  }

  /** Copies one batch. Returns false once the source has nothing newer than the checkpoint. */
  private boolean copyBatch() {
    List<Change> batch = source.changes(checkpoints.latest(), BATCH);
    if (batch.isEmpty()) {
      return false;
    }
    WriteBatch missing = new WriteBatch();
    Map<String, Attachments.Held> held = new HashMap<>(); // bytes that are brought over
    try {
      for (Change change : batch) {
        readMissing(change.id(), missing, held);
      }
      written +=
          target.writeEach(missing).stream().filter(WriteResult.Written.class::isInstance).count();
    } finally {
      held.values().forEach(Attachments.Held::close);
    }
    changes += batch.size();
    checkpoints.record(batch.get(batch.size() - 1).sequence()); // last: a crash repeats a batch
    return true;
  }

  private void readMissing(String id, WriteBatch missing, Map<String, Attachments.Held> held) {
    RevisionTree tree = source.tree(id);
    RevisionTree known = target.tree(id);
    Map<RevisionId, Provenance> told = null;
    for (Revision leaf : tree.leaves()) {
      if (!known.get(leaf.id()).isPresent()) {
        // Grown on since the tree was read, a leaf may be gone: then a later change brings it.
        Optional<Document> document = source.get(id, leaf.id());
        if (document.isPresent() && bringOver(document.get(), held)) {
          told = told == null ? source.history(id).provenances() : told;
          Document body = document.get();
          missing.graft(id, path(tree, leaf), body.body(), body.attachments(), told);
        }
      }
    }
  }

  /** Brings over what the target lacks of the attachments; false if the source has moved on. */
  private boolean bringOver(Document document, Map<String, Attachments.Held> held) {
    for (Attachment attachment : document.attachments().values()) {
      try {
        held.computeIfAbsent(
            attachment.sha256(), sha256 -> target.attachments().copy(source, attachment));
      } catch (MissingAttachmentException e) {
        return false; // a later change brings what came of it
      }
    }
    return true;
  }

  private static RevisionPath path(RevisionTree tree, Revision leaf) {
    List<RevisionId> ids =
        tree.path(leaf.id()).stream().map(Revision::id).collect(Collectors.toList());
    return new RevisionPath(ids, leaf.deleted());
  }
}
