package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.document.Document;
import dev.stave.index.IndexSnapshot;
import dev.stave.index.KeyRange;
import dev.stave.index.VersionSet;
import dev.stave.json.JsonOrder;
import dev.stave.json.JsonPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings what a selector leaves into the order of a query, and stops when the query has enough.
 *
 * <p>Where the index knows the order of a path's values, they are walked through, and what is equal
 * there is ordered by the next path in the same way. Where it does not, or where few documents are
 * left, these are read and sorted.
 */
final class Ordering {

  /** So many documents are kept while they are sorted; of more, those handed out are read again. */
  private static final int KEPT_DOCUMENTS = 1_000;

  private static final int NO_PATH = -1;

  private final QueryEngine engine;
  private final IndexSnapshot index;
  private final Query query;
  private final List<SortKey> keys;
  private final Deque<Keyed> late = new ArrayDeque<>(); // partly indexed: no walk meets them
  private boolean isWalk;
  private boolean check; // whether what the index found is to be checked
  private KeyRange range = KeyRange.ALL; // of the first key
  private String description = "";

  Ordering(QueryEngine engine) {
    this.engine = engine;
    this.index = engine.index();
    this.query = engine.query();
    this.keys = engine.order();
  }

  /**
   * The order of a query that names none, empty for that of sequences. Some go through pages by
   * limit and skip: so it must not depend on these, nor on counts, which change when tables do.
   */
  static List<SortKey> chosen(Query query, IndexSnapshot index) {
    List<SortKey> byValue = byValue(query.selector());
    Bookmark after = query.after();
    if (after != null) {
      return after.values().isEmpty() ? List.of() : byValue;
    }
    if (byValue.isEmpty() || query.limit() == Integer.MAX_VALUE) {
      return List.of();
    }
    JsonPath about = byValue.get(0).path();
    boolean isOneValue = Split.of(query.selector(), about).range().isOneKey(); // both are the same
    return isOneValue || walkable(index, about) == NO_PATH ? List.of() : byValue;
  }

  /** By the values of the one path that {@code selector} is about, if it is of that kind. */
  static List<SortKey> byValue(Selector selector) {
    JsonPath about = Split.onePath(selector);
    return about == null ? List.of() : List.of(new SortKey(about, false));
  }

  /** Whether it goes through the index in order, and stops when the query has enough. */
  boolean isWalk() {
    return isWalk;
  }

  /** How the order came about. */
  String description() {
    return description;
  }

  Explanation.Step run() {
    String names = keys.stream().map(SortKey::toString).collect(Collectors.joining(", "));
    Explanation.Step walked = walked();
    if (walked != null) {
      description = "walked the index at " + names;
      return walked;
    }
    description = "sorted documents by " + names;
    Lookup.Answer answer = engine.lookup().find(query.selector());
    check = !answer.exact();
    sort(0, answer.rows(), query.after());
    return answer.step();
  }

  /**
   * Goes through the first path and takes what the rest of the selector allows, if that can be done
   * and is cheaper than reading all candidates. Null if it is not done.
   */
  private Explanation.@Nullable Step walked() {
    int path = walkable(index, keys.get(0).path());
    if (path == NO_PATH) {
      return null;
    }
    Split split = Split.of(query.selector(), keys.get(0).path());
    boolean everything = split.rest().equals(Selector.everything());
    Lookup.Answer rest = everything ? null : engine.lookup().find(split.rest());
    long length = engine.lookup().count(path, split.range());
    if (rest != null && !isWalkCheaper(length, rest.rows().size())) {
      return null;
    }
    isWalk = true;
    range = split.range();
    VersionSet partial = index.partial().copy();
    if (rest != null) {
      partial.and(rest.rows());
    }
    double expected =
        Math.min((double) length, untilFilled(length, rest == null ? length : rest.rows().size()));
    long walkedBefore = engine.walked();
    late.addAll(sorted(0, partial, query.after())); // each is checked
    check = rest != null && !rest.exact();
    order(0, rest == null ? null : rest.rows(), query.after());
    while (engine.wantsMore() && !late.isEmpty()) {
      engine.take(late.remove().version(), false);
    }
    Explanation.Step walk =
        new Explanation.Step(
            split.walked(),
            "walk",
            1,
            (long) expected,
            engine.walked() - walkedBefore,
            true,
            List.of());
    return rest == null
        ? walk
        : new Explanation.Step(
            query.selector(),
            "walk and filter",
            1,
            engine.lookup().estimated(query.selector()),
            Math.min(length, rest.rows().size()),
            rest.exact(),
            List.of(walk, rest.step()));
  }

