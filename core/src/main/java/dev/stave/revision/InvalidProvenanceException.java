package dev.stave.revision;

import dev.stave.StaveException;

/** An author or a reason that no revision may have. Nothing was written. */
public final class InvalidProvenanceException extends StaveException {

  private static final long serialVersionUID = 1L;

  InvalidProvenanceException(String what, Object... facts) {
    super(what, facts);
  }
}
