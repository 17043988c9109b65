package dev.stave.query;

import java.util.List;

/**
 * How a query was answered. It was run for this, so the figures are real.
 *
 * @param steps what the index was asked, the root first; see {@link Step}
 * @param order how the documents came into their order
 * @param postingsRead index entries looked at
 * @param documentsRead bodies read, to return them or to check what the index cannot know
 * @param returned documents in the answer
 * @param nanos time taken
 */
public record Explanation(
    Step steps, String order, long postingsRead, long documentsRead, int returned, long nanos) {

  /**
   * One part of the selector.
   *
   * @param selector the part
   * @param access {@code index}, {@code scan} (no index can tell: every document is a candidate),
   *     {@code left to check} (the others are so few that reading them is cheaper) or a set
   *     operation on its parts
   * @param paths how many indexed paths it was looked up on
   * @param rows documents it leaves
   * @param exact whether those are the answer; if not, each is read and checked
   */
  public record Step(
      Selector selector, String access, int paths, long rows, boolean exact, List<Step> parts) {

    public Step {
      parts = List.copyOf(parts);
    }

    /** The part, written out; see {@link Selector#MAX_TEXT}. */
    public String condition() {
      return selector.toString();
    }
  }
}
