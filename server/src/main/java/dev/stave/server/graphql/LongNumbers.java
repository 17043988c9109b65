package dev.stave.server.graphql;

import dev.stave.json.JsonLimits;

/**
 * Refuses a number of thousands of digits in the text of a request, before anybody reads it: to
 * make a value of it, and that a text again, takes longer than anything else of so many characters.
 */
final class LongNumbers {

  private static final String BLOCK = "\"\"\"";
  private static final String ESCAPED_BLOCK = "\\" + BLOCK;

  private final String text;
  private int at;

  private LongNumbers(String text) {
    this.text = text;
  }

  /**
   * Looks at what stands in no string and no comment.
   *
   * @throws GraphQLException with {@code BAD_REQUEST} if more than {@link
   *     JsonLimits#MAX_NUMBER_DIGITS} digits stand behind each other
   */
  static void check(String text) {
    if (text.length() > JsonLimits.MAX_NUMBER_DIGITS) {
      new LongNumbers(text).check();
    }
  }

  private void check() {
    int digits = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      digits = c >= '0' && c <= '9' ? digits + 1 : 0;
      if (digits > JsonLimits.MAX_NUMBER_DIGITS) {
        throw new GraphQLException(
            ErrorCode.BAD_REQUEST,
            "a number has too many digits",
            "most",
            JsonLimits.MAX_NUMBER_DIGITS,
            "at",
            at - digits + 1);
      }
      if (text.startsWith(BLOCK, at)) {
        skip(BLOCK, ESCAPED_BLOCK);
      } else if (c == '"') {
        skip("\"", "\\");
      } else if (c == '#') {
        skipComment();
      } else {
        at++;
      }
    }
  }

  private void skipComment() {
    while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
      at++;
    }
  }

  /** Goes behind a string that ends as it begins, past what is escaped in it. */
  private void skip(String end, String escape) {
    at += end.length();
    while (at < text.length()) {
      if (text.startsWith(escape, at)) {
        at += Math.max(2, escape.length());
      } else if (text.startsWith(end, at)) {
        at += end.length();
        return;
      } else {
        at++;
      }
    }
  }
}
