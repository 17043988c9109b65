package dev.stave.database;

import dev.stave.StaveException;

/** What somebody offered as the content of a database is none, or is damaged. Nothing is taken. */
public final class InvalidSeedException extends StaveException {

  private static final long serialVersionUID = 1L;

  InvalidSeedException(String what, Object... facts) {
    super(what, facts);
  }
}
