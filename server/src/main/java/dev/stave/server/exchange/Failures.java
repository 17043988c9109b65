package dev.stave.server.exchange;

import dev.stave.database.MissingAttachmentException;
import dev.stave.database.NoSuchDocumentException;
import dev.stave.database.StaleRevisionException;
import dev.stave.document.InvalidDocumentException;
import dev.stave.json.InvalidJsonException;
import dev.stave.json.InvalidPatchException;
import dev.stave.json.InvalidPointerException;
import dev.stave.json.PatchFailedException;
import dev.stave.nodes.NodeQueryException;
import dev.stave.query.InvalidSelectorException;
import dev.stave.query.QueryLimitException;
import dev.stave.revision.InvalidRevisionException;
import dev.stave.server.accounts.LoginException;
import dev.stave.server.accounts.Security;
import dev.stave.server.accounts.Settings;
import dev.stave.server.accounts.UserDocuments;
import dev.stave.server.databases.DataFolderException;
import dev.stave.server.databases.IllegalDatabaseNameException;
import dev.stave.server.script.ScriptException;
import dev.stave.server.wire.RefusedDocumentException;
import dev.stave.storage.CorruptStaveException;
import dev.stave.storage.StorageClosedException;
import dev.stave.storage.StorageException;
import dev.stave.watch.WatchBehindException;

/** What each exception is over HTTP. The only place that knows. */
public final class Failures {

  private Failures() {}

  public static HttpException of(Throwable failure) {
    if (failure instanceof HttpException e) {
      return e;
    }
    if (failure instanceof RefusedDocumentException e) {
      int status = e.error().equals("not_implemented") ? 501 : 400;
      return new HttpException(status, e.error(), e.getMessage());
    }
    if (failure instanceof LoginException e) {
      return new HttpException(401, "unauthorized", e.getMessage());
    }
    if (failure instanceof UserDocuments.RefusedUserException e) {
      return new HttpException(403, "forbidden", e.getMessage());
    }
    if (failure instanceof InvalidSelectorException e) {
      return new HttpException(400, e.code(), e.getMessage());
    }
    if (failure instanceof IllegalDatabaseNameException e) {
      return new HttpException(400, "illegal_database_name", e.getMessage());
    }
    if (failure instanceof InvalidJsonException
        || failure instanceof InvalidDocumentException
        || failure instanceof InvalidPatchException
        || failure instanceof InvalidPointerException
        || failure instanceof NodeQueryException
        || failure instanceof Security.InvalidSecurityException
        || failure instanceof Settings.InvalidSettingsException
        || failure instanceof InvalidRevisionException) {
      return HttpException.badRequest(failure.getMessage());
    }
    if (failure instanceof NoSuchDocumentException) {
      return HttpException.notFound("missing");
    }
    if (failure instanceof PatchFailedException) { // well formed, but not for this document
      return new HttpException(422, "patch_failed", failure.getMessage());
    }
    if (failure instanceof dev.stave.validation.RefusedDocumentException refused) {
      return new HttpException(403, "forbidden", refused.getMessage()); // as of a function
    }
    if (failure instanceof MissingAttachmentException) {
      return new HttpException(412, "missing_stub", failure.getMessage());
    }
    if (failure instanceof StaleRevisionException) {
      return HttpException.conflict();
    }
    if (failure instanceof ScriptException e) {
      return new HttpException(status(e.error()), e.error(), e.reason());
    }
    if (failure instanceof WatchBehindException) {
      return new HttpException(503, "watch_behind", failure.getMessage());
    }
    return ofServer(failure);
  }

  /** What a function of a design document may call its failure, as CouchDB knows it; else 500. */
  private static int status(String error) {
    return switch (error) {
      case "bad_request", "compilation_error", "invalid_design_doc" -> 400;
      case "unauthorized" -> 401;
      case "forbidden" -> 403;
      case "not_found" -> 404;
      case "not_acceptable" -> 406;
      case "conflict" -> 409;
      default -> 500;
    };
  }

  /** Not the client's fault. */
  private static HttpException ofServer(Throwable failure) {
    if (failure instanceof CorruptStaveException) {
      return new HttpException(500, "corrupt", failure.getMessage());
    }
    if (failure instanceof StorageException || failure instanceof DataFolderException) {
      return new HttpException(500, "storage", failure.getMessage());
    }
    if (failure instanceof QueryLimitException) { // as CouchDB has it
      return new HttpException(
          500, "timeout", failure.getMessage() + "; stave serve --query-timeout allows more");
    }
    if (failure instanceof StorageClosedException) {
      return new HttpException(
          503, "service_unavailable", "the database was closed or deleted meanwhile: try again");
    }
    return new HttpException(
        500, "unknown_error", "the server failed; its log has more under the id of this request");
  }
}
