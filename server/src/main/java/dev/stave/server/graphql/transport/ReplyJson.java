package dev.stave.server.graphql.transport;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stave.server.exchange.Failures;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.graphql.ErrorCode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replies as JSON text. */
final class ReplyJson {

  private static final JsonFactory FACTORY = new ObjectMapper().getFactory(); // writes trees too

  private static final Logger LOG = LoggerFactory.getLogger(ReplyJson.class);

  private ReplyJson() {}

  /** Writes what a reply is made of: maps, lists, values, and trees that are JSON already. */
  static void write(JsonGenerator out, @Nullable Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      out.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.writeFieldName(String.valueOf(entry.getKey()));
        write(out, entry.getValue());
      }
      out.writeEndObject();
    } else if (value instanceof Iterable<?> list && !(value instanceof JsonNode)) {
      out.writeStartArray();
      for (Object each : list) {
        write(out, each);
      }
      out.writeEndArray();
    } else if (value instanceof JsonNode tree) {
      out.writeTree(tree);
    } else if (value instanceof String text) {
      out.writeString(text);
    } else if (value instanceof Integer number) {
      out.writeNumber(number);
    } else if (value instanceof Long number) {
      out.writeNumber(number);
    } else if (value instanceof BigInteger number) {
      out.writeNumber(number);
    } else if (value instanceof BigDecimal number) {
      out.writeNumber(number);
    } else if (value instanceof Double number) {
      out.writeNumber(number);
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else if (value == null) {
      out.writeNull();
    } else {
      out.writeString(value.toString());
    }
  }

  /** The same as text. */
  static String text(@Nullable Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      write(out, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter has none
    }
    return text.toString();
  }

  /** The errors of a request that was not looked at, or that ended before its time. */
  static List<Map<String, Object>> errors(HttpException why) {
    String error = why.error();
    boolean isGraphQLs = error.equals(error.toUpperCase(Locale.ROOT));
    String code = isGraphQLs ? error : code(why).name();
    return List.of(Map.of("message", why.reason(), "extensions", Map.of("code", code)));
  }

  /** As {@link #errors(HttpException)}; of what is not the client's fault the log tells more. */
  static List<Map<String, Object>> errors(Throwable failure) {
    HttpException why = Failures.of(failure);
    if (code(why) != ErrorCode.INTERNAL) {
      return errors(why);
    }
    LOG.error("an operation cannot be answered", failure);
    return errors(
        new HttpException(
            why.status(),
            ErrorCode.INTERNAL.name(),
            "the server failed to answer this. Its log tells why"));
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
