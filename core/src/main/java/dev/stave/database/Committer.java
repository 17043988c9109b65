package dev.stave.database;

import dev.stave.changes.ChangesFeed;
import dev.stave.concurrent.Batcher;
import dev.stave.document.Document;
import dev.stave.document.InvalidDocumentException;
import dev.stave.index.IndexDelta;
import dev.stave.index.PathIndex;
import dev.stave.json.JsonObject;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageSnapshot;
import dev.stave.watch.Watches;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The only writer. Any thread may commit; one of them commits for all that wait, as one storage
 * batch, so that many writers share one wait for the disk.
 *
 * <p>The order is: rows to the storage, then the deltas to the index and to the watches, then a
 * word to the feed. A reader that sees the rows waits for the index; who listens to the feed can
 * see both.
 */
final class Committer {

  /** So many bodies' bytes are enough for one group. */
  private static final long GROUP_BYTES = 16L << 20;

  /** What one batch may write: by deleting winners, more than was handed in. */
  private static final long MAX_DRAFT_BYTES = 2L * DatabaseOptions.MAX_BATCH_BYTES;

  /** How the edits of a commit depend on each other. */
  enum Mode {
    /** All are written, or none. */
    ATOMIC,
    /** Each is written unless it is stale itself. */
    EACH
  }

  /** What comes of a commit. */
  sealed interface Outcome {
    /**
     * A result for each edit, in order. An atomic batch with a stale edit, or without bytes, wrote
     * nothing.
     */
    record Done(List<WriteResult> results, boolean written) implements Outcome {}

    /** What the transaction had read has changed, or a schema. Nothing was written. */
    record Outdated() implements Outcome {}
  }

  /** One commit that waits for its turn. */
  private static final class Pending {
    final List<Edit> edits;
    final Mode mode;
    final @Nullable ReadSet reads;
    final long schemas;
    @Nullable Outcome outcome;
    @Nullable Throwable failure;

    Pending(List<Edit> edits, Mode mode, @Nullable ReadSet reads, long schemas) {
      this.edits = edits;
      this.mode = mode;
      this.reads = reads;
      this.schemas = schemas;
    }

    Outcome result() {
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
      if (outcome == null) {
        throw new IllegalStateException("a commit without an outcome", failure);
      }
      return outcome;
    }
  }

  private final Storage storage;
  private final PathIndex index;
  private final Watches watches;
  private final ChangesFeed feed;
  private final Draft.Rules rules;
  private Pins pins; // of what is committed; only who commits looks at it
  private long schemaChanges; // those of the group that is drafted included
  private volatile long committedSchemaChanges;
  private final Object turn = new Object();
  private final Batcher<Pending> commits = new Batcher<>(this::commitGroup);

  Committer(
      Storage storage, PathIndex index, Watches watches, ChangesFeed feed, Draft.Rules rules) {
    this.storage = storage;
    this.index = index;
    this.watches = watches;
    this.feed = feed;
    this.rules = rules;
    try (StorageSnapshot snapshot = storage.snapshot()) {
      this.pins = Pins.read(snapshot);
    }
  }

  static long bytes(Edit edit) {
    if (edit instanceof Edit.Put put) {
      return put.body().size();
    }
    if (edit instanceof Edit.Graft graft) {
      return graft.body().size();
    }
    if (edit instanceof Edit.Base base) {
      return base.document().body().size();
    }
    JsonObject local = edit instanceof Edit.Local it ? it.body() : null;
    return local == null ? 0 : local.size();
  }

  /** How many commits have changed a schema since the database was opened. */
  long schemaChanges() {
    return committedSchemaChanges;
  }

  /**
   * Commits {@code edits} if {@code reads} still hold, and returns when they are durable.
   *
   * @param schemas the {@link #schemaChanges} as of which the edits were checked, and must be
   *     still; or {@link DocumentChecks#UNCHECKED}
   */
  Outcome commit(List<Edit> edits, Mode mode, @Nullable ReadSet reads, long schemas) {
    Pending mine = new Pending(edits, mode, reads, schemas);
    commits.submit(mine);
    return mine.result();
  }

  /** As {@link #betweenCommits(Supplier)}. */
  void betweenCommits(Runnable work) {
    synchronized (turn) {
      work.run();
    }
  }

  /** Does {@code work} while nothing is being committed: rows and index are of one commit. */
  <T> T betweenCommits(Supplier<T> work) {
    synchronized (turn) {
      return work.get();
    }
  }

