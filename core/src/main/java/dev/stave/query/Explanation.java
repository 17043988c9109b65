package dev.stave.query;

import java.util.List;

/**
 * How a query was answered. It was run for this, so the figures are real, but for those that say
 * that they were estimated: they are what the planner went by before it ran.
 *
 * @param steps what the index was asked, the root first; see {@link Step}
 * @param order how the documents came into their order
 * @param estimatedDocuments how many bodies were expected to be read, at most
 * @param estimatedBytes of these, by the size of the newest
 * @param postingsRead index entries looked at
 * @param documentsRead bodies read, to return them or to check what the index cannot know
 * @param bytesRead of these bodies
 * @param returned documents in the answer
 * @param nanos time taken
 */
public record Explanation(
    Step steps,
    String order,
    long estimatedDocuments,
    long estimatedBytes,
    long postingsRead,
    long documentsRead,
    long bytesRead,
    int returned,
    long nanos) {

  /**
   * One part of the selector.
   *
   * @param selector the part
   * @param access {@code index}, {@code scan} (no index can tell: every document is a candidate),
   *     {@code left to check} (the others are so few, or so few matches are wanted, that reading
   *     documents is cheaper) or a set operation on its parts
   * @param paths how many indexed paths it was looked up on
   * @param estimated documents that it was expected to leave, at most: what the index and its
   *     counts told cheaply. Of a walk, the index entries until the query has enough
   * @param rows documents it leaves; of a walk, the index entries gone through
   * @param exact whether those are the answer; if not, each is read and checked
   */
  public record Step(
      Selector selector,
      String access,
      int paths,
      long estimated,
      long rows,
      boolean exact,
      List<Step> parts) {

    public Step {
      parts = List.copyOf(parts);
    }

    /** The part, written out; see {@link Selector#MAX_TEXT}. */
    public String condition() {
      return selector.toString();
    }
  }
}
