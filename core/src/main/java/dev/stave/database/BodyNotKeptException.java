package dev.stave.database;

import dev.stave.StaveException;
import dev.stave.revision.RevisionId;

/**
 * A revision is known, and its body is not kept. A backup or a peer may have it: put what it says
 * as a new revision. To keep more from now on: {@link DatabaseOptions#withRetention}.
 */
public final class BodyNotKeptException extends StaveException {

  private static final long serialVersionUID = 1L;

  BodyNotKeptException(String document, RevisionId revision) {
    super(
        "the body of this revision is not kept: a backup or a peer may have it",
        "document",
        document,
        "revision",
        revision);
  }
}
