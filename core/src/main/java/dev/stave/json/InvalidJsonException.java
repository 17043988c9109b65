package dev.stave.json;

import dev.stave.StaveException;

/**
 * The bytes are not JSON, or are JSON that a document may not hold. The message names the place.
 */
public final class InvalidJsonException extends StaveException {

  private static final long serialVersionUID = 1L;

  /** {@code pointer} is the JSON Pointer (RFC 6901) of the value at fault, empty for the root. */
  InvalidJsonException(String what, String pointer, long byteOffset) {
    super(what, "path", pointer.isEmpty() ? "(root)" : pointer, "byte", byteOffset);
  }

  /** For JSON whose bytes are not at hand, such as a tree or an object of the user's. */
  InvalidJsonException(String what) {
    super(what);
  }
}
