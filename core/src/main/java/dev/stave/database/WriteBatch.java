package dev.stave.database;

import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.document.InvalidDocumentException;
import dev.stave.json.JsonObject;
import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
  private @Nullable String author;
  private @Nullable String reason;
  private long together;

  /**
   * Names who makes the batch's own edits, all of them; null is nobody. With an author or a reason
   * they also get the time, by the database's clock, when they are committed.
   *
   * @throws dev.stave.revision.InvalidProvenanceException if it has not 1 to {@value
   *     Provenance#MAX_AUTHOR_BYTES} bytes of UTF-8
   */
  public WriteBatch author(@Nullable String name) {
    author = Provenance.checkAuthor(name);
    return this;
  }

  /**
   * Says why the batch's own edits are made; null for no reason.
   *
   * @throws dev.stave.revision.InvalidProvenanceException if it has not 1 to {@value
   *     Provenance#MAX_REASON_BYTES} bytes of UTF-8
   */
  public WriteBatch reason(@Nullable String text) {
    reason = Provenance.checkReason(text);
    return this;
  }

  /** Creates a document, or brings a deleted one back. */
  public WriteBatch put(String id, JsonObject body) {
    return put(id, null, false, body);
  }

  /** Updates the leaf {@code parent}, whose attachments stay. */
  public WriteBatch put(String id, RevisionId parent, JsonObject body) {
    return put(id, parent, false, body);
  }

  /**
   * Updates the leaf {@code parent}, or with null creates a document or brings a deleted one back.
   *
   * @param attachments all that it has from now on, by name: those that were there before and are
   *     to stay, and new ones, see {@link Attachments}. Those of other documents may be among them
   * @throws InvalidDocumentException if a name may not be an attachment's, or there are too many
   */
  public WriteBatch put(
      String id,
      @Nullable RevisionId parent,
      JsonObject body,
      Map<String, Attachment> attachments) {
    return put(id, parent, false, body, attachments);
  }

  /** Deletes the leaf {@code parent}. */
  public WriteBatch delete(String id, RevisionId parent) {
    return put(id, parent, true, NOTHING);
  }

  /** Deletes the leaf {@code parent} with a last body, which replicates as any body does. */
  public WriteBatch delete(String id, RevisionId parent, JsonObject body) {
    return put(id, parent, true, body);
  }

  /**
   * Updates the leaf {@code parent}, or deletes it, with what has the changes of {@code others}
   * too. It is named after all of them, see {@link RevisionId#ofMerge}. The batch is to close those
   * as well; {@code dev.stave.review} does both.
   *
   * @return the new revision
   */
  public RevisionId merge(
      String id, RevisionId parent, List<RevisionId> others, boolean deleted, JsonObject body) {
    return merge(id, parent, others, deleted, body, Map.of());
  }

  /** As {@link #merge(String, RevisionId, List, boolean, JsonObject)}, with attachments. */
  public RevisionId merge(
      String id,
      RevisionId parent,
      List<RevisionId> others,
      boolean deleted,
      JsonObject body,
      Map<String, Attachment> attachments) {
    Document.checkId(id);
    Document.checkBody(id, body);
    SortedMap<String, Attachment> all = Attachment.checkAll(attachments);
    RevisionId revision =
        RevisionId.ofMerge(parent, others, deleted, body.sharedTree(), Attachment.identity(all));
    edits.add(new Edit.Put(id, parent, deleted, body, all, revision, null));
    return revision;
  }

  private WriteBatch put(String id, @Nullable RevisionId parent, boolean deleted, JsonObject body) {
    Document.checkId(id);
    Document.checkBody(id, body);
    RevisionId revision = RevisionId.of(parent, deleted, body.sharedTree());
    edits.add(new Edit.Put(id, parent, deleted, body, null, revision, null));
    return this;
  }

  /** As {@link #put(String, RevisionId, JsonObject, Map)}, of a revision that may delete. */
  public WriteBatch put(
      String id,
      @Nullable RevisionId parent,
      boolean deleted,
      JsonObject body,
      Map<String, Attachment> attachments) {
    Document.checkId(id);
    Document.checkBody(id, body);
    SortedMap<String, Attachment> all = Attachment.checkAll(attachments);
    RevisionId revision =
        RevisionId.of(parent, deleted, body.sharedTree(), Attachment.identity(all));
    edits.add(new Edit.Put(id, parent, deleted, body, all, revision, null));
    return this;
  }

  /** Adds a revision that another peer made, with its ancestry. It may make a conflict. */
  public WriteBatch graft(String id, RevisionPath path, JsonObject body) {
    return graft(id, path, body, Map.of());
  }

  /**
   * As {@link #graft(String, RevisionPath, JsonObject)}, with what the peer knows of who made the
   * path's revisions; what it says of others is left out.
   */
  public WriteBatch graft(
      String id, RevisionPath path, JsonObject body, Map<RevisionId, Provenance> provenances) {
    return graft(id, path, body, Map.of(), provenances);
  }

  /**
   * As {@link #graft(String, RevisionPath, JsonObject, Map)}, with attachments. Of which it is not
   * known when they came, they came with the revision.
   */
  public WriteBatch graft(
      String id,
      RevisionPath path,
      JsonObject body,
      Map<String, Attachment> attachments,
      Map<RevisionId, Provenance> provenances) {
    Document.checkBody(id, body);
    SortedMap<String, Attachment> all = new TreeMap<>(Attachment.checkAll(attachments));
    int generation = path.leaf().generation();
    all.replaceAll((name, a) -> a.revpos() == 0 ? a.withRevpos(generation) : a);
    edits.add(
        new Edit.Graft(Document.checkId(id), path, body, all, Map.copyOf(provenances), together));
    return this;
  }

  /**
   * Says that the grafts that follow, until the next call, were committed together by the peer that
   * made them: {@link dev.stave.changes.Change#together} tells that to who follows the changes
   * here. All of a batch is seen at once in any case.
   *
   * @param number any that the others of one transaction have too; 0 for none
   */
  public WriteBatch together(long number) {
    together = number;
    return this;
  }

  /**
   * Gives the body of a revision that is known here without one, as far as a merge may need it:
   * while the document has a conflict, and where branches of it part ({@link
   * dev.stave.revision.RevisionTree#missingBases}). Nothing else is taken, and a body that is there
   * is never replaced, so it may be given at any time and twice. Winner and leaves stay; the feed
   * tells of the document again, since more of it can be merged.
   *
   * <p>As with {@link #graft(String, RevisionPath, JsonObject)}, who gives it is believed: ids that
   * other databases made cannot be checked, and look like Stave's.
   *
   * @param revision the revision with its body, as the peer has it
   */
  public WriteBatch base(Document revision) {
    Document.checkId(revision.id());
    Document.checkBody(revision.id(), revision.body());
    edits.add(new Edit.Base(revision));
    return this;
  }

  /**
   * Removes the leaves {@code revisions} of a document, as {@link Purges#purge} does. Never stale:
   * what is no leaf when it is committed stays.
   */
  public WriteBatch purge(String id, Collection<RevisionId> revisions) {
    edits.add(new Edit.Purge(Document.checkId(id), List.copyOf(revisions)));
    return this;
  }

  /**
   * Has {@code check} look at each new revision in it, in their order: its own edits, and grafts.
   *
   * @throws RuntimeException what {@code check} has thrown
   */
  public void checkBy(WriteCheck check) {
    for (Edit edit : edits) {
      if (edit instanceof Edit.Put put) {
        check.check(put.id(), put.parent(), put.deleted(), put.body());
      } else if (edit instanceof Edit.Graft graft) {
        List<RevisionId> ids = graft.path().ids();
        RevisionId parent = ids.size() > 1 ? ids.get(1) : null;
        check.check(graft.id(), parent, graft.path().deleted(), graft.body());
      }
    }
  }

  /** An edit that users do not make. */
  WriteBatch add(Edit edit) {
    edits.add(edit);
    return this;
  }

  /** Sets a document that has no history and does not replicate; null removes it. */
  public WriteBatch putLocal(String id, @Nullable JsonObject body) {
    edits.add(new Edit.Local(Document.checkLocalId(id), body));
    return this;
  }

  /** Adds the edits of {@code other} behind those of this batch. */
  WriteBatch add(WriteBatch other) {
    edits.addAll(other.edits());
    return this;
  }

  public int size() {
    return edits.size();
  }

  List<Edit> edits() {
    if (author == null && reason == null) {
      return Collections.unmodifiableList(edits);
    }
    Provenance provenance = new Provenance(author, null, reason);
    return edits.stream()
        .map(edit -> edit instanceof Edit.Put put ? by(provenance, put) : edit)
        .collect(Collectors.toList());
  }

  private static Edit by(Provenance provenance, Edit.Put put) {
    return new Edit.Put(
        put.id(),
        put.parent(),
        put.deleted(),
        put.body(),
        put.attachments(),
        put.revision(),
        provenance);
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
