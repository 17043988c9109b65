package dev.stave;

/**
 * Something Stave could not do. The message is a fixed text followed by the facts of the case, as
 * {@code name=value}, so that it can be searched for and still says where to look.
 */
public abstract class StaveException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** {@code facts} are names and values in turn. */
  protected StaveException(String what, Object... facts) {
    super(describe(what, facts));
  }

  private static String describe(String what, Object... facts) {
    StringBuilder text = new StringBuilder(what);
    for (int i = 0; i + 1 < facts.length; i += 2) {
      text.append(i == 0 ? ": " : ", ").append(facts[i]).append('=').append(facts[i + 1]);
    }
    return text.toString();
  }
}
