package dev.stave.server.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Bytes of ours on their way into a reply. */
public final class OwnBytes {

  private static final int BUFFER_BYTES = 64 << 10;

  private OwnBytes() {}

  /** What they are read from; -1 at its end. */
  @FunctionalInterface
  public interface Source {
    int read(byte[] to, int offset, int length) throws IOException;
  }

  /**
   * Copies the next {@code length} bytes. What goes wrong in reading is a failure of ours, which is
   * to be logged, and not one of the connection.
   *
   * @param what they are, for people
   * @throws IllegalStateException if there are fewer
   * @throws UncheckedIOException if they cannot be read
   * @throws IOException if the client is gone
   */
  public static void copy(Source from, long length, OutputStream out, String what)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (long left = length; left > 0; ) {
      int count = read(from, buffer, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new IllegalStateException(what + " is cut: bytes missing=" + left);
      }
      out.write(buffer, 0, count);
      left -= count;
    }
  }

  private static int read(Source from, byte[] buffer, int length) {
    try {
      return from.read(buffer, 0, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
