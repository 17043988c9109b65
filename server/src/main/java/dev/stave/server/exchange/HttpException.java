package dev.stave.server.exchange;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that is answered with an error: CouchDB's status, name and reason of it. */
public final class HttpException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String error;
  private final transient Map<String, String> headers;

  public HttpException(int status, String error, @Nullable String reason) {
    this(status, error, reason, Map.of());
  }

  public HttpException(
      int status, String error, @Nullable String reason, Map<String, String> headers) {
    super(reason);
    this.status = status;
    this.error = error;
    this.headers = headers;
  }

  public static HttpException badRequest(@Nullable String reason) {
    return new HttpException(400, "bad_request", reason);
  }

  /** A parameter of the URL that cannot be what it is. */
  public static HttpException badParameter(String reason) {
    return new HttpException(400, "query_parse_error", reason);
  }

  public static HttpException notFound(String reason) {
    return new HttpException(404, "not_found", reason);
  }

  /** The database is unknown, or was dropped meanwhile. */
  public static HttpException noDatabase() {
    return notFound("Database does not exist.");
  }

  public static HttpException conflict() {
    return new HttpException(409, "conflict", "Document update conflict.");
  }

  public static HttpException tooLarge(String error, long limit) {
    return new HttpException(413, error, "larger than " + limit + " bytes");
  }

  /** Of a body of {@code length} bytes no range was asked for that is in it. */
  public static HttpException noSuchRange(long length) {
    return new HttpException(
        416,
        "requested_range_not_satisfiable",
        "Requested range not satisfiable",
        Map.of("Content-Range", "bytes */" + length));
  }

  /** What CouchDB has and Stave has not; refused, since to ignore it would change the answer. */
  public static HttpException notImplemented(String what) {
    return new HttpException(501, "not_implemented", "Stave does not have this yet: " + what);
  }

  public int status() {
    return status;
  }

  public String error() {
    return error;
  }

  public String reason() {
    return String.valueOf(getMessage());
  }

  public Map<String, String> headers() {
    return headers;
  }
}
