package dev.stave.server.http;

import dev.stave.StaveException;
import io.undertow.io.UndertowOutputStream;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/** Takes every request to a worker thread and sees that it is answered, whatever happens. */
final class RequestHandler implements HttpHandler {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  private static final HttpString REQUEST_ID = new HttpString("X-Couch-Request-ID");
  private static final String SERVER = "Stave/" + ServerVersion.stave();

  private final Router router;
  private final HttpLimits limits;

  RequestHandler(Router router, HttpLimits limits) {
    this.router = router;
    this.limits = limits;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    if (exchange.isInIoThread()) {
      exchange.dispatch(this);
      return;
    }
    exchange.getResponseHeaders().put(REQUEST_ID, newId()).put(Headers.SERVER, SERVER);
    exchange.startBlocking();
    Request request = new Request(exchange, this, limits);
    answer(request, any -> route(exchange, request));
  }

  private static String newId() {
    return String.format("%010x", ThreadLocalRandom.current().nextLong() & 0xff_ffff_ffffL);
  }

  private Reply route(HttpServerExchange exchange, Request request) throws IOException {
    String host = exchange.getHostName();
    if (!Loopback.isName(host)) { // a page of another site may make its name lead here
      throw new HttpException(
          403, "forbidden", "the Host header must name this machine, such as localhost: " + host);
    }
    return router.route(request).answer(request);
  }

  /** Has {@code endpoint} answer, and sends its reply, or an error if it fails. */
  void answer(Request request, Endpoint endpoint) {
    try {
      endpoint.answer(request).send(request);
    } catch (Exception | StackOverflowError failure) {
      fail(request, failure);
    }
  }

  private static void fail(Request request, Throwable failure) {
    HttpServerExchange exchange = request.exchange();
    if (failure instanceof IOException) { // reading has its own answer: this is from writing
      LOG.debug("the client is gone", failure);
      IoUtils.safeClose(exchange.getConnection());
      return;
    }
    HttpException error = Failures.of(failure);
    if (error.status() == 500) {
      String id = exchange.getResponseHeaders().getFirst(REQUEST_ID);
      String method = exchange.getRequestMethod().toString();
      boolean known = failure instanceof StaveException; // its message says all
      LOG.error(
          "request {}: {} {}: {}",
          id,
          method,
          exchange.getRequestURI(),
          known ? failure.getMessage() : failure.toString(),
          known ? null : failure);
    }
    if (exchange.isResponseStarted()) {
      IoUtils.safeClose(exchange.getConnection()); // the only way to say that this is not all
      return;
    }
    send(request, error);
  }

  private static void send(Request request, HttpException error) {
    try {
      if (request.output() instanceof UndertowOutputStream out) {
        out.resetBuffer();
      }
      new JsonReply(
              error.status(),
              error.headers(),
              out -> out.writeTree(JsonReply.error(error.error(), error.reason())))
          .send(request);
    } catch (IOException e) {
      LOG.debug("the client is gone", e);
      IoUtils.safeClose(request.exchange().getConnection());
    }
  }
}
