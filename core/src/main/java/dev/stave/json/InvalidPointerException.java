package dev.stave.json;

import dev.stave.StaveException;

/** The text is no JSON Pointer (RFC 6901). */
public final class InvalidPointerException extends StaveException {

  private static final long serialVersionUID = 1L;

  InvalidPointerException(String what, String pointer) {
    super(what, "pointer", JsonPointer.shown(pointer));
  }
}
