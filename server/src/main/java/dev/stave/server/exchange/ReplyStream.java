package dev.stave.server.exchange;

import io.undertow.io.Receiver;
import io.undertow.io.Sender;
import io.undertow.server.BlockingHttpExchange;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A reply is written by a thread that may have to wait for the client; a body never is read so.
 * Undertow's own would, when it ends, wait for the rest of a body that was refused.
 */
final class ReplyStream implements BlockingHttpExchange {

  private final ReplyOutput out;

  ReplyStream(HttpServerExchange exchange) {
    this.out = new ReplyOutput(exchange);
  }

  @Override
  public InputStream getInputStream() {
    return InputStream.nullInputStream();
  }

  @Override
  public OutputStream getOutputStream() {
    return out;
  }

  @Override
  public Sender getSender() {
    throw new UnsupportedOperationException("replies go through the stream");
  }

  @Override
  public Receiver getReceiver() {
    throw new UnsupportedOperationException("the body is read already");
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
