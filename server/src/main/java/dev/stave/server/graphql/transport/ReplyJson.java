package dev.stave.server.graphql.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stave.server.exchange.Failures;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.graphql.ErrorCode;
import dev.stave.server.graphql.GraphQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replies as JSON text. */
final class ReplyJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Logger LOG = LoggerFactory.getLogger(ReplyJson.class);

  private ReplyJson() {}

  /** What a reply is made of: maps, lists, values, and trees that are JSON already. */
  static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON", e);
    }
  }

  /**
   * The errors of a request that was not looked at, or that ended before its time. Of what is not
   * the client's fault the log tells more.
   */
  static List<Map<String, Object>> errors(HttpException why) {
    String error = why.error();
    boolean isGraphQLs = error.equals(error.toUpperCase(Locale.ROOT));
    ErrorCode code = code(why);
    String message = code == ErrorCode.INTERNAL ? ErrorCode.INTERNAL_MESSAGE : why.reason();
    return errors(isGraphQLs ? error : code.name(), message);
  }

  private static List<Map<String, Object>> errors(String code, String message) {
    return List.of(Map.of("message", message, "extensions", Map.of("code", code)));
  }

  /** As {@link #errors(HttpException)}, of what nobody has logged. */
  static List<Map<String, Object>> errors(Throwable failure) {
    if (failure instanceof GraphQLException known) {
      return errors(known.code().name(), String.valueOf(known.getMessage()));
    }
    HttpException why = Failures.of(failure);
    if (code(why) == ErrorCode.INTERNAL) {
      LOG.error("an operation cannot be answered", failure);
    }
    return errors(why);
  }

  /** What a failure is in GraphQL. */
  static ErrorCode code(HttpException why) {
    return switch (why.status()) {
      case 401, 403 -> ErrorCode.FORBIDDEN;
      case 404 -> ErrorCode.NOT_FOUND;
      case 409 -> ErrorCode.STALE_REVISION;
      case 503 -> ErrorCode.UNAVAILABLE;
      default -> why.status() < 500 ? ErrorCode.BAD_REQUEST : ErrorCode.INTERNAL;
    };
  }
}
