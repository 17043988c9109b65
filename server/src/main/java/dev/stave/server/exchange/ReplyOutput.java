package dev.stave.server.exchange;

import io.undertow.io.AsyncSenderImpl;
import io.undertow.io.IoCallback;
import io.undertow.io.UndertowOutputStream;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The body of a reply. A short one is sent by the connection's I/O thread, once it is whole: a
 * worker that ended the exchange would hold the connection while that thread, woken by it, spins
 * for the next request (more than half of the CPU of small writes, on two busy processors).
 */
final class ReplyOutput extends OutputStream {

  /** A longer one is sent piece by piece, by the worker. */
  private static final int SHORT = 8 << 10;

  private static final int FIRST = 512;

  private final HttpServerExchange exchange;
  private final UndertowOutputStream pieces;
  private byte[] bytes = new byte[FIRST];
  private int count;
  private boolean inPieces;
  private boolean closed;

  ReplyOutput(HttpServerExchange exchange) {
    this.exchange = exchange;
    this.pieces = new UndertowOutputStream(exchange);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    if (!inPieces && count + length > SHORT) {
      beginPieces();
    }
    if (inPieces) {
      pieces.write(from, offset, length);
      return;
    }
    if (count + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, count + length));
    }
    System.arraycopy(from, offset, bytes, count, length);
    count += length;
  }

  private void beginPieces() throws IOException {
    inPieces = true;
    pieces.write(bytes, 0, count);
  }

  /** Forgets what was written and not sent. */
  void reset() {
    count = 0;
    if (inPieces) {
      pieces.resetBuffer();
    }
  }

  @Override
  public void flush() throws IOException {
    if (!inPieces) {
      beginPieces();
    }
    pieces.flush();
  }

  @Override
  public void close() throws IOException {
    if (closed || exchange.isUpgrade()) { // then another protocol has the connection
      return;
    }
    closed = true;
    boolean byWorker = inPieces || !exchange.isRequestComplete() || exchange.isInIoThread();
    if (byWorker) {
      if (!inPieces) {
        beginPieces();
      }
      pieces.close();
      return;
    }
    ByteBuffer whole = ByteBuffer.wrap(bytes, 0, count);
    exchange.dispatch(
        exchange.getIoThread(),
        () -> new AsyncSenderImpl(exchange).send(whole, IoCallback.END_EXCHANGE));
  }
}
