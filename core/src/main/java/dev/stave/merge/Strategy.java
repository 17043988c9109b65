package dev.stave.merge;

import java.util.Locale;

/** How values at a place are merged when two or more sides changed them differently. */
public sealed interface Strategy {

  /** The name in JSON. */
  String text();

  /** A strategy that needs nothing else. */
  enum Plain implements Strategy {
    /** By structure, which is what happens without a rule; for a place that a later rule means. */
    MERGE,
    /** A clash of the whole value, even where the changes would fit together. */
    ASK,
    /** The value of the first side, in winner order, that changed it. */
    WINNER,
    /** The value, or deletion, of the latest side. A side without a time: a clash. */
    LATEST,
    /** The greatest of numbers, or of strings by code points. Else a clash. */
    MAX,
    /** The least. */
    MIN,
    /** The base and all sides' differences from it, exactly; no base counts as 0. */
    COUNTER,
    /** What is in the base and in all sides, and what any of them added; each value once. */
    SET_UNION,
    /** A text, by lines. The same lines changed differently: a clash. */
    TEXT,
    /** By structure; where one side deletes what another changed, the change stays. */
    PREFER_LIVE,
    /** By structure; where one side deletes what another changed, it is deleted. */
    PREFER_DELETED,
    /** An array of the different values. */
    KEEP_BOTH;

    @Override
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A list whose elements, all of them objects, are known by the member {@code key}. */
  record ListByKey(String key) implements Strategy {
    @Override
    public String text() {
      return "list";
    }
  }

  /** The {@link MergeFunction} of that name. */
  record Function(String name) implements Strategy {
    @Override
    public String text() {
      return "function";
    }
  }
}
