package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.index.IndexSnapshot;
import dev.stave.index.KeyRange;
import dev.stave.index.VersionSet;
import dev.stave.json.JsonPath;
import dev.stave.policy.IndexPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the index says of a selector: rows that hold every match, and whether they hold no other.
 *
 * <p>Each part answers with a superset of its matches. Where it is exact it may be complemented;
 * where it is not, the documents are checked in the end, once, against the whole selector.
 * Negations are at the conditions already, so nothing else is ever complemented.
 */
final class Lookup {

  /** So few candidates are sooner read than narrowed by a part that costs more postings. */
  private static final int FEW_ROWS = 64;

  /** More ranges on more paths than this are not counted one by one to estimate a condition. */
  private static final int COUNTS_UP_TO = 256;

  /** The estimate for what looks at all there are; of many such parts the sum is still a long. */
  private static final long EVERY_ROW = Integer.MAX_VALUE;

  private static final String EXCLUDED = "scan: path excluded by the index policy";

  /**
   * Rows that hold every match; {@code exact} if they hold no other, but for those that are partly
   * indexed: of these they hold every match, and maybe more.
   */
  record Answer(VersionSet rows, boolean exact, Explanation.Step step) {}

  private final IndexSnapshot index;

  /**
   * The ranges of a $in, which may be many, and are the same on each of many paths.
   *
   * @param ofElements those that an element may be in
   * @param ofValues those that a value may be in: an array is not looked for as such
   */
  private record InRanges(List<KeyRange> ofElements, List<KeyRange> ofValues, boolean exact) {
    static InRanges of(ValueTest.In in) {
      List<KeyRange> all = Ranges.of(in);
      List<KeyRange> ofValues =
          in.values().stream()
              .filter(value -> !value.isArray())
              .map(KeyRange::equalTo)
              .collect(Collectors.toList());
      return new InRanges(all, ofValues, Ranges.areExact(all));
    }
  }

  private final Map<ValueTest.In, InRanges> inRanges = new IdentityHashMap<>();

  /** For these every known path was looked at; there may be many objects. */
  private final Map<ValueTest.KeyMapMatch, Map<Integer, List<Integer>>> members =
      new IdentityHashMap<>();

  /** With wildcards every known path was looked at to find these. */
  private final Map<JsonPath, int[]> paths = new HashMap<>();

  /** What each part was estimated at. */
  private final Map<Selector, Long> estimates = new IdentityHashMap<>();

  private int countedPath;
  private @Nullable KeyRange countedRange;
  private long counted;

  private long postingsRead;

  private final QueryBudget budget;
  private final boolean isExplained;

  /** If {@code isExplained} all is estimated, and not only what there is a choice about. */
  Lookup(IndexSnapshot index, QueryBudget budget, boolean isExplained) {
    this.index = index;
    this.budget = budget;
    this.isExplained = isExplained;
  }

  long postingsRead() {
    return postingsRead;
  }

  /** As {@link IndexSnapshot#count}; of what was counted last it is known. */
  long count(int path, KeyRange range) {
    KeyRange last = countedRange;
    if (last == null
        || path != countedPath
        || !Arrays.equals(range.from(), last.from())
        || !Arrays.equals(range.to(), last.to())) {
      counted = index.count(path, range);
      countedPath = path;
      countedRange = range;
    }
    return counted;
  }

  Answer find(Selector selector) {
    return find(selector, Shortcut.NONE);
  }

  /** As {@link #find(Selector)}; parts of it that {@code shortcut} takes are left to check. */
  Answer find(Selector selector, Shortcut shortcut) {
    budget.checkTime();
    if (isExplained) {
      estimate(selector);
    }
    if (selector instanceof Selector.And and) {
      return all(and, shortcut);
    }
    if (selector instanceof Selector.Or or) {
      return any(or);
    }
    if (selector instanceof Selector.Lacks lacks) {
      return lacks(lacks);
    }
    Selector.Has has = (Selector.Has) selector;
    if (mayMiss(has)) {
      return answer(selector, EXCLUDED, 0, index.all(), false, List.of());
    }
    int[] paths = pathsOf(has.path());
    VersionSet rows = new VersionSet();
    boolean exact = collect(paths, has.test(), rows) && index.isExact(has.path());
    if (!has.path().isId()) {
      rows.or(index.partial());
    }
    return answer(selector, "index", paths.length, rows, exact, List.of());
  }

