package dev.stave.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RegexProperties {

  private static final String[] PIECES = {
    "^",
    "a",
    "b",
    "*",
    "+",
    "?",
    "{2}",
    "{0,3}",
    "|",
    "(",
    ")",
    "[ab]",
    "[^a]",
    ".",
    "\\.",
    "$",
    "(?i)",
    "(?:",
    "\\Q",
    "\\E",
    "\\",
    "{",
    "}",
    "a{2",
    "[",
    "]",
    "[[:alpha:]]",
    "\\x{61}",
    "\\pL"
  };

  private static String pieces(Random random) {
    StringBuilder text = new StringBuilder(random.nextInt(3) > 0 ? "^" : "");
    for (int i = random.nextInt(8); i >= 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  /** Otherwise the index, asked for the range of the prefix, would miss a text. */
  @Property(tries = 5_000)
  void prefix_anyRegex_isThatOfAllTextsThatHaveIt(@ForAll long seed) {
    Random random = new Random(seed);
    Regex regex;
    try {
      regex = Regex.of(pieces(random));
    } catch (IllegalArgumentException e) {
      return;
    }
    for (int i = 0; i < 50; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(6); length > 0; length--) {
        text.append("aabbA.{}2\n".charAt(random.nextInt(10)));
      }
      if (regex.isIn(text.toString())) {
        assertThat(text.toString()).as("has %s", regex).startsWith(regex.prefix());
      }
    }
  }

  /** Otherwise a small one by the estimate could take all memory when it is compiled. */
  @Property(tries = 5_000)
  void size_anyRegex_isNotFarBelowTheRealOne(@ForAll long seed) {
    String text = pieces(new Random(seed));
    try {
      int real = Pattern.compile(text).programSize();
      assertThat(RegexSize.of(text)).as(text).isGreaterThanOrEqualTo((real - 3) / 4);
    } catch (PatternSyntaxException e) {
      // RE2 does not accept it
    }
  }
}
