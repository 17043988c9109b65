package dev.stave.sync.http;

import java.io.IOException;

/** What came is whole, and is not what was asked for. */
public final class NoAnswerException extends IOException {

  private static final long serialVersionUID = 1L;

  NoAnswerException(String what) {
    super(what);
  }
}
