package dev.stave.json;

import dev.stave.StaveException;

/** The JSON is no JSON Patch (RFC 6902). The message names the operation that is wrong. */
public final class InvalidPatchException extends StaveException {

  private static final long serialVersionUID = 1L;

  InvalidPatchException(String what, Object... facts) {
    super(what, facts);
  }
}
