package dev.stave.server.command;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a server sends is not all, or not what it should be. */
final class BrokenOffException extends IOException {

  private static final long serialVersionUID = 1L;

  BrokenOffException(@Nullable String what) {
    super(what);
  }

  BrokenOffException(IOException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }
}
