package dev.stave.server.command;

import java.util.Locale;

/** How long a command has taken. */
final class Stopwatch {

  private final long began = System.nanoTime();

  /** Such as {@code in 2.3 s}. */
  String text() {
    return String.format(Locale.ROOT, "in %.1f s", (System.nanoTime() - began) / 1e9);
  }
}
