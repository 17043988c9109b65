package dev.stave.database;

import dev.stave.StaveException;

/**
 * What was current at a sequence of the past is not all kept any more. Take a later sequence, or
 * keep more bodies from now on: {@link DatabaseOptions#withRetention}.
 */
public final class NotRetainedException extends StaveException {

  private static final long serialVersionUID = 1L;

  NotRetainedException(String document, long sequence) {
    super(
        "what was current then is not all kept: take a later sequence, or keep more bodies",
        "document",
        document,
        "sequence",
        sequence);
  }
}
