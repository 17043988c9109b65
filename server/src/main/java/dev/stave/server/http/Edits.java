package dev.stave.server.http;

import dev.stave.database.WriteBatch;
import dev.stave.database.WriteResult;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.server.wire.IncomingDocument;
import dev.stave.validation.RefusedDocumentException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a document that a client sent to an edit, and from its result to what the client hears. */
final class Edits {

  private Edits() {}

  /** Adds a new revision of {@code parent} to {@code batch}, or with null a new document. */
  static void addEdit(
      WriteBatch batch,
      String id,
      @Nullable RevisionId parent,
      IncomingDocument document,
      WriteRules rules,
      HttpLimits limits) {
    JsonObject body = body(document, limits);
    if (parent == null && document.deleted()) {
      throw HttpException.conflict(); // no revision is named that could be deleted
    }
    rules.checkEdit(id, parent, document.deleted(), body);
    if (parent == null) {
      batch.put(id, body);
    } else if (document.deleted()) {
      batch.delete(id, parent, body);
    } else {
      batch.put(id, parent, body);
    }
  }

  /** Adds a revision that another peer made. */
  static void addGraft(
      WriteBatch batch, String id, IncomingDocument document, WriteRules rules, HttpLimits limits) {
    JsonObject body = body(document, limits);
    rules.checkGraft(id, document.history(), body);
    batch.graft(id, document.history(), body);
  }

  private static JsonObject body(IncomingDocument document, HttpLimits limits) {
    if (document.body().size() > limits.documentBytes()) {
      throw HttpException.tooLarge("document_too_large", limits.documentBytes());
    }
    return document.body();
  }

  /** Why there is no {@link #revision}. */
  static HttpException failure(WriteResult result) {
    return result instanceof WriteResult.Refused refused
        ? refusal(new RefusedDocumentException(refused.id(), refused.problems()))
        : HttpException.conflict();
  }

  /** As CouchDB answers when a validation function of a design document throws. */
  static HttpException refusal(RefusedDocumentException refused) {
    return new HttpException(403, "forbidden", refused.getMessage());
  }

  /** The revision that is there now; empty if the edit was stale or refused. */
  static Optional<RevisionId> revision(WriteResult result) {
    if (result instanceof WriteResult.Written written) {
      return Optional.of(written.revision());
    }
    return result instanceof WriteResult.AlreadyKnown known
        ? Optional.of(known.revision())
        : Optional.empty();
  }
}