  /** Whether it looks at what is not indexed. */
  private boolean mayMiss(Selector.Has has) {
    IndexPolicy policy = index.leftOut();
    return !policy.excluded().isEmpty()
        && (policy.mayExclude(has.path())
            || looksBelow(has.test())
                && policy.mayExclude(has.path().plus(new JsonPath.Step.AnyDepth())));
  }

  /** Whether it is looked up at paths of elements or members too. */
  private static boolean looksBelow(ValueTest test) {
    if (test instanceof ValueTest.Not not) {
      return looksBelow(not.test());
    }
    if (test instanceof ValueTest.Some some) {
      return some.tests().stream().anyMatch(Lookup::looksBelow);
    }
    if (test instanceof ValueTest.Every every) {
      return every.tests().stream().anyMatch(Lookup::looksBelow);
    }
    return test instanceof ValueTest.In
        || test instanceof ValueTest.All
        || test instanceof ValueTest.ElemMatch
        || test instanceof ValueTest.AllMatch
        || test instanceof ValueTest.KeyMapMatch;
  }

  private int[] pathsOf(JsonPath path) {
    return paths.computeIfAbsent(path, index::paths);
  }

  private Answer answer(
      Selector selector,
      String access,
      int paths,
      VersionSet rows,
      boolean exact,
      List<Explanation.Step> parts) {
    Explanation.Step step =
        new Explanation.Step(
            selector, access, paths, estimated(selector), rows.size(), exact, parts);
    return new Answer(rows, exact, step);
  }

  private Answer lacks(Selector.Lacks lacks) {
    Answer present = find(lacks.negate());
    VersionSet rows = index.all();
    if (present.exact()) {
      VersionSet known = present.rows();
      known.andNot(index.partial());
      rows.andNot(known);
    }
    return answer(lacks, "all but", 0, rows, present.exact(), List.of(present.step()));
  }

  private Answer any(Selector.Or or) {
    VersionSet rows = new VersionSet();
    boolean exact = true;
    List<Explanation.Step> steps = new ArrayList<>();
    for (Selector part : or.parts()) {
      Answer answer = find(part);
      rows.or(answer.rows());
      exact &= answer.exact();
      steps.add(answer.step());
    }
    return answer(or, "union", 0, rows, exact, steps);
  }

  private Answer all(Selector.And and, Shortcut shortcut) {
    if (and.parts().isEmpty()) {
      return answer(and, "scan", 0, index.all(), true, List.of());
    }
    VersionSet rows = null;
    boolean exact = true;
    List<Explanation.Step> steps = new ArrayList<>();
    for (Estimated part : cheapestFirst(and.parts())) {
      long left = rows == null ? Long.MAX_VALUE : rows.size();
      boolean areFew = left <= FEW_ROWS && part.postings > FEW_ROWS * left;
      if (areFew
          || rows != null && shortcut.takes(part.postings, () -> isOneValue(part.selector), left)) {
        exact = false;
        steps.add(
            new Explanation.Step(
                part.selector,
                "left to check",
                0,
                estimated(part.selector),
                left,
                false,
                List.of()));
        continue;
      }
      Answer answer = find(part.selector);
      if (rows == null) {
        rows = answer.rows();
      } else {
        rows.and(answer.rows());
      }
      exact &= answer.exact();
      steps.add(answer.step());
    }
    return answer(and, "intersection", 0, rows == null ? index.all() : rows, exact, steps);
  }

  private static boolean isOneValue(Selector part) {
    if (!(part instanceof Selector.Has has)) {
      return false;
    }
    List<KeyRange> ranges = Ranges.of(has.test());
    return ranges.size() == 1 && ranges.get(0).isOneKey();
  }

