package dev.stave.merge;

import dev.stave.StaveException;

/** The JSON is no merge policy. The message names the place that is wrong. */
public final class InvalidMergePolicyException extends StaveException {

  private static final long serialVersionUID = 1L;

  /** {@code at} is the place, as a JSON Pointer. */
  public InvalidMergePolicyException(String what, String pointer) {
    super(what, "path", pointer.isEmpty() ? "(root)" : pointer);
  }
}
