package dev.stave.database;

import dev.stave.StaveException;

/**
 * A transaction was tried many times, and each time others changed what it had read. Nothing was
 * written. Make it shorter, or the contention less.
 */
public final class TransactionConflictException extends StaveException {

  private static final long serialVersionUID = 1L;

  public TransactionConflictException(int attempts) {
    super("what the transaction read kept changing", "attempts", attempts);
  }
}
