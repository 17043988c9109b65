package dev.stave.revision;

import dev.stave.StaveException;

/** A text that is no revision id, or revisions that are no path. */
public final class InvalidRevisionException extends StaveException {

  private static final long serialVersionUID = 1L;

  InvalidRevisionException(String what, Object revision) {
    super(what, "revision", revision);
  }
}
