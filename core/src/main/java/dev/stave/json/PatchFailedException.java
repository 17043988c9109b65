package dev.stave.json;

import dev.stave.StaveException;

/**
 * A change does not fit the document: a place is missing, or a test fails. Nothing was changed. The
 * message names the place and why, and in a patch the operation, counted from 0.
 */
public final class PatchFailedException extends StaveException {

  private static final long serialVersionUID = 1L;

  private final int operation;
  private final transient JsonPointer pointer;

  PatchFailedException(String why, JsonPointer pointer) {
    super(why, "pointer", pointer.shown());
    this.operation = 0;
    this.pointer = pointer;
  }

  /** The same failure, as that of the operation at place {@code index} of a patch. */
  PatchFailedException(PatchFailedException failure, int index, String op) {
    super("operation " + index + ", " + op + ": " + failure.getMessage());
    initCause(failure);
    this.operation = index;
    this.pointer = failure.pointer;
  }

  /** The place of the operation in its patch, from 0. Of a change that is no patch it is 0. */
  public int operation() {
    return operation;
  }

  /** Where in the document it failed. */
  public JsonPointer pointer() {
    return pointer;
  }
}
