package dev.stave.nodes;

import com.google.re2j.Pattern;
import java.util.Optional;
import java.util.Set;

/**
 * A regular expression of RFC 9485, I-Regexp, run in time linear in the text.
 *
 * <p>It is parsed only to tell what is I-Regexp from what is not, and to say how large it is: where
 * it is, RE2 means the same by it but for the dot, which leaves out a carriage return too, and the
 * categories C and Cn. As in the mappings of RFC 9485, chapter 5, {@code ^} and {@code $} are
 * handed on as they are.
 */
final class IRegexp {

  /** The most characters of a pattern once its counted repetitions are written out. */
  static final int MAX_SIZE = 5_000;

  /** What RE2 repeats at most. */
  private static final int MAX_REPETITION = 1_000;

  private static final int MAX_NESTING = 100;

  /** Of C and Cn the ranges are written out. */
  private static final int CATEGORY_SIZE = 8;

  private static final String ESCAPABLE = "()*+-.?[\\]^nrt{|}";

  private static final Set<String> CATEGORIES =
      Set.of(
          "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No", "P",
          "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Z", "Zl", "Zp", "Zs", "S", "Sc", "Sk", "Sm",
          "So", "C", "Cc", "Cf", "Cn", "Co");

  private final Pattern pattern;
  private final int size;

  private IRegexp(Pattern pattern, int size) {
    this.pattern = pattern;
    this.size = size;
  }

  /**
   * The expression; empty if the text is no I-Regexp.
   *
   * @throws NodeQueryException if it is one, and larger than can be run
   */
  static Optional<IRegexp> parse(String text) {
    Parser parser = new Parser(text);
    try {
      long size = parser.alternatives();
      if (parser.at < text.length()) {
        return Optional.empty();
      }
      return Optional.of(new IRegexp(Pattern.compile(parser.re2.toString()), (int) size));
    } catch (NoIRegexp e) {
      return Optional.empty();
    }
  }

  /** How many steps a character of the text takes at most: the pattern written out. */
  int size() {
    return size;
  }

  boolean matches(String text, boolean anywhere) {
    return anywhere ? pattern.matcher(text).find() : pattern.matcher(text).matches();
  }

  /** Thrown within this class alone. */
  private static final class NoIRegexp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoIRegexp() {
      super(null, null, false, false);
    }
  }

  /** Recursive descent over the grammar; each method returns the size of what it read. */
  private static final class Parser {
    private final String text;
    private final StringBuilder re2 = new StringBuilder();
    private int at;
    private int nesting;

    Parser(String text) {
      this.text = text;
    }

    private char peek() {
      return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean isAt(char c) {
      return at < text.length() && peek() == c;
    }

    private boolean take(char c) {
      boolean here = isAt(c);
      if (here) {
        at++;
        re2.append(c);
      }
      return here;
    }

    private void expect(char c) {
      if (!take(c)) {
        throw new NoIRegexp();
      }
    }

    long alternatives() {
      long size = 1;
      do {
        while (at < text.length() && peek() != '|' && peek() != ')') {
          size = checked(size + piece());
        }
      } while (take('|'));
      return size;
    }

    private static long checked(long size) {
      if (size > MAX_SIZE) {
        throw new NodeQueryException(
            "the pattern is too large, its repetitions written out", "limit", MAX_SIZE);
      }
      return size;
    }

    private long piece() {
      long size = atom();
      if (take('*') || take('+') || take('?')) {
        return size;
      }
      if (!take('{')) {
        return size;
      }
      long least = number();
      long most = least;
      if (take(',') && !isAt('}')) {
        most = number();
      }
      expect('}');
      if (most < least) {
        throw new NoIRegexp();
      }
      if (most > MAX_REPETITION) {
        throw new NodeQueryException(
            "a pattern repeats too often", "times", most, "limit", MAX_REPETITION);
      }
      return checked(size * Math.max(1, most));
    }

    private long number() {
      int from = at;
      long number = 0;
      while (QueryText.isDigit(peek())) {
        number = Math.min(10L * number + (peek() - '0'), Integer.MAX_VALUE);
        take(peek());
      }
      if (at == from) {
        throw new NoIRegexp();
      }
      return number;
    }

    private long atom() {
      char c = peek();
      if (c == '(') {
        if (++nesting > MAX_NESTING) {
          throw new NodeQueryException("the pattern is nested too deep", "limit", MAX_NESTING);
        }
        at++;
        re2.append("(?:");
        final long size = alternatives();
        expect(')');
        nesting--;
        return size;
      }
      if (c == '.') {
        at++;
        re2.append("[^\\n\\r]");
      } else if (c == '[') {
        return characterClass();
      } else if (c == '\\') {
        return escape(false) ? 1 : CATEGORY_SIZE;
      } else if (")*+?]{|}".indexOf(c) >= 0) {
        throw new NoIRegexp();
      } else {
        literal();
      }
      return 1;
    }

    /** One code point as it stands. */
    private void literal() {
      int codePoint = text.codePointAt(at);
      if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
        throw new NoIRegexp();
      }
      re2.appendCodePoint(codePoint);
      at += Character.charCount(codePoint);
    }

    private long characterClass() {
      int from = at;
      expect('[');
      take('^');
      boolean hasMember = takeDash();
      while (at < text.length() && peek() != ']') {
        if (isAt('-')) { // at the end only
          takeDash();
          hasMember = true;
          break;
        }
        member();
        hasMember = true;
      }
      if (!hasMember) {
        throw new NoIRegexp();
      }
      expect(']');
      return Math.max(1, (at - from) / 4);
    }

    private boolean takeDash() {
      boolean here = isAt('-');
      if (here) {
        at++;
        re2.append("\\-");
      }
      return here;
    }

    /** A character, a range of two, or a category. */
    private void member() {
      int first = at;
      if (!character()) {
        return;
      }
      if (!isAt('-') || text.startsWith("-]", at)) {
        return;
      }
      final int low = lastCodePoint(first);
      take('-');
      int second = at;
      if (peek() == '-' || peek() == ']' || !character() || lastCodePoint(second) < low) {
        throw new NoIRegexp();
      }
    }

    /** Reads one character of a class, or a category and says false. */
    private boolean character() {
      if (isAt('\\')) {
        return escape(true);
      }
      if (isAt('[') || at >= text.length()) {
        throw new NoIRegexp();
      }
      literal();
      return true;
    }

    /** The code point that was read from {@code from} to here. */
    private int lastCodePoint(int from) {
      if (text.charAt(from) != '\\') {
        return text.codePointAt(from);
      }
      int letter = "nrt".indexOf(text.charAt(from + 1));
      return letter < 0 ? text.charAt(from + 1) : "\n\r\t".charAt(letter);
    }

    /** Reads a character that is escaped, or a category and says false. */
    private boolean escape(boolean inClass) {
      char c = at + 1 < text.length() ? text.charAt(at + 1) : '\0';
      if (c != 'p' && c != 'P') {
        if (c == '\0' || ESCAPABLE.indexOf(c) < 0) {
          throw new NoIRegexp();
        }
        re2.append('\\').append(c);
        at += 2;
        return true;
      }
      int end = text.indexOf('}', at);
      if (!text.startsWith("{", at + 2) || end < 0) {
        throw new NoIRegexp();
      }
      String category = text.substring(at + 3, end);
      if (!CATEGORIES.contains(category)) {
        throw new NoIRegexp();
      }
      re2.append(Category.re2(category, c == 'P', inClass));
      at = end + 1;
      return false;
    }
  }
}
