package dev.stave.server.command;

/** A command cannot go on. The message is the line that the user sees. */
final class CommandException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CommandException(String message) {
    super(message);
  }
}
