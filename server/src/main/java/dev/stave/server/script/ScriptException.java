package dev.stave.server.script;

import dev.stave.StaveException;

/**
 * A function cannot be compiled, has thrown, or has cost too much. {@link #error} is CouchDB's name
 * for it: {@code compilation_error}, {@code forbidden}, {@code unauthorized}, or what the function
 * has called it itself; the message says why, and where.
 */
public final class ScriptException extends StaveException {

  private static final long serialVersionUID = 1L;

  /** What a function is refused with that runs for too long or allocates too much. */
  public static final String TOO_COSTLY = "script_limit";

  private final String error;

  ScriptException(String error, String reason) {
    super(reason);
    this.error = error;
  }

  /** For what a function has made that nobody can use. */
  public static ScriptException of(String error, String reason) {
    return new ScriptException(error, reason);
  }

  public String error() {
    return error;
  }

  public String reason() {
    return String.valueOf(getMessage());
  }
}
