package dev.stave.server.command;

import dev.stave.server.wire.ByteCount;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

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
    at(bytes, () -> String.format(Locale.ROOT, "%,d documents, %s", documents, rate(documents)));
  }

  /** As {@link #at(long, long)}, where so many documents are left; -1 if nobody knows. */
  void towards(long documents, long left) {
    double share = left < 0 ? 0 : (double) documents / Math.max(1, documents + left);
    draw(share, () -> String.format(Locale.ROOT, "%,d documents, %s", documents, rate(documents)));
  }

  /** As {@link #at(long, long)}, of what is not counted in documents. */
  void at(long bytes) {
    at(
        bytes,
        () -> ByteCount.text(bytes) + ", " + ByteCount.text((long) (bytes / elapsed())) + "/s");
  }

  private void at(long bytes, Supplier<String> soFar) {
    draw(totalBytes == 0 ? 0 : Math.min(1, (double) bytes / totalBytes), soFar);
  }

  /** {@code share} of all is done; 0 if that is not known. */
  private void draw(double share, Supplier<String> soFar) {
    long now = nanos.getAsLong();
    if (shown && now - shownAt >= EVERY_NANOS) {
      shownAt = now;
      drawn = true;
      terminal.print("\r" + line(soFar.get(), share, now - start) + "\033[K");
      terminal.flush();
    }
  }

  private static String line(String rate, double share, long elapsedNanos) {
    if (share == 0) {
      return rate;
    }
    int full = (int) (share * BAR);
    long secondsLeft = TimeUnit.NANOSECONDS.toSeconds((long) (elapsedNanos / share - elapsedNanos));
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
    return String.format(Locale.ROOT, "%,.0f/s", documents / elapsed());
  }

  private double elapsed() {
    return Math.max(1e-3, seconds());
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
