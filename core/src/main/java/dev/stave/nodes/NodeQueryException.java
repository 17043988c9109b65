package dev.stave.nodes;

import dev.stave.StaveException;

/**
 * The text is no JSONPath expression (RFC 9535), or it asks for more than a limit of {@link
 * NodeQuery}. The message says where in the text, or which limit.
 */
public final class NodeQueryException extends StaveException {

  private static final long serialVersionUID = 1L;

  public NodeQueryException(String what, Object... facts) {
    super(what, facts);
  }
}