  /**
   * Takes in all documents that {@code exchange} gives the storage at once, while there are none.
   *
   * @param exchange false if it has not come to that
   * @return the same
   */
  boolean begin(BooleanSupplier exchange) {
    synchronized (turn) {
      index.requireUsable();
      if (!exchange.getAsBoolean()) {
        return false;
      }
      committedSchemaChanges++;
      try (View view = new View(storage.snapshot())) {
        long last = view.meta().lastSequence();
        index.readAgain(last);
        CatchUp.run(index, view);
        if (watches.areAny()) {
          view.forEachIndexed((document, sequence) -> tellWatches(view, document, sequence));
        }
        feed.committed(last);
      } catch (RuntimeException | Error e) {
        index.fail(e); // or readers would wait for it
        throw e;
      }
      return true;
    }
  }

  private void tellWatches(View view, Document document, long sequence) {
    IndexDelta delta = new IndexDelta(document.id(), 0, sequence, document.body().sharedTree());
    watches.committed(List.of(delta), view::document);
  }

  /** Commits for all that wait, or for as many as are enough for one group. */
  private void commitGroup(Batcher.Source<Pending> waiting) {
    synchronized (turn) {
      commitInTurn(waiting);
    }
  }

  private void commitInTurn(Batcher.Source<Pending> waiting) {
    List<Pending> group = new ArrayList<>();
    Pending next = waiting.next();
    if (next == null) {
      throw new IllegalStateException("nobody waits, whoever calls this included");
    }
    group.add(next);
    schemaChanges = committedSchemaChanges; // a group that failed may have counted
    try (StorageSnapshot snapshot = storage.snapshot()) {
      Draft draft = new Draft(snapshot, rules, pins);
      long before = draft.meta().lastSequence();
      List<@Nullable Outcome> outcomes = new ArrayList<>();
      outcomes.add(decideOrFail(next, draft));
      while ((next = nextOf(waiting, draft)) != null) {
        group.add(next);
        outcomes.add(decideOrFail(next, draft));
      }
      if (!draft.isEmpty()) {
        index.requireUsable();
        storage.commit(draft.rows());
        pins = draft.pins();
        committedSchemaChanges = schemaChanges; // now they can be read
        publish(draft, before);
      }
      for (int i = 0; i < group.size(); i++) {
        group.get(i).outcome = outcomes.get(i); // not before: others may look at it
      }
    } catch (RuntimeException | Error e) {
      group.forEach(pending -> pending.failure = e);
    }
  }

  private static @Nullable Pending nextOf(Batcher.Source<Pending> waiting, Draft draft) {
    return draft.bytes() < GROUP_BYTES ? waiting.next() : null;
  }

  /** One commit that cannot be drafted does not take the others of its group with it. */
  private @Nullable Outcome decideOrFail(Pending pending, Draft draft) {
    try {
      return decide(pending, draft);
    } catch (RuntimeException e) {
      pending.failure = e;
      return null;
    }
  }

  private Outcome decide(Pending pending, Draft draft) {
    if (pending.schemas != DocumentChecks.UNCHECKED && pending.schemas != schemaChanges) {
      return new Outcome.Outdated();
    }
    if (pending.reads != null && !pending.reads.isCurrent(draft)) {
      return new Outcome.Outdated();
    }
    Draft mine = new Draft(draft, pending.mode == Mode.ATOMIC);
    List<WriteResult> results = new ArrayList<>(pending.edits.size());
    boolean anyLeft = false;
    for (Edit edit : pending.edits) {
      WriteResult result = mine.apply(edit);
      anyLeft |=
          result instanceof WriteResult.Stale || result instanceof WriteResult.MissingAttachment;
      results.add(result);
    }
    if (mine.bytes() > MAX_DRAFT_BYTES) {
      throw new InvalidDocumentException(
          "the batch writes too much, bodies that begin to win included: write it in parts",
          "bytes",
          mine.bytes(),
          "limit",
          MAX_DRAFT_BYTES);
    }
    boolean written = pending.mode == Mode.EACH || !anyLeft;
    if (written) {
      schemaChanges += mine.changed().stream().anyMatch(DocumentChecks::isSchema) ? 1 : 0;
      mine.mergeDown();
    }
    return new Outcome.Done(results, written);
  }

  private void publish(Draft draft, long before) {
    long last = draft.meta().lastSequence();
    if (last != before) {
      try {
        index.apply(draft.deltas(), last);
      } finally {
        watches.committed(draft.deltas(), draft::document); // it is, whatever became of the index
      }
      feed.committed(last);
    }
  }
}
