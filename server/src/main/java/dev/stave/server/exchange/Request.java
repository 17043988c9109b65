package dev.stave.server.exchange;

import dev.stave.json.InvalidJsonException;
import dev.stave.json.JsonObject;
import dev.stave.server.accounts.Identity;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.Cookie;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;

/** One request: what it says, and where its reply goes. */
public final class Request {

  private static final HttpString METHOD_OVERRIDE = new HttpString("X-HTTP-Method-Override");

  private static final int MAX_REWRITES = 100;
  private static final int INFLATED_PIECE = 16 << 10;
  private static final Pattern CHARSET = Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\\s;\"]*)");

  private final HttpServerExchange exchange;
  private final RequestHandler handler;
  private final HttpLimits limits;
  private final BodyBudget.Share share;
  private @Nullable RequestTarget target;
  private @Nullable String rewrittenMethod;
  private int rewrites;
  private volatile Identity identity = Identity.NOBODY; // what goes on is asked on many threads
  private volatile @Nullable Supplier<Optional<Identity>> identityAgain;
  private Runnable leave = () -> {};
  private BodyReader.Body body = new BodyReader.Body.Read(new byte[0]);

  Request(
      HttpServerExchange exchange,
      RequestHandler handler,
      HttpLimits limits,
      BodyBudget.Share share) {
    this.share = share;
    this.exchange = exchange;
    this.handler = handler;
    this.limits = limits;
    whenOver(share::close);
  }

  private RequestTarget target() {
    RequestTarget known = target;
    if (known == null) {
      known = parseTarget();
      target = known;
    }
    return known;
  }

  /**
   * Has the request ask something else.
   *
   * @throws HttpException 400 if it was rewritten too often
   */
  public void rewrite(Rewritten instead) {
    if (++rewrites > MAX_REWRITES) {
      throw HttpException.badRequest("Exceeded rewrite recursion limit");
    }
    target = new RequestTarget(instead.path(), new Parameters(instead.query()));
    rewrittenMethod = instead.method().toUpperCase(Locale.ROOT);
    byte[] other = instead.body();
    if (other != null) {
      body = new BodyReader.Body.Read(other);
    }
  }

  private RequestTarget parseTarget() {
    String uri = exchange.getRequestURI();
    String query = exchange.getQueryString();
    int length = uri.length() + (query.isEmpty() ? 0 : 1 + query.length());
    if (length > limits.urlBytes()) {
      throw new HttpException(
          414, "request_uri_too_long", "the URL is longer than " + limits.urlBytes() + " bytes");
    }
    return RequestTarget.parse(path(uri), query);
  }

  /** A client may send the whole URL. */
  private String path(String uri) {
    int slash = exchange.isHostIncludedInRequestURI() ? uri.indexOf('/', uri.indexOf("//") + 2) : 0;
    String path = slash < 0 ? "/" : uri.substring(slash);
    if (!path.startsWith("/")) {
      throw HttpException.badRequest("the path of a URL begins with a slash");
    }
    return path;
  }

  /** What its body may take of the memory for all bodies; given back when it is over. */
  BodyBudget.Share share() {
    return share;
  }

  /** Who asks. */
  public Identity identity() {
    return identity;
  }

  /** The error for somebody who may not: 401 if it did not say who it is, 403 else. */
  public HttpException refusal(String reason) {
    return identity.name() == null
        ? new HttpException(401, "unauthorized", "You are not authorized to access this: log in.")
        : new HttpException(403, "forbidden", reason);
  }

  /** Sets who asks, when that is found out. */
  public void setIdentity(Identity who) {
    identity = who;
  }

  /** Finds out who asks by now, if that was ever needed; empty if a login is over. */
  public @Nullable Supplier<Optional<Identity>> identityAgain() {
    return identityAgain;
  }

  /** Sets {@link #identityAgain}, when what was asked begins to go on. */
  public void setIdentityAgain(Supplier<Optional<Identity>> again) {
    identityAgain = again;
  }

  /** The value of a cookie that the client sent. */
  public Optional<String> cookie(String name) {
    for (Cookie cookie : exchange.requestCookies()) {
      if (cookie.getName().equals(name)) {
        return Optional.ofNullable(cookie.getValue());
      }
    }
    return Optional.empty();
  }

  /** Sets what was read of the body. */
  void setBody(BodyReader.Body read) {
    body = read;
  }

  /** The body as {@link #setBody} left it. */
  public BodyReader.Body receivedBody() {
    return body;
  }

  public HttpServerExchange exchange() {
    return exchange;
  }

  public HttpLimits limits() {
    return limits;
  }

  /** The method that is asked for: of HEAD it is GET, whose body is left out on the way. */
  public String method() {
    String other = rewrittenMethod;
    String method = other == null ? exchange.getRequestMethod().toString() : other;
    if (other == null && method.equals("POST")) { // a client that can do no more may mean another
      method = header(METHOD_OVERRIDE).map(name -> name.toUpperCase(Locale.ROOT)).orElse("POST");
    }
    return method.equals("HEAD") ? "GET" : method;
  }

  /** Whether the reply may be compressed: not after a heartbeat, which was not. */
  private boolean takesGzip() {
    String accepted = header(Headers.ACCEPT_ENCODING).orElse("").toLowerCase(Locale.ROOT);
    boolean takes = accepted.contains("gzip") && !accepted.contains("gzip;q=0");
    return takes && !isHead() && !exchange.isResponseStarted();
  }

  /** Whether it came over TLS. */
  public boolean isSecure() {
    return exchange.isSecure();
  }

  public boolean isHead() {
    return exchange.getRequestMethod().equals(Methods.HEAD);
  }

  /** The segments of the path, decoded. */
  public List<String> wholePath() {
    return target().segments();
  }

  /**
   * The same; but what is asked of a {@link #partition} is at the path that it has for the whole
   * database.
   */
  public List<String> path() {
    List<String> segments = target().segments();
    if (partition().isEmpty()) {
      return segments;
    }
    List<String> path = new ArrayList<>(segments.subList(0, 1));
    path.addAll(segments.subList(3, segments.size()));
    return path;
  }

  /** The partition of the database that the path names. */
  public Optional<String> partition() {
    List<String> segments = target().segments();
    return segments.size() > 2 && segments.get(1).equals("_partition")
        ? Optional.of(segments.get(2))
        : Optional.empty();
  }

  public String segment(int place) {
    return path().get(place);
  }

  public Parameters parameters() {
    return target().parameters();
  }

  public Optional<String> header(HttpString name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /** Whether the client names {@code media} among what it takes; "anything" does not count. */
  public boolean asksFor(String media) {
    return header(Headers.ACCEPT).orElse("").toLowerCase(Locale.ROOT).contains(media);
  }

  /** The revision that If-Match names. */
  public Optional<String> ifMatch() {
    return header(Headers.IF_MATCH).map(Request::unquoted);
  }

  /** Whether the client has what {@code etag} stands for. */
  public boolean hasAlready(String etag) {
    for (String each : header(Headers.IF_NONE_MATCH).orElse("").split(",")) {
      String candidate = each.trim().startsWith("W/") ? each.trim().substring(2) : each.trim();
      if (candidate.equals("*") || candidate.equals(etag)) {
        return true;
      }
    }
    return false;
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  /**
   * The bytes of the body, which must be said to be JSON: a web page of another site cannot say so
   * unasked.
   */
  public byte[] json(int limit) {
    if (!mediaType().equals("application/json")) {
      throw new HttpException(415, "bad_content_type", "Content-Type must be application/json");
    }
    Matcher charset = CHARSET.matcher(contentType());
    if (charset.find() && !charset.group(1).equals("utf-8")) {
      throw new HttpException(
          415, "bad_content_type", "the charset of JSON is utf-8, not " + charset.group(1));
    }
    return body(limit);
  }

  private String contentType() {
    return header(Headers.CONTENT_TYPE).orElse("").toLowerCase(Locale.ROOT);
  }

  /** How many bytes the body is said to have; -1 if that is not said. */
  public long contentLength() {
    return exchange.getRequestContentLength();
  }

  /** What the body is said to be, without parameters; empty if nothing is said. */
  public String mediaType() {
    return contentType().split(";", 2)[0].trim();
  }

  /** As {@link #json}, as an object. */
  public JsonObject jsonObject(int limit) {
    byte[] json = json(limit);
    try {
      return JsonObject.parse(json);
    } catch (InvalidJsonException e) {
      if (JsonObject.parseValue(json).isObject()) {
        throw e;
      }
      throw HttpException.badRequest("the request body must be a JSON object");
    }
  }

  /** The bytes of the body, whatever they are said to be. */
  public byte[] body(int limit) {
    if (body instanceof BodyReader.Body.Unreadable unreadable) {
      throw unreadable.why();
    }
    byte[] bytes = ((BodyReader.Body.Read) body).bytes();
    if (bytes.length > limit) {
      throw HttpException.tooLarge("too_large", limit);
    }
    String encoding = header(Headers.CONTENT_ENCODING).orElse("identity");
    if (encoding.equalsIgnoreCase("gzip")) {
      return inflated(bytes, limit);
    }
    if (!encoding.equalsIgnoreCase("identity")) {
      throw new HttpException(
          415, "bad_ctype", "Content-Encoding of a request is gzip or none, not: " + encoding);
    }
    return bytes;
  }

  /** A kilobyte may become a megabyte: what it becomes counts, piece by piece. */
  private byte[] inflated(byte[] bytes, int limit) {
    ByteArrayOutputStream inflated = new ByteArrayOutputStream();
    byte[] piece = new byte[INFLATED_PIECE];
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        if (inflated.size() + count > limit) {
          throw HttpException.tooLarge("too_large", limit);
        }
        share.take(count);
        inflated.write(piece, 0, count);
      }
      return inflated.toByteArray();
    } catch (IOException e) {
      throw HttpException.badRequest("the body is not gzip: " + e.getMessage());
    }
  }

  /** Sets what goes before the body of the reply. */
  public void begin(int status, Map<String, String> headers) {
    if (exchange.isResponseStarted()) {
      return; // by a heartbeat
    }
    exchange.setStatusCode(status);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
    exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "must-revalidate");
    headers.forEach(
        (name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
  }

  /** Sends white space, which may stand before JSON, so that the client sees a server at work. */
  public void sendHeartbeat() throws IOException {
    begin(200, Map.of());
    output().write('\n');
    output().flush();
  }

  /** As {@link #output}, for a long reply: compressed if the client takes that. */
  public OutputStream compressedOutput() {
    return takesGzip() ? new LateGzip(exchange, output()) : output();
  }

  public OutputStream output() {
    return exchange.getOutputStream();
  }

  /** Counts the request among those of its address; false if there are too many. */
  boolean enter(Visitors visitors) {
    InetAddress address = exchange.getSourceAddress().getAddress();
    if (!visitors.enter(address)) {
      return false;
    }
    AtomicBoolean left = new AtomicBoolean();
    leave =
        () -> {
          if (!left.getAndSet(true)) {
            visitors.leave(address);
          }
        };
    whenOver(leave);
    return true;
  }

  /**
   * Leaves the request unanswered for now; {@code parked} is called when this thread has let go.
   */
  public void park(Runnable parked) {
    leave.run(); // what waits does not count
    exchange.dispatch(SameThreadExecutor.INSTANCE, parked);
  }

  /** Goes on with a parked request: {@code next} answers it, on a worker thread. */
  public void resume(Endpoint next) {
    exchange.dispatch(same -> handler.answer(this, next));
  }

  /** Calls {@code task} when all is over, whether the reply was sent whole or not. */
  public void whenOver(Runnable task) {
    exchange.addExchangeCompleteListener(
        (same, next) -> {
          task.run();
          next.proceed();
        });
  }

  /** Calls {@code task} later, on a thread that must not be held up. */
  public XnioExecutor.Key after(long millis, Runnable task) {
    return exchange.getIoThread().executeAfter(task, millis, TimeUnit.MILLISECONDS);
  }
}
