package dev.stave.query;

import dev.stave.StaveException;

/** A selector or query that means nothing. Nothing was read. */
public final class InvalidSelectorException extends StaveException {

  private static final long serialVersionUID = 1L;

  private final String code;

  InvalidSelectorException(String code, String what) {
    super(what);
    this.code = code;
  }

  /** CouchDB's name of the mistake, such as {@code invalid_operator} or {@code bad_arg}. */
  public String code() {
    return code;
  }
}
