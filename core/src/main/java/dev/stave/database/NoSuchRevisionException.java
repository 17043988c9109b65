package dev.stave.database;

import dev.stave.StaveException;
import dev.stave.revision.RevisionId;

/** A revision that the document's history does not have: it never had, or it is pruned. */
public final class NoSuchRevisionException extends StaveException {

  private static final long serialVersionUID = 1L;

  NoSuchRevisionException(String document, RevisionId revision) {
    super(
        "the history has no such revision, or has it no more",
        "document",
        document,
        "revision",
        revision);
  }
}
