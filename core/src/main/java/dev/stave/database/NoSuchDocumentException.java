package dev.stave.database;

import dev.stave.StaveException;

/** A part of a document was to be changed, and there is no such document, or it is deleted. */
public final class NoSuchDocumentException extends StaveException {

  private static final long serialVersionUID = 1L;

  NoSuchDocumentException(String document) {
    super("there is no such document", "document", document);
  }
}
