package dev.stave.query;

import dev.stave.StaveException;

/** A query would have cost more than its {@link QueryLimits} allow. Nothing of it is answered. */
public final class QueryLimitException extends StaveException {

  private static final long serialVersionUID = 1L;

  QueryLimitException(String what, Object limit) {
    super(what + ": ask for less, or allow more", "limit", limit);
  }
}
