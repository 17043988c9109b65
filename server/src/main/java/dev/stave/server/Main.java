package dev.stave.server;

import dev.stave.server.command.StaveCommand;

/** Where the program begins. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    int exitCode = StaveCommand.run(arguments);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }
}
