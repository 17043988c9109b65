package dev.stave.server.command;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One line on a terminal that says how far a long work is. */
final class Progress {

  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int BAR = 24;

  private final PrintWriter terminal;
  private final boolean shown;
  private final long totalBytes;
  private final LongSupplier nanos;
  private final long start;
  private long shownAt;
  private boolean drawn;

  /** {@code totalBytes} is 0 if it is not known; {@code shown} is false where nobody looks. */
  Progress(PrintWriter terminal, boolean shown, long totalBytes, LongSupplier nanos) {
    this.terminal = terminal;
    this.shown = shown;
    this.totalBytes = totalBytes;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
    this.shownAt = start;
  }

  /** Draws the line again, if the last time is a while ago. */
  void at(long documents, long bytes) {
    long now = nanos.getAsLong();
    if (shown && now - shownAt >= EVERY_NANOS) {
      shownAt = now;
      drawn = true;
      terminal.print("\r" + line(documents, bytes, now - start) + "\033[K");
      terminal.flush();
    }
  }

  private String line(long documents, long bytes, long elapsedNanos) {
    String rate = String.format(Locale.ROOT, "%,d documents, %s", documents, rate(documents));
    if (totalBytes == 0) {
      return rate;
    }
    double share = Math.min(1, (double) bytes / totalBytes);
    int full = (int) (share * BAR);
    long secondsLeft =
        share == 0
            ? 0
            : TimeUnit.NANOSECONDS.toSeconds((long) (elapsedNanos / share - elapsedNanos));
    return String.format(
        Locale.ROOT,
        "[%s%s] %3.0f %%  %s, %d s left",
        "#".repeat(full),
        ".".repeat(BAR - full),
        100 * share,
        rate,
        secondsLeft);
  }

  /** How many a second there were so far. */
  String rate(long documents) {
    double seconds = Math.max(1e-3, (nanos.getAsLong() - start) / 1e9);
    return String.format(Locale.ROOT, "%,.0f/s", documents / seconds);
  }

  /** Seconds since the beginning. */
  double seconds() {
    return (nanos.getAsLong() - start) / 1e9;
  }

  /** Takes the line away. */
  void end() {
    if (drawn) {
      terminal.print("\r\033[K");
      terminal.flush();
    }
  }
}
