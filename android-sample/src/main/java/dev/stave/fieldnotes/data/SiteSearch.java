package dev.stave.fieldnotes.data;

import dev.stave.query.Selector;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A search for sites as a selector, which the index answers and a live query keeps watch by. */
final class SiteSearch {

  /** The words after these are one with the last. */
  private static final int MOST_WORDS = 8;

  /** The letters of a word after these are not looked for. */
  private static final int MOST_LETTERS = 100;

  private SiteSearch() {}

  /**
   * The sites that have each word in name, place or kind, in any case, and the condition.
   *
   * @param condition null for any
   */
  static Selector of(String words, @Nullable Condition condition) {
    Selector wanted = Selector.where("type").eq(Site.TYPE);
    if (condition != null) {
      wanted = wanted.and(Selector.where("condition").eq(condition.code()));
    }
    for (String word : words.trim().split("\\s+", MOST_WORDS)) {
      if (!word.isEmpty()) {
        int length = Math.min(word.length(), MOST_LETTERS);
        String anywhere = "(?i)" + Pattern.quote(word.substring(0, length));
        wanted =
            wanted.and(
                Selector.where("name")
                    .regex(anywhere)
                    .or(Selector.where("place").regex(anywhere))
                    .or(Selector.where("kind").regex(anywhere)));
      }
    }
    return wanted;
  }
}
