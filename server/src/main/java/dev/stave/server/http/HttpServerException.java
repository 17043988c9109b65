package dev.stave.server.http;

import dev.stave.StaveException;

/** The server cannot start. The message says what to do. */
public final class HttpServerException extends StaveException {

  private static final long serialVersionUID = 1L;

  HttpServerException(String what) {
    super(what);
  }
}
