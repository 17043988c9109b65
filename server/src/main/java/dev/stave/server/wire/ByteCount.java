package dev.stave.server.wire;

import java.util.Locale;

/** A number of bytes, as people read it. */
public final class ByteCount {

  private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

  private ByteCount() {}

  /** Such as {@code 812 bytes} or {@code 5.6 MB}; a MB is a million. */
  public static String text(long bytes) {
    if (bytes < 1_000) {
      return bytes + (bytes == 1 ? " byte" : " bytes");
    }
    double size = bytes / 1e3;
    int unit = 0;
    while (size >= 999.95) { // it would be shown as 1000.0
      size /= 1e3;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", size, UNITS[unit]);
  }
}
