package dev.stave.server.graphql;

import dev.stave.StaveException;

/** A request, or a field of it, cannot be answered: the caller is told the message and the code. */
public final class GraphQLException extends StaveException {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /** {@code facts} are names and values in turn, as of every {@link StaveException}. */
  public GraphQLException(ErrorCode code, String what, Object... facts) {
    super(what, facts);
    this.code = code;
  }

  /** What the error's {@code extensions.code} will say. */
  public ErrorCode code() {
    return code;
  }
}
