package dev.stave.server.documents;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.database.WriteResult;
import dev.stave.document.Attachment;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.server.accounts.UserDocuments;
import dev.stave.server.exchange.Failures;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.Request;
import dev.stave.server.script.ScriptPool;
import dev.stave.server.wire.IncomingDocument;
import dev.stave.sync.peer.SentRevision;
import dev.stave.validation.RefusedDocumentException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From documents that a client sent to edits, and from their results to what the client hears. */
public final class Edits {

  private final Request request;
  private final Database database;
  private final SentAttachments attachments;
  private final WriteRules rules;
  private final WriteBatch batch = new WriteBatch();

  /** Edits of {@code database} that {@code request} wants. */
  public Edits(
      Request request, Database database, SentAttachments attachments, ScriptPool scripts) {
    this.rules = WriteRules.of(scripts, request, database);
    this.request = request;
    this.database = database;
    this.attachments = attachments;
  }

  /** All that were added. */
  public WriteBatch batch() {
    return batch;
  }

  /** Adds a new revision of {@code parent}, or with null a new document. */
  public void addEdit(String id, @Nullable RevisionId parent, IncomingDocument document) {
    JsonObject body = body(id, document.deleted(), document.body());
    rules.checkEdit(id, parent, document.deleted(), body);
    Map<String, Attachment> all =
        attachments.of(id, document, SentAttachments.ancestors(parent), true);
    batch.put(id, parent, document.deleted(), body, all);
  }

  /** Adds a revision that another peer made. */
  void addGraft(String id, IncomingDocument document) {
    JsonObject body = body(id, document.deleted(), document.body());
    RevisionPath path = document.history();
    rules.checkGraft(id, path, body);
    List<RevisionId> ancestors = path.ids().subList(1, path.ids().size());
    Map<String, Attachment> all = attachments.of(id, document, ancestors, false);
    batch.graft(id, path, body, all, document.provenances());
  }

  /** The same, as a Stave sends it. */
  void addGraft(SentRevision sent) {
    String id = IncomingDocument.checkId(sent.id());
    JsonObject body = body(id, sent.path().deleted(), sent.body());
    rules.checkGraft(id, sent.path(), body);
    Map<String, Attachment> all = attachments.of(sent);
    batch.together(sent.together()).graft(id, sent.path(), body, all, sent.provenances());
  }

  /** The body to be written, if whoever asks may write it: of a user without the password. */
  private JsonObject body(String id, boolean deleted, JsonObject sent) {
    int limit = request.limits().documentBytes();
    if (sent.size() > limit) {
      throw HttpException.tooLarge("document_too_large", limit);
    }
    boolean isUser = request.segment(0).equals(UserDocuments.DATABASE) && !deleted;
    return isUser ? UserDocuments.checked(request.identity(), id, sent, database.get(id)) : sent;
  }

  /** Why there is no {@link #revision}. */
  public static HttpException failure(WriteResult result) {
    if (result instanceof WriteResult.MissingAttachment missing) {
      return new HttpException(
          412,
          "missing_stub",
          "Invalid attachment stub in " + missing.id() + " for " + missing.name());
    }
    return result instanceof WriteResult.Refused refused
        ? Failures.of(new RefusedDocumentException(refused.id(), refused.problems()))
        : HttpException.conflict();
  }

  /** The revision that is there now; empty if the edit was stale or refused. */
  public static Optional<RevisionId> revision(WriteResult result) {
    if (result instanceof WriteResult.Written written) {
      return Optional.of(written.revision());
    }
    return result instanceof WriteResult.AlreadyKnown known
        ? Optional.of(known.revision())
        : Optional.empty();
  }
}