  /** The number of the one path that the index can walk through in the order of values. */
  private static int walkable(IndexSnapshot index, JsonPath path) {
    int[] paths = index.paths(path);
    boolean canWalk =
        paths.length == 1
            && index.isExact(path)
            && index.isOrdered(paths[0])
            && !index.leftOut().mayExclude(path);
    return canWalk ? paths[0] : NO_PATH;
  }

  private boolean isWalkCheaper(long length, long candidates) {
    if (candidates == 0) {
      return false;
    }
    return Math.min((double) length, untilFilled(length, candidates))
        <= (double) candidates * Shortcut.POSTINGS_PER_DOCUMENT;
  }

  /** How many of {@code length} entries are gone through until the query has enough. */
  private double untilFilled(long length, long candidates) {
    return (double) query.wanted() * (double) length / (double) Math.max(1, candidates);
  }

  /**
   * Takes the versions of {@code set} (null for all there are), which are equal in all keys before
   * {@code level}, in the order of the keys from there on.
   *
   * @param after the place to go on behind, if it is among them
   */
  private void order(int level, @Nullable VersionSet set, @Nullable Bookmark after) {
    if (level == keys.size()) {
      takeEqual(set == null ? index.all() : set, after);
      return;
    }
    int path = walkable(index, keys.get(level).path());
    boolean isFew =
        level > 0 && set != null && !isWalkCheaper(index.count(path, KeyRange.ALL), set.size());
    if (path == NO_PATH || isFew) {
      sort(level, set == null ? index.all() : set, after);
      return;
    }
    KeyRange left = level == 0 ? range : KeyRange.ALL;
    if (after != null) {
      JsonNode value = after.values().get(level);
      walk(level, path, left.and(KeyRange.equalTo(value)), set, after);
      left =
          left.and(
              keys.get(level).descending()
                  ? KeyRange.below(value, false)
                  : KeyRange.above(value, false));
    }
    walk(level, path, left, set, null);
  }

  private void walk(
      int level, int path, KeyRange values, @Nullable VersionSet set, @Nullable Bookmark after) {
    if (!engine.wantsMore() || values.isEmpty()) {
      return;
    }
    boolean descending = keys.get(level).descending();
    if (level + 1 == keys.size()) {
      engine.walked(
          index.walk(
              path,
              values,
              descending,
              version -> {
                engine.budget().step();
                if ((set == null || set.contains(version)) && isBehind(after, version)) {
                  take(version, check);
                }
                return engine.wantsMore();
              }));
      return;
    }
    engine.walked(
        index.walkGroups(
            path,
            values,
            descending,
            equal -> {
              engine.budget().checkTime();
              if (set != null) {
                equal.and(set);
              }
              if (!equal.isEmpty()) {
                order(level + 1, equal, after);
              }
              return engine.wantsMore();
            }));
  }

  /** Equal documents come by their versions, as the last key goes. */
  private boolean isBehind(@Nullable Bookmark after, long version) {
    if (after == null) {
      return true;
    }
    return lastDescending() ? version < after.version() : version > after.version();
  }

  private boolean lastDescending() {
    return keys.get(keys.size() - 1).descending();
  }

  private void takeEqual(VersionSet set, @Nullable Bookmark after) {
    List<Long> versions = new ArrayList<>();
    for (PrimitiveIterator.OfLong each = set.iterator(); each.hasNext(); ) {
      versions.add(each.nextLong());
    }
    if (lastDescending()) {
      versions.sort(Comparator.reverseOrder());
    }
    for (long version : versions) {
      if (!engine.wantsMore()) {
        break;
      }
      if (isBehind(after, version)) {
        take(version, check);
      }
    }
  }

  /** Hands out what the walk has come to, and before it those of the late that come before it. */
  private void take(long version, boolean isInexact) {
    if (isWalk && engine.isPartial(version)) {
      return; // it is late, or does not match
    }
    if (!late.isEmpty()) {
      Keyed walked = keyed(0, version, false);
      while (walked != null && engine.wantsMore() && isNextBefore(walked)) {
        engine.take(late.remove().version(), false);
      }
    }
    if (engine.wantsMore()) {
      engine.take(version, isInexact);
    }
  }

