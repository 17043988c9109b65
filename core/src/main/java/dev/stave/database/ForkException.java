package dev.stave.database;

import dev.stave.StaveException;

/**
 * A fork cannot be made, opened or dropped as it was asked: there is one of that name, or none; it
 * has forks of its own; or what it is to hold is not kept any more. The message says which, and
 * what to do.
 */
public final class ForkException extends StaveException {

  private static final long serialVersionUID = 1L;

  ForkException(String what, Object... facts) {
    super(what, facts);
  }
}
