package dev.stave.sync;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.database.WriteBatch;
import dev.stave.database.WriteResult;
import dev.stave.document.Document;
import dev.stave.revision.Provenance;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.revision.RevisionTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Copies every leaf that a source has and a target lacks, with its ancestry and what is told of who
 * made it: afterwards the target shows what the source shows, and what both had edited is a
 * conflict there. What the target needs to merge its conflicts and lacks, bodies of ancestors, it
 * gets as well, as far as the source has them. It goes on where the last one between the two ended,
 * and may be stopped anywhere.
 *
 * <p>For one thread; the databases may be written meanwhile.
 */
public final class Replication {

  /** Documents looked at, and committed at the target, together. */
  private static final int BATCH = 200;

  /** So many bytes of bodies are enough for one commit. */
  private static final long BATCH_BYTES = 16L << 20;

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
    replication.giveBases(replication.openConflicts());
    return new Summary(replication.changes, replication.written);
  }

  /** Copies one batch. Returns false once the source has nothing newer than the checkpoint. */
  private boolean copyBatch() {
    List<Change> batch = source.changes(checkpoints.latest(), BATCH);
    if (batch.isEmpty()) {
      return false;
    }
    Parts leaves = new Parts();
    List<String> grown = new ArrayList<>();
    for (Change change : batch) {
      if (readMissing(change.id(), leaves)) {
        grown.add(change.id());
      }
    }
    written += leaves.write();
    giveBases(grown);
    changes += batch.size();
    checkpoints.record(batch.get(batch.size() - 1).sequence()); // last: a crash repeats a batch
    return true;
  }

  /**
   * Those that came another way are among them, and those of which the source had no base before:
   * the checkpoint tells nothing of either.
   */
  private List<String> openConflicts() {
    List<String> open = new ArrayList<>();
    target.forEachConflict(IdRange.ALL, open::add);
    return open;
  }

  /** Gives the target what it lacks to merge the conflicts of these documents. */
  private void giveBases(List<String> documents) {
    Parts bases = new Parts();
    for (String id : documents) {
      for (RevisionId base : target.tree(id).missingBases()) {
        source.get(id, base).ifPresent(body -> bases.add(batch -> batch.base(body), body));
      }
    }
    bases.write();
  }

  /** Returns whether the target lacks anything of the document. */
  private boolean readMissing(String id, Parts missing) {
    RevisionTree tree = source.tree(id);
    RevisionTree known = target.tree(id);
    Map<RevisionId, Provenance> told = null;
    for (Revision leaf : tree.leaves()) {
      if (!known.get(leaf.id()).isPresent()) {
        // Grown on since the tree was read, a leaf may be gone: then a later change brings it.
        Optional<Document> document = source.get(id, leaf.id());
        if (document.isPresent()) {
          Map<RevisionId, Provenance> all = told == null ? source.history(id).provenances() : told;
          told = all;
          Document body = document.get();
          missing.add(batch -> batch.graft(id, path(tree, leaf), body.body(), all), body);
        }
      }
    }
    return told != null;
  }

  /** What the target is to get, written whenever it is enough for one commit. */
  private final class Parts {
    private WriteBatch batch = new WriteBatch();
    private long bytes;
    private long written;

    void add(Consumer<WriteBatch> edit, Document body) {
      edit.accept(batch);
      bytes += body.body().size();
      if (batch.size() >= BATCH || bytes >= BATCH_BYTES) {
        write();
      }
    }

    /** Writes the rest. Returns how many revisions the target has got, all in all. */
    long write() {
      if (batch.size() > 0) {
        written +=
            target.writeEach(batch).stream().filter(WriteResult.Written.class::isInstance).count();
        batch = new WriteBatch();
        bytes = 0;
      }
      return written;
    }
  }

  private static RevisionPath path(RevisionTree tree, Revision leaf) {
    List<RevisionId> ids =
        tree.path(leaf.id()).stream().map(Revision::id).collect(Collectors.toList());
    return new RevisionPath(ids, leaf.deleted());
  }
}
