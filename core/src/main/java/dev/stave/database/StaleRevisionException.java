package dev.stave.database;

import dev.stave.StaveException;
import dev.stave.revision.RevisionId;
import org.jspecify.annotations.Nullable;

/**
 * An edit named a parent that is no longer a leaf, or none for a document that is there. Nothing
 * was written. Read the document again and retry.
 */
public final class StaleRevisionException extends StaveException {

  private static final long serialVersionUID = 1L;

  StaleRevisionException(String document, @Nullable RevisionId parent) {
    super(
        parent == null ? "the document exists already" : "parent is not a live leaf",
        "document",
        document,
        "parent",
        parent == null ? "none" : parent);
  }
}
