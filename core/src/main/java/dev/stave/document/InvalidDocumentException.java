package dev.stave.document;

import dev.stave.StaveException;

/** An id or a body that no document may have. */
public final class InvalidDocumentException extends StaveException {

  private static final long serialVersionUID = 1L;

  public InvalidDocumentException(String what, Object... facts) {
    super(what, facts);
  }
}
