package dev.stave.server.exchange;

import dev.stave.sync.http.FastGzip;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Compresses a reply, once it is long enough to be worth it. */
final class LateGzip extends OutputStream {

  /** A shorter reply is sent as it is, and with its length. */
  static final int WORTH_IT = 8 << 10;

  private final HttpServerExchange exchange;
  private final OutputStream plain;
  private byte[] first = new byte[1 << 10];
  private int count;
  private @Nullable OutputStream compressed;

  LateGzip(HttpServerExchange exchange, OutputStream plain) {
    this.exchange = exchange;
    this.plain = plain;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    OutputStream out = compressed;
    if (out == null && count + length <= WORTH_IT) {
      if (count + length > first.length) {
        first = Arrays.copyOf(first, Math.min(WORTH_IT, 2 * (count + length)));
      }
      System.arraycopy(bytes, offset, first, count, length);
      count += length;
      return;
    }
    if (out == null) {
      exchange.getResponseHeaders().put(Headers.CONTENT_ENCODING, "gzip");
      out = new FastGzip(plain);
      out.write(first, 0, count);
      compressed = out;
    }
    out.write(bytes, offset, length);
  }

  @Override
  public void close() throws IOException {
    if (compressed != null) {
      compressed.close();
    } else {
      plain.write(first, 0, count);
      plain.close();
    }
  }
}
