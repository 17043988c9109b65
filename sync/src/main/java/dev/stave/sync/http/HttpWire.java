package dev.stave.sync.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.PeerException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Requests and what came of them, as values and exceptions that say nothing of HTTP. */
final class HttpWire {

  static final MediaType JSON = MediaType.get("application/json");

  /** Numbers keep their digits, and what is over a limit is refused where a document is made. */
  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNumberLength(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  /** A peer may take so long for all of a few bytes, and not as long again for each of them. */
  private static final int MOST_OF_A_WORD_SECONDS = 60;

  private static final int TIMEOUT = 408;
  private static final int TOO_MANY = 429;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int MAX_ERROR_BYTES = 64 << 10;
  private static final long MAX_RETRY_AFTER_SECONDS = 24 * 60 * 60;

  private final HttpUrl database;
  private final String name;
  private final OkHttpClient client;
  private final OkHttpClient brief; // the same, for what is answered in a few bytes

  HttpWire(HttpUrl database, OkHttpClient client) {
    this.database = database;
    this.name = database.toString();
    this.client = client;
    this.brief = client.newBuilder().callTimeout(MOST_OF_A_WORD_SECONDS, TimeUnit.SECONDS).build();
  }

  /** What {@code database} is a database of. */
  static HttpUrl serverOf(HttpUrl database) {
    int last = database.pathSize() - 1;
    HttpUrl.Builder server = database.newBuilder().query(null).fragment(null);
    return last == 0
        ? server.setPathSegment(0, "").build()
        : server.removePathSegment(last).build();
  }

  /** A call that {@link #cancelAll} knows. */
  Call call(Request request) {
    return call(client, request);
  }

  private Call call(OkHttpClient by, Request request) {
    return by.newCall(request.newBuilder().tag(HttpWire.class, this).build());
  }

  /** Whether calls wait for others to end. */
  boolean isBusy() {
    return client.dispatcher().queuedCallsCount() > 0;
  }

  /** Breaks off what is under way. */
  void cancelAll() {
    List<Call> calls = new ArrayList<>(client.dispatcher().runningCalls());
    calls.addAll(client.dispatcher().queuedCalls());
    for (Call call : calls) {
      if (call.request().tag(HttpWire.class) == this) {
        call.cancel();
      }
    }
  }

  String name() {
    return name;
  }

  HttpUrl database() {
    return database;
  }

  HttpUrl.Builder at(String... segments) {
    HttpUrl.Builder url = database.newBuilder();
    for (String segment : segments) {
      url.addPathSegment(segment);
    }
    return url;
  }

  static Request.Builder get(HttpUrl.Builder url) {
    return new Request.Builder().url(url.build()).header("Accept", "application/json");
  }

  static Request.Builder post(HttpUrl.Builder url, byte[] json) {
    return get(url).post(RequestBody.create(json, JSON));
  }

  /** As {@link #post}, to a server that is known to take it compressed. */
  static Request.Builder postCompressed(HttpUrl.Builder url, byte[] json) {
    return post(url, FastGzip.of(json)).header("Content-Encoding", "gzip");
  }

  static byte[] bytes(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of ours can be written", e);
    }
  }

  /** What came back, whatever it is. Close it. */
  Response send(Request request) {
    return send(client, request);
  }