  private record Estimated(Selector selector, long postings) {}

  private List<Estimated> cheapestFirst(List<Selector> parts) {
    return parts.stream()
        .map(part -> new Estimated(part, estimate(part)))
        .sorted(Comparator.comparingLong(Estimated::postings))
        .collect(Collectors.toList());
  }

  /** How many documents {@code selector} was expected to leave, at most; 0 if nobody asked. */
  long estimated(Selector selector) {
    return isExplained ? Math.min(estimate(selector), index.documents()) : 0;
  }

  /** About how many postings {@link #find} would read. */
  private long estimate(Selector selector) {
    Long known = estimates.get(selector);
    if (known != null) {
      return known;
    }
    long estimate = newEstimate(selector);
    estimates.put(selector, estimate);
    return estimate;
  }

  private long newEstimate(Selector selector) {
    if (selector instanceof Selector.And and) {
      return and.parts().stream().mapToLong(this::estimate).min().orElse(EVERY_ROW);
    }
    if (selector instanceof Selector.Or or) {
      return or.parts().stream().mapToLong(this::estimate).sum();
    }
    if (selector instanceof Selector.Lacks) {
      return EVERY_ROW;
    }
    Selector.Has has = (Selector.Has) selector;
    if (mayMiss(has)) {
      return EVERY_ROW;
    }
    int[] paths = pathsOf(has.path());
    List<KeyRange> ranges = Ranges.of(has.test());
    long postings = 0;
    for (int path : paths) {
      if ((long) paths.length * ranges.size() > COUNTS_UP_TO) {
        postings += index.size(path);
      } else {
        for (KeyRange range : ranges) {
          postings += count(path, range);
        }
      }
    }
    return postings;
  }

  private boolean collect(int[] paths, ValueTest test, VersionSet rows) {
    boolean exact = true;
    for (int path : paths) {
      exact &= collect(path, test, rows);
    }
    return exact;
  }

  /** Adds the rows with a value at {@code path} that passes; false if it may have added others. */
  private boolean collect(int path, ValueTest test, VersionSet rows) {
    if (test instanceof ValueTest.OfVersion version) {
      postingsRead += index.collectText(path, KeyRange.strings(), version::matchesText, rows);
      return true;
    }
    if (test instanceof ValueTest.OfRegex match) {
      return collectRegex(path, match.regex(), rows);
    }
    if (test instanceof ValueTest.In in) {
      return collectIn(path, in, rows);
    }
    if (test instanceof ValueTest.All all) {
      return collectAll(path, all, rows);
    }
    if (test instanceof ValueTest.ElemMatch match) {
      int element = index.elementsOf(path);
      return element < 0 || collectWithin(element, match.selector(), rows);
    }
    if (test instanceof ValueTest.AllMatch match) { // then there is one, too
      int element = index.elementsOf(path);
      if (element >= 0) {
        collectWithin(element, match.selector(), rows);
      }
      return element < 0;
    }
    if (test instanceof ValueTest.KeyMapMatch match) {
      return collectMembers(path, match, rows);
    }
    if (test instanceof ValueTest.Not not) {
      return collectNot(path, not.test(), rows);
    }
    if (test instanceof ValueTest.Some some) {
      boolean exact = true;
      for (ValueTest each : some.tests()) {
        exact &= collect(path, each, rows);
      }
      return exact;
    }
    if (test instanceof ValueTest.Every every) {
      return collectEvery(path, every, rows);
    }
    return collectRanges(path, Ranges.of(test), rows);
  }

  private boolean collectRanges(int path, List<KeyRange> ranges, VersionSet rows) {
    postingsRead += index.collect(path, ranges, rows);
    return Ranges.areExact(ranges);
  }

  /** Of long strings the index has the beginning only: those are candidates, to be checked. */
  private boolean collectRegex(int path, Regex regex, VersionSet rows) {
    AtomicBoolean exact = new AtomicBoolean(true);
    Predicate<String> test =
        text -> {
          boolean isCut = IndexSnapshot.mayBeCut(text);
          if (isCut) {
            exact.set(false);
          }
          return isCut || regex.isIn(text);
        };
    postingsRead += index.collectText(path, KeyRange.stringsFrom(regex.prefix()), test, rows);
    return exact.get();
  }

