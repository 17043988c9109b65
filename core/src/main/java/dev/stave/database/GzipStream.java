package dev.stave.database;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Compresses to a gzip member (RFC 1952). {@link java.util.zip.GZIPOutputStream} leaves open what
 * it writes in the header, and platforms differ; here equal bytes give equal bytes everywhere, and
 * the same as CouchDB stores, so that digests agree.
 */
final class GzipStream extends DeflaterOutputStream {

  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
  private static final int LEVEL = 8; // CouchDB's

  private final CRC32 crc = new CRC32();
  private boolean finished;

  GzipStream(OutputStream out, int bufferBytes) throws IOException {
    super(out, new Deflater(LEVEL, true), bufferBytes);
    out.write(HEADER, 0, HEADER.length);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    super.write(bytes, from, length);
    crc.update(bytes, from, length);
  }

  /** Writes what is left. The stream below stays open. */
  @Override
  public void finish() throws IOException {
    if (finished) {
      return;
    }
    finished = true;
    super.finish();
    writeInt((int) crc.getValue());
    writeInt((int) def.getBytesRead());
  }

  /** Lets go of what is outside the heap. */
  void end() {
    def.end();
  }

  private void writeInt(int value) throws IOException {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(value >>> shift);
    }
  }
}
