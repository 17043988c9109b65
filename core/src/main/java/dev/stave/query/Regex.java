package dev.stave.query;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A regular expression that takes time in proportion to the text, whatever it is: RE2's. It has no
 * look-around and no back references. Immutable; any thread may use it.
 */
public final class Regex {

  /** Characters of one. */
  static final int MAX_LENGTH = 1_000;

  /** Steps of one, repetitions written out: the time for each character of the text. */
  static final int MAX_STEPS = 2_000;

  private final Pattern pattern;
  private final String prefix;

  private Regex(Pattern pattern) {
    this.pattern = pattern;
    this.prefix = prefixOf(pattern.pattern());
  }

  /**
   * Compiles one.
   *
   * @throws IllegalArgumentException if RE2 does not know it, or it is over a limit
   */
  public static Regex of(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "it has " + text.length() + " characters, and may have " + MAX_LENGTH);
    }
    if (RegexSize.of(text) > MAX_STEPS) { // before compiling, which would write it all out
      throw tooLarge();
    }
    try {
      Pattern pattern = Pattern.compile(text);
      if (pattern.programSize() > MAX_STEPS) {
        throw tooLarge();
      }
      return new Regex(pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          e.getDescription()
              + ": `"
              + e.getPattern()
              + "` (RE2 has no look-around and no back references)",
          e);
    }
  }

  private static IllegalArgumentException tooLarge() {
    return new IllegalArgumentException(
        "with its repetitions written out it has more than " + MAX_STEPS + " steps");
  }

  /** Whether a part of {@code text} is what this describes. */
  public boolean isIn(String text) {
    return pattern.matcher(text).find();
  }

  /** What every text begins with that has it; empty if that is not plain to see. */
  String prefix() {
    return prefix;
  }

  /**
   * The plain characters after {@code ^}, without one that a {@code * ? {} or {@code +} may repeat
   * or leave out, behind flags or an empty quotation too: {@code b(?i)*} is {@code b*}. An
   * alternative anywhere may begin otherwise.
   */
  private static String prefixOf(String text) {
    if (!text.startsWith("^") || text.indexOf('|') >= 0) {
      return "";
    }
    StringBuilder plain = new StringBuilder();
    int last = 0; // where the last character begins in it
    int i = 1;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (c == '\\' && i + 1 < text.length() && isPunctuation(text.charAt(i + 1))) {
        i++;
        c = text.charAt(i);
      } else if (c < 128 && "\\.[](){}*+?^$".indexOf(c) >= 0) {
        return "*?{+(\\".indexOf(c) >= 0 ? plain.substring(0, last) : plain.toString();
      }
      last = plain.length();
      plain.appendCodePoint(c);
      i += Character.charCount(c);
    }
    return plain.toString();
  }

  private static boolean isPunctuation(char c) {
    return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Regex regex && regex.pattern.equals(pattern);
  }

  @Override
  public int hashCode() {
    return pattern.hashCode();
  }

  @Override
  public String toString() {
    return pattern.pattern();
  }
}
