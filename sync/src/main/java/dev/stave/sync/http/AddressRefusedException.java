package dev.stave.sync.http;

import java.io.IOException;

/** A connection was not made: where it leads to is not allowed. Thrown by a client's sockets. */
public final class AddressRefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  public AddressRefusedException(String message) {
    super(message);
  }
}
