package dev.stave.json;

import dev.stave.StaveException;

/**
 * The bytes are not JSON, or are JSON that a document may not hold. The message names the place.
 */
public final class InvalidJsonException extends StaveException {

  private static final long serialVersionUID = 1L;
  private static final int SHOWN_AT_EACH_END = 80;

  /** {@code pointer} is the JSON Pointer (RFC 6901) of the value at fault, empty for the root. */
  InvalidJsonException(String what, String pointer, long byteOffset) {
    super(what, "path", shown(pointer), "byte", byteOffset);
  }

  /** A message is a line: of a path of many steps it has the beginning and the end. */
  private static String shown(String pointer) {
    if (pointer.length() > 2 * SHOWN_AT_EACH_END) {
      return pointer.substring(0, SHOWN_AT_EACH_END)
          + "…"
          + pointer.substring(pointer.length() - SHOWN_AT_EACH_END);
    }
    return pointer.isEmpty() ? "(root)" : pointer;
  }

  /** For JSON whose bytes are not at hand, such as a tree or an object of the user's. */
  InvalidJsonException(String what) {
    super(what);
  }
}
