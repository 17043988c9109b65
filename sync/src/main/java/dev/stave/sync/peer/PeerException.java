package dev.stave.sync.peer;

import dev.stave.StaveException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A peer did not do what it was asked for. Where {@link #isTransient} it may do so later; else it
 * will not, before somebody changes something.
 */
public final class PeerException extends StaveException {

  private static final long serialVersionUID = 1L;

  /** What the matter is. */
  public enum Kind {
    /** It cannot be reached, or broke off. */
    UNREACHABLE(true),
    /** It has too much to do, or is out of order for now. */
    BUSY(true),
    /** It answered something that is no answer. */
    WRONG_ANSWER(true),
    /** It does not let us in. */
    LOGIN_REFUSED(false),
    /** There is no such database; or a revision is gone of which something was asked for. */
    NOT_THERE(false),
    /** It does not do what it was asked for. */
    REQUEST_REFUSED(false),
    /** It was asked for more at once than it takes. */
    TOO_LARGE(false);

    private final boolean isTransient;

    Kind(boolean isTransient) {
      this.isTransient = isTransient;
    }
  }

  private final Kind kind;
  private final long retryAfterMillis;

  /** {@code facts} are names and values in turn; no password is among them. */
  public PeerException(Kind kind, @Nullable Throwable cause, String what, Object... facts) {
    this(kind, -1, cause, what, facts);
  }

  /** As the other, of a peer that says how long to wait; -1 if it does not. */
  public PeerException(
      Kind kind, long retryAfterMillis, @Nullable Throwable cause, String what, Object... facts) {
    super(what, facts);
    this.kind = kind;
    this.retryAfterMillis = retryAfterMillis;
    if (cause != null) {
      initCause(cause);
    }
  }

  public Kind kind() {
    return kind;
  }

  /** Whether the same may succeed later, though nobody changes anything. */
  public boolean isTransient() {
    return kind.isTransient;
  }

  /** What the peer asks to wait, in milliseconds; empty if it does not. */
  public OptionalLong retryAfterMillis() {
    return retryAfterMillis < 0 ? OptionalLong.empty() : OptionalLong.of(retryAfterMillis);
  }
}