  private Response send(OkHttpClient by, Request request) {
    try {
      Response response = call(by, request).execute();
      requireSame(request, response);
      return response;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** What is written would become a question on its way, and the answer one to that. */
  private void requireSame(Request asked, Response response) {
    if (!response.request().method().equals(asked.method())) {
      String to = response.request().url().newBuilder().query(null).build().toString();
      response.close();
      throw new PeerException(
          Kind.REQUEST_REFUSED,
          null,
          "the peer redirects what is written: replicate with the address that it leads to",
          "to",
          to,
          "peer",
          name);
    }
  }

  PeerException unreachable(IOException e) {
    if (e instanceof AddressRefusedException) {
      return new PeerException(Kind.REQUEST_REFUSED, e, String.valueOf(e.getMessage()));
    }
    return new PeerException(
        Kind.UNREACHABLE, e, "the peer cannot be reached", "peer", name, "because", e);
  }

  /** What came back if all is well. Close it. */
  Response sendWell(Request request) {
    return well(send(request));
  }

  /** As {@link #sendWell}, of what is answered in a few bytes. */
  Response sendBriefly(Request request) {
    return well(send(brief, request));
  }

  private Response well(Response response) {
    if (response.isSuccessful()) {
      return response;
    }
    try (response) {
      throw failure(response);
    }
  }

  JsonNode json(Request request) {
    try (Response response = sendWell(request)) {
      return read(response);
    }
  }

  /** As {@link #json}, empty if there is no such thing. */
  Optional<JsonNode> jsonIfThere(Request request) {
    try (Response response = send(request)) {
      if (response.code() == 404) {
        return Optional.empty();
      }
      if (!response.isSuccessful()) {
        throw failure(response);
      }
      return Optional.of(read(response));
    }
  }

  JsonNode read(Response response) {
    try (InputStream body = body(response)) {
      JsonNode read = MAPPER.readTree(body);
      if (read == null || read.isMissingNode()) {
        throw wrong(response, "it is empty");
      }
      return read;
    } catch (JsonProcessingException e) {
      throw wrong(response, "it is no JSON");
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** Reads an answer token by token. */
  interface Reading {
    void go(JsonParser parser) throws IOException;
  }

  void read(Response response, Reading reading) {
    try (InputStream body = body(response);
        JsonParser parser = MAPPER.createParser(body)) {
      reading.go(parser);
    } catch (JsonProcessingException e) {
      throw wrong(response, "it is no JSON");
    } catch (NoAnswerException e) {
      throw wrong(response, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** Reads an answer that is no JSON. */
  interface ByteReading {
    void go(InputStream in) throws IOException;
  }

  void readBytes(Response response, ByteReading reading) {
    try (InputStream in = body(response)) {
      reading.go(in);
    } catch (NoAnswerException e) {
      throw wrong(response, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  static InputStream body(Response response) {
    okhttp3.ResponseBody body = response.body();
    return body == null ? new java.io.ByteArrayInputStream(new byte[0]) : body.byteStream();
  }

  PeerException wrong(Response response, String what) {
    return new PeerException(
        Kind.WRONG_ANSWER,
        null,
        "the peer's answer is none: " + what,
        "path",
        response.request().url().encodedPath(),
        "peer",
        name);
  }

  /** What is wrong, in the peer's words. */
  static String reason(Response response) {
    try (InputStream in = body(response)) {
      byte[] bytes = new byte[MAX_ERROR_BYTES];
      int length = 0;
      int count = in.read(bytes);
      while (count >= 0 && length < bytes.length) {
        length += count;
        count = in.read(bytes, length, bytes.length - length);
      }
      return reason(MAPPER.readTree(bytes, 0, length));
    } catch (IOException e) {
      return "HTTP " + response.code();
    }
  }

  static String reason(JsonNode error) {
    String what = error.path("error").asText("");
    String why = error.path("reason").asText("");
    return what.isEmpty() || why.isEmpty() ? what + why : what + ": " + why;
  }

  PeerException failure(Response response) {
    int code = response.code();
    Kind kind = kind(code);
    return new PeerException(
        kind,
        retryAfterMillis(response.header("Retry-After")),
        null,
        what(kind),
        "status",
        code,
        "reason",
        reason(response),
        "path",
        response.request().url().encodedPath(),
        "peer",
        name);
  }

  private static Kind kind(int code) {
    switch (code) {
      case TIMEOUT:
      case TOO_MANY:
        return Kind.BUSY;
      case 401:
      case 403:
        return Kind.LOGIN_REFUSED;
      case 404:
        return Kind.NOT_THERE;
      case 413:
        return Kind.TOO_LARGE;
      default:
        return code >= 500 && code != NOT_IMPLEMENTED ? Kind.BUSY : Kind.REQUEST_REFUSED;
    }
  }

  private static String what(Kind kind) {
    switch (kind) {
      case BUSY:
        return "the peer is busy or out of order";
      case LOGIN_REFUSED:
        return "the peer does not let us in: see to the credentials";
      case NOT_THERE:
        return "the peer has no such database";
      default:
        return "the peer refuses the request";
    }
  }

  private static long retryAfterMillis(@Nullable String seconds) {
    try {
      return seconds == null
          ? -1
          : Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(0, Long.parseLong(seconds.trim()))) * 1_000;
    } catch (NumberFormatException e) {
      return -1; // a date: our own backoff will do
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
