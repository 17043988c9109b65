package dev.stave.server.graphql;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * What a request is answered with.
 *
 * @param isExecuted whether the operation began; if not, {@code body} has {@code errors} and no
 *     {@code data}, and nothing was read or written
 * @param body {@code data}, {@code errors} and {@code extensions} as GraphQL names them, to be
 *     written as JSON. Numbers are {@code Integer}, {@code Long}, {@code BigInteger} or {@code
 *     BigDecimal}. Of a subscription it is empty
 * @param events the bodies that follow, of a subscription; else null. It is cold: what it holds is
 *     let go when its one subscriber cancels
 */
public record GraphQLReply(
    boolean isExecuted,
    Map<String, @Nullable Object> body,
    @Nullable Publisher<Map<String, @Nullable Object>> events) {

  public GraphQLReply {
    body = Collections.unmodifiableMap(new LinkedHashMap<>(body));
  }

  /** The errors, each as GraphQL writes it; none if all went well. */
  @SuppressWarnings("unchecked")
  public List<Map<String, Object>> errors() {
    return body.get("errors") instanceof List<?> errors
        ? (List<Map<String, Object>>) errors
        : List.of();
  }

  /** The code of the first error; empty if there is none. */
  public Optional<ErrorCode> code() {
    return errors().stream().findFirst().map(error -> ErrorCode.valueOf(code(error)));
  }

  private static String code(Map<String, Object> error) {
    return error.get("extensions") instanceof Map<?, ?> extensions
        ? String.valueOf(extensions.get("code"))
        : ErrorCode.INTERNAL.name();
  }

  /** Why nothing was run; empty if it was. */
  public Optional<ErrorCode> refusal() {
    return isExecuted ? Optional.empty() : code();
  }

  /** What was asked for; null if nothing can be given. */
  public @Nullable Object data() {
    return body.get("data");
  }
}
