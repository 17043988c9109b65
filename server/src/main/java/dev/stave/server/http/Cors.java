package dev.stave.server.http;

import dev.stave.server.accounts.Settings;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Lets pages of other sites ask, if it is set so: {@code chttpd/enable_cors} and {@code
 * cors/origins}, as in CouchDB. Else a browser keeps the answers from them.
 */
final class Cors {

  private static final HttpString ORIGIN = new HttpString("Origin");
  private static final HttpString WANTED_METHOD = new HttpString("Access-Control-Request-Method");
  private static final HttpString ALLOW_ORIGIN = new HttpString("Access-Control-Allow-Origin");
  private static final HttpString ALLOW_CREDENTIALS =
      new HttpString("Access-Control-Allow-Credentials");
  private static final HttpString EXPOSE = new HttpString("Access-Control-Expose-Headers");
  private static final String SECTION = "cors";

  private static final String METHODS = "GET,HEAD,POST,PUT,DELETE,COPY,PATCH,OPTIONS";
  private static final String REQUEST_HEADERS =
      "accept,authorization,content-type,destination,if-match,if-none-match,last-event-id,origin,range,"
          + "referer,x-http-method-override";
  private static final String REPLY_HEADERS =
      "accept-ranges,cache-control,content-encoding,content-range,content-type,etag,location,server,"
          + "x-couch-request-id";
  private static final String MAX_AGE_SECONDS = "600";

  private final Settings settings;

  Cors(Settings settings) {
    this.settings = settings;
  }

  /**
   * Says in the reply whether a page may see it; the whole reply, if the browser only asks that.
   */
  Optional<Reply> answer(Request request) {
    String origin = request.exchange().getRequestHeaders().getFirst(ORIGIN);
    if (origin == null || !isAllowed(origin)) {
      return Optional.empty();
    }
    HeaderMap headers = request.exchange().getResponseHeaders();
    headers.put(ALLOW_ORIGIN, origin).put(EXPOSE, REPLY_HEADERS).add(Headers.VARY, "Origin");
    if (hasCredentials()) {
      headers.put(ALLOW_CREDENTIALS, "true");
    }
    boolean onlyAsks =
        request.method().equals("OPTIONS")
            && request.exchange().getRequestHeaders().contains(WANTED_METHOD);
    return onlyAsks ? Optional.of(this::sendPermission) : Optional.empty();
  }

  /** Whether a page of another site may ask with the cookie of whoever looks at it. */
  boolean trustsPageOf(Request request) {
    String origin = request.exchange().getRequestHeaders().getFirst(ORIGIN);
    return origin != null && isAllowed(origin) && hasCredentials();
  }

  private boolean hasCredentials() {
    return settings.get(SECTION, "credentials").orElse("false").equals("true");
  }

  private boolean isAllowed(String origin) {
    if (!settings.get("chttpd", "enable_cors").orElse("false").equals("true")) {
      return false;
    }
    String origins = settings.get(SECTION, "origins").orElse("");
    return Arrays.stream(origins.split(","))
        .map(String::trim)
        .anyMatch(allowed -> allowed.equals("*") || allowed.equalsIgnoreCase(origin));
  }

  private void sendPermission(Request request) throws IOException {
    request.begin(
        204,
        Map.of(
            "Access-Control-Allow-Methods",
            settings.get(SECTION, "methods").orElse(METHODS),
            "Access-Control-Allow-Headers",
            settings.get(SECTION, "headers").orElse(REQUEST_HEADERS),
            "Access-Control-Max-Age",
            MAX_AGE_SECONDS));
    request.output().close();
  }
}
