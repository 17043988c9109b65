package dev.stave.server.http;

import dev.stave.StaveException;
import dev.stave.server.accounts.Accounts;
import io.undertow.io.UndertowOutputStream;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/**
 * Takes every request, body and all, to a worker thread and sees that it is answered, whatever
 * happens.
 */
final class RequestHandler implements HttpHandler {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  private static final HttpString REQUEST_ID = new HttpString("X-Couch-Request-ID");
  private static final String SERVER = "Stave/" + ServerVersion.stave();

  private final Router router;
  private final Accounts accounts;
  private final AccessRules access;
  private final Cors cors;
  private final HttpLimits limits;
  private final BodyReader bodies;

  RequestHandler(
      Router router, Accounts accounts, AccessRules access, Cors cors, HttpLimits limits) {
    this.router = router;
    this.accounts = accounts;
    this.access = access;
    this.cors = cors;
    this.limits = limits;
    this.bodies = new BodyReader(limits);
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    exchange.getResponseHeaders().put(REQUEST_ID, newId()).put(Headers.SERVER, SERVER);
    Request request = new Request(exchange, this, limits);
    if (router.isStreamed(request)) {
      new StreamedBody(request, this, router).begin();
    } else if (exchange.isRequestComplete()) {
      exchange.dispatch(same -> begin(request));
    } else {
      bodies.read(
          exchange,
          router.bodyLimit(request),
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
    begin(request, this::route);
  }

  /** On a worker thread, with nothing more of the body to come in. */
  void begin(Request request, Endpoint endpoint) {
    request.exchange().startBlocking(new ReplyStream(request.exchange()));
    answer(request, endpoint);
  }

  private static String newId() {
    return String.format("%010x", ThreadLocalRandom.current().nextLong() & 0xff_ffff_ffffL);
  }

  private Reply route(Request request) throws IOException {
    Optional<Reply> toBrowser = cors.answer(request);
    if (toBrowser.isPresent()) {
      return toBrowser.get();
    }
    admit(request);
    return router.route(request).answer(request);
  }

  /** Finds out who asks, and refuses what that one may not ask. */
  void admit(Request request) {
    HttpServerExchange exchange = request.exchange();
    String host = exchange.getHostName();
    if (!accounts.areClosed() && !Loopback.isName(host)) {
      throw new HttpException( // a page of another site may make its name lead here
          403, "forbidden", "the Host header must name this machine, such as localhost: " + host);
    }
    String cookie = request.cookie(SessionEndpoint.COOKIE).orElse(null);
    String authorization = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
    request.setIdentity(accounts.identify(authorization, cookie));
    if (cookie != null && "cookie".equals(request.identity().by())) {
      accounts
          .renewed(cookie)
          .map(SessionEndpoint::cookie)
          .ifPresent(fresh -> exchange.getResponseHeaders().put(Headers.SET_COOKIE, fresh));
    }
    access.require(request);
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
    if (error.status() >= 500 && router.databaseIsGone(request)) {
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
