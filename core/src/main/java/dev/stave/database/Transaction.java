package dev.stave.database;

import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.index.IndexSnapshot;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.revision.RevisionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes of one {@link Database#transact}. Reads see the database as of one commit, and
 * what the transaction itself has written. For the one thread that runs it, until it returns.
 */
public final class Transaction {

  private final View view;
  private final IndexSnapshot index;
  private final ReadSet reads;
  private final Draft draft;
  private final WriteBatch writes = new WriteBatch();

  Transaction(View view, IndexSnapshot index, Predicate<String> held) {
    this.view = view;
    this.index = index;
    this.reads = new ReadSet(view.meta().lastSequence());
    this.draft = new Draft(view.rows(), held);
  }

  /** The document's winner; empty if there is none, or it is deleted. */
  public Optional<Document> get(String id) {
    Document.checkId(id);
    noteRead(id);
    return draft.get(id);
  }

  private void noteRead(String id) {
    if (!draft.changed().contains(id)) {
      reads.read(id, ReadSet.winner(draft, id));
    }
  }

  /**
   * The documents that match, in the order the query says.
   *
   * @throws IllegalStateException after a write: an index knows nothing of what is not committed
   */
  public List<Document> find(Query query) {
    if (writes.size() > 0) {
      throw new IllegalStateException("in a transaction, find what you need before you write");
    }
    int needed = (int) Math.min(Integer.MAX_VALUE, (long) query.skip() + query.limit());
    List<Document> seen = new ArrayList<>();
    view.find(query.skip(0).limit(needed), index, seen::add);
    reads.searched(query.selector(), seen); // what is skipped counts as well
    return new ArrayList<>(seen.subList(Math.min(query.skip(), seen.size()), seen.size()));
  }

  /** As {@link Database#put(String, JsonObject)}. */
  public RevisionId put(String id, JsonObject body) {
    return write(id, null, new WriteBatch().put(id, body));
  }

  /** As {@link Database#put(String, RevisionId, JsonObject)}. */
  public RevisionId put(String id, RevisionId expected, JsonObject body) {
    return write(id, expected, new WriteBatch().put(id, expected, body));
  }

  /** As {@link Database#put(String, JsonObject, Map)}. */
  public RevisionId put(String id, JsonObject body, Map<String, Attachment> attachments) {
    return write(id, null, new WriteBatch().put(id, null, body, attachments));
  }

  /** As {@link Database#put(String, RevisionId, JsonObject, Map)}. */
  public RevisionId put(
      String id, RevisionId expected, JsonObject body, Map<String, Attachment> attachments) {
    return write(id, expected, new WriteBatch().put(id, expected, body, attachments));
  }

  /** As {@link Database#delete}. */
  public RevisionId delete(String id, RevisionId expected) {
    return write(id, expected, new WriteBatch().delete(id, expected));
  }

  /** As {@link WriteBatch#author}, for all that this transaction writes. */
  public void author(@Nullable String name) {
    writes.author(name);
  }

  /** As {@link WriteBatch#reason}, for all that this transaction writes. */
  public void reason(@Nullable String text) {
    writes.reason(text);
  }

  private RevisionId write(String id, @Nullable RevisionId expected, WriteBatch batch) {
    noteRead(id); // a put that relies on what is there is a read of it
    WriteResult result = draft.apply(batch.edits().get(0));
    if (result instanceof WriteResult.MissingAttachment missing) {
      throw Database.missing(missing);
    }
    if (!(result instanceof WriteResult.Written written)) {
      throw new StaleRevisionException(id, expected);
    }
    writes.add(batch);
    return written.revision();
  }

  WriteBatch writes() {
    return writes;
  }

  ReadSet reads() {
    return reads;
  }
}
