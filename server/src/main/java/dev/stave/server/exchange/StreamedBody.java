package dev.stave.server.exchange;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xnio.channels.StreamSourceChannel;

/**
 * Takes a body to a sink while it comes in: on worker threads, one at a time, and on none while
 * nothing comes. So a slow client keeps no thread, and a long body little memory.
 */
public final class StreamedBody {

  /** Takes a body, piece by piece, and answers when that is all. */
  public interface Sink extends AutoCloseable {

    /** Takes the first {@code length} bytes of {@code bytes}, which it may not keep. */
    void take(byte[] bytes, int length);

    /** That was all of it. */
    Reply end();

    /** Lets go of what was taken. */
    @Override
    void close();
  }

  private final Request request;
  private final HttpServerExchange exchange;
  private final RequestHandler handler;
  private final Routes routes;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean waiting = new AtomicBoolean(); // who clears it goes on
  private final Pace pace;
  private @Nullable Sink sink;
  private @Nullable StreamSourceChannel channel;

  StreamedBody(Request request, RequestHandler handler, Routes routes) {
    this.request = request;
    this.exchange = request.exchange();
    this.handler = handler;
    this.routes = routes;
    this.pace = new Pace(exchange, request.limits(), this::tooSlow);
  }

  void begin() {
    exchange.dispatch(same -> open());
  }

  private void open() {
    Sink opened;
    try {
      opened = routes.sink(request);
    } catch (RuntimeException e) {
      refuse(e, null);
      return;
    }
    sink = opened;
    exchange.addExchangeCompleteListener(
        (ended, proceed) -> {
          if (!closed.get()) { // the client is gone
            exchange.getConnection().getWorker().execute(() -> close(opened));
          }
          proceed.proceed();
        });
    StreamSourceChannel body = exchange.getRequestChannel();
    channel = body;
    pace.begin();
    readOn(opened, body);
  }

  private void close(Sink opened) {
    if (!closed.getAndSet(true)) {
      opened.close();
    }
  }

  /** Takes what there is now. */
  private void readOn(Sink opened, StreamSourceChannel body) {
    try (PooledByteBuffer pooled = exchange.getConnection().getByteBufferPool().allocate()) {
      ByteBuffer buffer = pooled.getBuffer();
      byte[] piece = new byte[buffer.remaining()];
      int count = body.read(buffer);
      while (count > 0) {
        buffer.flip();
        buffer.get(piece, 0, count);
        opened.take(piece, count);
        pace.came(count);
        buffer.clear();
        count = body.read(buffer);
      }
      if (count == 0) {
        body.getReadSetter().set(same -> goOn(opened, body));
        waiting.set(true);
        body.resumeReads();
        return;
      }
    } catch (IOException e) {
      refuse(
          HttpException.badRequest("the body cannot be read to its end: " + e.getMessage()), body);
      return;
    } catch (RuntimeException e) {
      refuse(e, body);
      return;
    }
    pace.end();
    handler.begin(
        request,
        same -> {
          try {
            return opened.end();
          } finally {
            close(opened);
          }
        });
  }

  private void goOn(Sink opened, StreamSourceChannel body) {
    if (stopWaiting(body)) {
      Connectors.executeRootHandler(same -> same.dispatch(next -> readOn(opened, body)), exchange);
    }
  }

  private boolean stopWaiting(StreamSourceChannel body) {
    boolean mine = waiting.getAndSet(false);
    if (mine) {
      body.getReadSetter().set(null);
      body.suspendReads();
    }
    return mine;
  }

  private void tooSlow() {
    StreamSourceChannel body = channel;
    if (body != null && stopWaiting(body)) { // else we are the slow ones
      Connectors.executeRootHandler(
          same -> same.dispatch(next -> refuse(pace.failure(), body)), exchange);
    }
  }

  /** Answers before the end of the body. */
  private void refuse(RuntimeException why, @Nullable StreamSourceChannel rest) {
    pace.end();
    Sink opened = sink;
    if (opened != null) {
      close(opened);
    }
    if (!exchange.isRequestComplete()) {
      exchange.setPersistent(false); // the rest of it must not pass for a request
      HttpException shown = Failures.of(why);
      Supplier<StreamSourceChannel> channelOfRest = () -> rest;
      request.setBody(
          rest == null
              ? BodyReader.unread(exchange, shown)
              : new BodyReader.Body.Unreadable(shown, channelOfRest));
    }
    handler.begin(
        request,
        same -> {
          throw why;
        });
  }
}