  /** An object has the member if there is any value at its path. */
  private boolean collectMembers(int path, ValueTest.KeyMapMatch match, VersionSet rows) {
    Map<Integer, List<Integer>> byObject =
        members.computeIfAbsent(match, m -> index.members(m::matchesName));
    for (int member : byObject.getOrDefault(path, List.of())) {
      postingsRead += index.collect(member, KeyRange.ALL, rows);
    }
    return true;
  }

  private boolean collectIn(int path, ValueTest.In in, VersionSet rows) {
    InRanges known = inRanges.computeIfAbsent(in, InRanges::of);
    postingsRead += index.collect(path, known.ofValues(), rows);
    int element = index.elementsOf(path);
    if (element >= 0) {
      postingsRead += index.collect(element, known.ofElements(), rows);
    }
    return known.exact();
  }

  private boolean collectAll(int path, ValueTest.All all, VersionSet rows) {
    int element = index.elementsOf(path);
    if (all.values().isEmpty() || (element < 0 && !all.values().get(0).isArray())) {
      return true;
    }
    VersionSet each = null;
    boolean exact = true;
    for (JsonNode value : all.values()) {
      VersionSet one = new VersionSet();
      KeyRange range = KeyRange.equalTo(value);
      exact &= range.exact();
      if (element >= 0) {
        postingsRead += index.collect(element, range, one);
      }
      if (value.isArray()) { // may be the array itself
        postingsRead += index.collect(path, range, one);
      }
      if (each == null) {
        each = one;
      } else {
        each.and(one);
      }
    }
    if (each != null) {
      rows.or(each);
    }
    return exact && index.isSingle(path);
  }

  /**
   * Each part of {@code selector} by itself; whether one element meets several is checked later.
   */
  private boolean collectWithin(int element, Selector selector, VersionSet rows) {
    if (selector instanceof Selector.Has has && has.path().hasWildcards()) {
      postingsRead += index.collect(element, KeyRange.ALL, rows); // a scan of all paths for each
      return false;
    }
    if (selector instanceof Selector.Has has) {
      return collect(index.paths(element, has.path()), has.test(), rows)
          && index.isExact(has.path());
    }
    if (selector instanceof Selector.Or or) {
      boolean exact = true;
      for (Selector part : or.parts()) {
        exact &= collectWithin(element, part, rows);
      }
      return exact;
    }
    if (selector instanceof Selector.And and && !and.parts().isEmpty()) {
      VersionSet each = null;
      for (Selector part : and.parts()) {
        VersionSet one = new VersionSet();
        collectWithin(element, part, one);
        if (each == null) {
          each = one;
        } else {
          each.and(one);
        }
      }
      rows.or(each == null ? new VersionSet() : each);
      return false;
    }
    postingsRead += index.collect(element, KeyRange.ALL, rows);
    return selector instanceof Selector.And; // any element at all; Lacks needs a look
  }

  /**
   * A path in an array may have values that pass beside values that do not: no complement there.
   */
  private boolean collectNot(int path, ValueTest test, VersionSet rows) {
    VersionSet passing = new VersionSet();
    boolean exact = index.isSingle(path) && collect(path, test, passing);
    VersionSet present = new VersionSet();
    postingsRead += index.collect(path, KeyRange.ALL, present);
    if (exact) {
      present.andNot(passing);
    }
    rows.or(present);
    return exact;
  }

  private boolean collectEvery(int path, ValueTest.Every every, VersionSet rows) {
    VersionSet each = new VersionSet();
    boolean exact = collectRanges(path, List.of(Ranges.shared(every)), each);
    for (ValueTest test : every.tests()) {
      if (!Ranges.single(test).isPresent()) {
        VersionSet one = new VersionSet();
        exact &= collect(path, test, one) && index.isSingle(path);
        each.and(one);
      }
    }
    rows.or(each);
    return exact;
  }
}
