package dev.stave.server.accounts;

import dev.stave.StaveException;

/** Somebody said who it is, and it cannot be believed. */
public final class LoginException extends StaveException {

  private static final long serialVersionUID = 1L;

  LoginException(String message) {
    super(message);
  }
}
