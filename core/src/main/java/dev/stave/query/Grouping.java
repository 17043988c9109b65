package dev.stave.query;

import dev.stave.json.JsonPath;
import java.util.ArrayList;
import java.util.List;

/**
 * Documents grouped by their value at a path: how many there are of each, and what their numbers at
 * other paths come to. Immutable: each method returns another one.
 *
 * <p>A document without a value at the path is in no group. One that has several there, in an
 * array, is in the group of each.
 *
 * @param by the path of the groups' values
 * @param figures paths of numbers
 * @param limits what it may cost
 */
public record Grouping(Selector selector, JsonPath by, List<JsonPath> figures, QueryLimits limits) {

  /** At most so many paths of numbers. */
  public static final int MAX_FIGURES = 64;

  public Grouping {
    figures = List.copyOf(figures);
    if (figures.size() > MAX_FIGURES) {
      throw new InvalidSelectorException(
          "bad_arg", "a grouping has at most " + MAX_FIGURES + " figures, not " + figures.size());
    }
  }

  /** All documents, grouped by {@code path}. */
  public static Grouping by(String path) {
    return new Grouping(Selector.everything(), JsonPath.parse(path), List.of(), QueryLimits.NONE);
  }

  /** Of the documents that {@code selector} matches. */
  public Grouping where(Selector matching) {
    return new Grouping(matching, by, figures, limits);
  }

  /** With sum, average, least and greatest of the numbers at {@code path} in each group. */
  public Grouping figures(String path) {
    List<JsonPath> more = new ArrayList<>(figures);
    more.add(JsonPath.parse(path));
    return new Grouping(selector, by, more, limits);
  }

  /** With other limits of what it may cost; without, there are none. */
  public Grouping limits(QueryLimits cost) {
    return new Grouping(selector, by, figures, cost);
  }
}
