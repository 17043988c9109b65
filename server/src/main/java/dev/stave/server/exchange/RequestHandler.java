package dev.stave.server.exchange;

import dev.stave.StaveException;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
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

  /** Colon, space and the end of the line. */
  private static final int HEADER_SIGNS = 4;

  private final Routes routes;
  private final HttpLimits limits;
  private final BodyReader bodies;
  private final Visitors visitors;
  private final BodyBudget budget;

  public RequestHandler(Routes routes, HttpLimits limits) {
    this.routes = routes;
    this.limits = limits;
    this.bodies = new BodyReader(limits);
    this.budget = new BodyBudget(limits.bodiesBytes());
    this.visitors = new Visitors(limits.requestsPerAddress());
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    exchange.getResponseHeaders().put(REQUEST_ID, newId()).put(Headers.SERVER, SERVER);
    Request request = new Request(exchange, this, limits, budget.share());
    HttpException refusal = refusal(request);
    if (refusal != null) {
      refuse(request, refusal);
    } else if (routes.isStreamed(request)) {
      new StreamedBody(request, this, routes).begin();
    } else if (exchange.isRequestComplete()) {
      exchange.dispatch(same -> begin(request));
    } else {
      bodies.read(
          request,
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

  /** Why a request is not even looked at; null if it is. */
  private @Nullable HttpException refusal(Request request) {
    HttpServerExchange exchange = request.exchange();
    HeaderMap headers = exchange.getRequestHeaders();
    int count = 0;
    long bytes = 0;
    for (HeaderValues each : headers) {
      for (String value : each) {
        count++;
        bytes += each.getHeaderName().length() + value.length() + HEADER_SIGNS;
      }
    }
    if (count > limits.headers() || bytes > limits.headerBytes()) {
      return new HttpException(
          431,
          "request_header_fields_too_large",
          "a request has no more than "
              + limits.headers()
              + " headers of "
              + limits.headerBytes()
              + " bytes together");
    }
    String coding = headers.getFirst(Headers.TRANSFER_ENCODING);
    boolean known = coding == null || coding.equalsIgnoreCase("chunked");
    if (!known || headers.count(Headers.TRANSFER_ENCODING) > 1) {
      return new HttpException( // Undertow takes any for chunked, and a proxy may not
          501, "not_implemented", "Transfer-Encoding is chunked or not there, not: " + coding);
    }
    if (!request.enter(visitors)) {
      return new HttpException(
          429,
          "too_many_requests",
          limits.requestsPerAddress()
              + " requests from your address are under way: send the next when some are answered",
          Map.of("Retry-After", "1"));
    }
    return null;
  }

  /** Answers at once, with the body unread. */
  private void refuse(Request request, HttpException why) {
    HttpServerExchange exchange = request.exchange();
    if (!exchange.isRequestComplete()) {
      exchange.setPersistent(false); // the rest of it must not pass for a request
      request.setBody(BodyReader.unread(exchange, why));
    }
    exchange.dispatch(
        same ->
            begin(
                request,
                refused -> {
                  throw why;
                }));
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
      if (request.output() instanceof ReplyOutput out) {
        out.reset();
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