  private boolean isNextBefore(Keyed walked) {
    Keyed next = late.peek();
    return next != null && compare(0, next, walked) < 0;
  }

  /** A candidate and what it is sorted by, from some level on; perhaps the document itself. */
  private record Keyed(List<JsonNode> values, long version, @Nullable Document document) {}

  /** Reads the versions of {@code set} and takes them in the order of the keys from a level on. */
  private void sort(int level, VersionSet set, @Nullable Bookmark after) {
    for (Keyed each : sorted(level, set, after)) {
      if (!engine.wantsMore()) {
        break;
      }
      Document document = each.document();
      if (document != null && late.isEmpty()) {
        engine.take(each.version(), document);
      } else {
        take(each.version(), false);
      }
    }
  }

  private List<Keyed> sorted(int level, VersionSet set, @Nullable Bookmark after) {
    Comparator<Keyed> order = (a, b) -> compare(level, a, b);
    Keyed place =
        after == null
            ? null
            : new Keyed(after.values().subList(level, keys.size()), after.version(), null);
    List<Keyed> sorted = new ArrayList<>();
    boolean keep = set.size() <= KEPT_DOCUMENTS;
    for (PrimitiveIterator.OfLong each = set.iterator(); each.hasNext(); ) {
      Keyed keyed = keyed(level, each.nextLong(), keep);
      if (keyed != null && (place == null || order.compare(keyed, place) > 0)) {
        sorted.add(keyed);
      }
    }
    sorted.sort(order);
    return sorted;
  }

  /** Null if the document does not match, or lacks a value. */
  private @Nullable Keyed keyed(int level, long version, boolean keep) {
    Document document = engine.read(version);
    boolean isToCheck = check || engine.isPartial(version);
    if (isToCheck && !query.selector().matches(document.id(), document.body().sharedTree())) {
      return null;
    }
    List<JsonNode> values = new ArrayList<>(keys.size() - level);
    for (SortKey key : keys.subList(level, keys.size())) {
      JsonNode value = key.valueOf(document);
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    return new Keyed(values, version, keep ? document : null);
  }

  private int compare(int level, Keyed left, Keyed right) {
    for (int i = 0; i < left.values().size(); i++) {
      int order = JsonOrder.INSTANCE.compare(left.values().get(i), right.values().get(i));
      if (order != 0) {
        return keys.get(level + i).descending() ? -order : order;
      }
    }
    int byVersion = Long.compare(left.version(), right.version());
    return lastDescending() ? -byVersion : byVersion;
  }

  /**
   * A selector in two: what a walk along the sort path covers by itself, as a range, and the rest.
   */
  private record Split(KeyRange range, Selector walked, Selector rest) {

    /** The path, if a range of values there is all that {@code selector} says; else null. */
    static @Nullable JsonPath onePath(Selector selector) {
      List<Selector> parts = selector instanceof Selector.And and ? and.parts() : List.of(selector);
      JsonPath path =
          !parts.isEmpty() && parts.get(0) instanceof Selector.Has has ? has.path() : null;
      return path != null
              && path.isPlain()
              && parts.stream().allMatch(part -> rangeAt(part, path) != null)
          ? path
          : null;
    }

    static Split of(Selector selector, JsonPath sort) {
      KeyRange range = KeyRange.ALL;
      List<Selector> covered = new ArrayList<>();
      List<Selector> rest = new ArrayList<>();
      List<Selector> parts = selector instanceof Selector.And and ? and.parts() : List.of(selector);
      for (Selector part : parts) {
        KeyRange own = rangeAt(part, sort);
        if (own == null) {
          rest.add(part);
        } else {
          range = range.and(own);
          covered.add(part);
        }
      }
      Selector left = rest.size() == 1 ? rest.get(0) : new Selector.And(rest);
      Selector walked =
          covered.isEmpty()
              ? new Selector.Has(sort, new ValueTest.Present())
              : new Selector.And(covered);
      return new Split(range, walked, left);
    }

    private static @Nullable KeyRange rangeAt(Selector part, JsonPath sort) {
      return part instanceof Selector.Has has && has.path().equals(sort)
          ? Ranges.exactly(has.test()).orElse(null)
          : null;
    }
  }
}
