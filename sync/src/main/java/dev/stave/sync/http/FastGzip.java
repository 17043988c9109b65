package dev.stave.sync.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses what is sent once. The lowest level takes a third of the time of the usual one, and
 * makes of documents a tenth more.
 */
public final class FastGzip extends GZIPOutputStream {

  private static final int BUFFER_BYTES = 8 << 10;

  /** {@code bytes}, compressed. */
  static byte[] of(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (FastGzip compressed = new FastGzip(out)) {
      compressed.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail to be written
    }
    return out.toByteArray();
  }

  public FastGzip(OutputStream out) throws IOException {
    super(out, BUFFER_BYTES);
    def.setLevel(Deflater.BEST_SPEED);
  }
}
