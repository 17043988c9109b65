package dev.stave.server.exchange;

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

/**
 * Takes every request, body and all, to a worker thread and sees that it is answered, whatever
 * happens.
 */
public final class RequestHandler implements HttpHandler {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  private static final HttpString REQUEST_ID = new HttpString("X-Couch-Request-ID");
  private static final String SERVER = "Stave/" + ServerVersion.stave();

  private final Routes routes;
  private final HttpLimits limits;
  private final BodyReader bodies;

  public RequestHandler(Routes routes, HttpLimits limits) {
    this.routes = routes;
    this.limits = limits;
    this.bodies = new BodyReader(limits);
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    exchange.getResponseHeaders().put(REQUEST_ID, newId()).put(Headers.SERVER, SERVER);
    Request request = new Request(exchange, this, limits);
    if (routes.isStreamed(request)) {
      new StreamedBody(request, this, routes).begin();
    } else if (exchange.isRequestComplete()) {
      exchange.dispatch(same -> begin(request));
    } else {
      bodies.read(
          exchange,
          routes.bodyLimit(request),
          body -> {
            request.setBody(body);
            if (body instanceof BodyReader.Body.Unreadable) {
              exchange.setPersistent(false); // the rest of it must not pass for a request
            }
            exchange.dispatch(same -> begin(request));
          });
    }
  }

  /** On a worker thread, with the body at hand. */
  private void begin(Request request) {
    begin(request, routes::answer);
  }

  /** On a worker thread, with nothing more of the body to come in. */
  void begin(Request request, Endpoint endpoint) {
    request.exchange().startBlocking(new ReplyStream(request.exchange()));
    answer(request, endpoint);
  }

  private static String newId() {
    return String.format("%010x", ThreadLocalRandom.current().nextLong() & 0xff_ffff_ffffL);
  }

  /** Has {@code endpoint} answer, and sends its reply, or an error if it fails. */
  void answer(Request request, Endpoint endpoint) {
    try {
      endpoint.answer(request).send(request);
    } catch (Exception | StackOverflowError failure) {
      fail(request, failure);
    }
    lingerIfRefused(request);
  }

  /** Else the end of the request closes the connection on a client that is still sending. */
  private void lingerIfRefused(Request request) {
    HttpServerExchange exchange = request.exchange();
    boolean sends = exchange.isResponseComplete() && !exchange.isRequestComplete();
    if (sends && request.receivedBody() instanceof BodyReader.Body.Unreadable refused) {
      Lingering.begin(exchange, refused.rest().get(), limits);
    }
  }

  private void fail(Request request, Throwable failure) {
    HttpServerExchange exchange = request.exchange();
    boolean answered =
        exchange.isComplete()
            || exchange.isResponseComplete(); // what failed is the connection's next step
    if (answered || failure instanceof IOException) { // bodies are read: this is from writing
      LOG.debug("the connection is lost", failure);
      IoUtils.safeClose(exchange.getConnection());
      return;
    }
    HttpException error = Failures.of(failure);
    if (error.status() >= 500 && routes.databaseIsGone(request)) {
      error = HttpException.noDatabase(); // dropped meanwhile
    }
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
      request
          .exchange()
          .getResponseHeaders()
          .remove(Headers.CONTENT_ENCODING); // of what was not sent
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
