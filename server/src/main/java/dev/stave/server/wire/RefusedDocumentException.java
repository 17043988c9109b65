package dev.stave.server.wire;

import dev.stave.StaveException;
import org.jspecify.annotations.Nullable;

/** A document that a client sent and that cannot be taken as it is. */
public final class RefusedDocumentException extends StaveException {

  private static final long serialVersionUID = 1L;

  private final String error;

  RefusedDocumentException(String error, @Nullable String reason) {
    super(String.valueOf(reason));
    this.error = error;
  }

  /** CouchDB's name of the mistake, such as {@code doc_validation}. */
  public String error() {
    return error;
  }
}
