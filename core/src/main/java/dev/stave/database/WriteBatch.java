package dev.stave.database;

import dev.stave.document.Document;
import dev.stave.document.InvalidDocumentException;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Edits that are committed together, in their order. Each method checks what it is given and
 * returns this batch. For one thread.
 *
 * <p>A later edit of the same document sees the earlier one: putting one document twice without its
 * revision is stale the second time.
 */
public final class WriteBatch {

  private static final JsonObject NOTHING = JsonObject.parse("{}");

  private final List<Edit> edits = new ArrayList<>();

  /** Creates a document, or brings a deleted one back. */
  public WriteBatch put(String id, JsonObject body) {
    return put(id, null, false, body);
  }

  /** Updates the leaf {@code parent}. */
  public WriteBatch put(String id, RevisionId parent, JsonObject body) {
    return put(id, parent, false, body);
  }

  /** Deletes the leaf {@code parent}. */
  public WriteBatch delete(String id, RevisionId parent) {
    return put(id, parent, true, NOTHING);
  }

  /** Deletes the leaf {@code parent} with a last body, which replicates as any body does. */
  public WriteBatch delete(String id, RevisionId parent, JsonObject body) {
    return put(id, parent, true, body);
  }

  private WriteBatch put(String id, @Nullable RevisionId parent, boolean deleted, JsonObject body) {
    Document.checkId(id);
    Document.checkBody(id, body);
    RevisionId revision = RevisionId.of(parent, deleted, body.sharedTree());
    edits.add(new Edit.Put(id, parent, deleted, body, revision));
    return this;
  }

  /** Adds a revision that another peer made, with its ancestry. It may make a conflict. */
  public WriteBatch graft(String id, RevisionPath path, JsonObject body) {
    edits.add(new Edit.Graft(Document.checkId(id), path, Document.checkBody(id, body)));
    return this;
  }

  /** Sets a document that has no history and does not replicate; null removes it. */
  public WriteBatch putLocal(String id, @Nullable JsonObject body) {
    edits.add(new Edit.Local(Document.checkId(id), body));
    return this;
  }

  /** Adds the edits of {@code other} behind those of this batch. */
  WriteBatch add(WriteBatch other) {
    edits.addAll(other.edits);
    return this;
  }

  public int size() {
    return edits.size();
  }

  List<Edit> edits() {
    return Collections.unmodifiableList(edits);
  }

  /**
   * Passes if no document is larger than {@code maxDocumentBytes}, nor all of them together than
   * {@link DatabaseOptions#MAX_BATCH_BYTES}.
   */
  void checkSizes(int maxDocumentBytes) {
    long total = 0;
    for (Edit edit : edits) {
      long bytes = Committer.bytes(edit);
      if (bytes > maxDocumentBytes) {
        throw new InvalidDocumentException(
            "the document is too large",
            "id",
            edit.id(),
            "bytes",
            bytes,
            "limit",
            maxDocumentBytes);
      }
      total += bytes;
    }
    if (total > DatabaseOptions.MAX_BATCH_BYTES) {
      throw new InvalidDocumentException(
          "the batch is too large: write it in parts",
          "bytes",
          total,
          "limit",
          DatabaseOptions.MAX_BATCH_BYTES);
    }
  }
}
