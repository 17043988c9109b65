package dev.stave.query;

import dev.stave.json.JsonOrder;
import dev.stave.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A selector, an order and a bound. Immutable: each method returns another query.
 *
 * <p>Without a sort and without a limit, documents come in the order of their winners' sequences:
 * the winner that was written here first, first. (The changes feed has other sequences: an edit
 * that loses is a change too.) Without a sort but with a limit the order is the engine's choice,
 * the same for each limit and skip: if the selector is about a range of values of one path, it is
 * the order of these values, so that the first of a million are found without the others.
 *
 * <p>With a sort, only documents that have a value at each path of it are found, as in CouchDB;
 * documents that are equal in all of them come in the order of their winners' sequences, turned
 * round if the last path's is.
 *
 * @param order the paths to sort by, the first first
 * @param skip how many documents to leave out at the beginning
 * @param limit the most documents to return
 * @param after where to go on, null to begin at the beginning
 * @param limits what it may cost
 * @param fields the parts of each document that are wanted
 * @param isBackward whether the answer is handed out from its end
 */
public record Query(
    Selector selector,
    List<SortKey> order,
    int skip,
    int limit,
    @Nullable Bookmark after,
    QueryLimits limits,
    Fields fields,
    boolean isBackward) {

  /** A query sorts by at most so many paths. */
  public static final int MAX_SORT_KEYS = 16;

  public Query {
    order = List.copyOf(order);
    if (skip < 0 || limit < 0) {
      throw new InvalidSelectorException(
          "bad_arg", "skip and limit are not negative: skip=" + skip + ", limit=" + limit);
    }
    if (order.size() > MAX_SORT_KEYS) {
      throw new InvalidSelectorException(
          "invalid_sort_json",
          "a query sorts by at most " + MAX_SORT_KEYS + " paths, not " + order.size());
    }
    if (after != null && !mayBeAfter(after, order, selector)) {
      throw new InvalidSelectorException(
          "invalid_bookmark", "the bookmark is of a query with another sort");
    }
  }

  private static boolean mayBeAfter(Bookmark place, List<SortKey> order, Selector selector) {
    int values = place.values().size();
    return order.isEmpty()
        ? values == 0 || values == Ordering.byValue(selector).size()
        : values == order.size();
  }

  /** All documents that {@code selector} matches. */
  public static Query of(Selector selector) {
    return new Query(
        selector, List.of(), 0, Integer.MAX_VALUE, null, QueryLimits.NONE, Fields.ALL, false);
  }

  /**
   * As {@link #of}, from Mango's JSON: {@code {"address.city": "Paris", "age": {"$gte": 18}}}.
   *
   * @throws InvalidSelectorException if it is not a selector
   */
  public static Query where(String selector) {
    return of(Selector.parse(selector));
  }

  /** Sorted by {@code path}, among documents that are equal in all paths named before. */
  public Query sortBy(String path) {
    return sorted(new SortKey(JsonPath.parse(path), false));
  }

  /** As {@link #sortBy}, the largest value first. */
  public Query sortByDescending(String path) {
    return sorted(new SortKey(JsonPath.parse(path), true));
  }

  private Query sorted(SortKey key) {
    List<SortKey> longer = new ArrayList<>(order);
    longer.add(key);
    return new Query(selector, longer, skip, limit, after, limits, fields, isBackward);
  }

  public Query skip(int documents) {
    return new Query(selector, order, documents, limit, after, limits, fields, isBackward);
  }

  public Query limit(int documents) {
    return new Query(selector, order, skip, documents, after, limits, fields, isBackward);
  }

  /**
   * Goes on where another answer to this query ended.
   *
   * @throws InvalidSelectorException if the bookmark is of a query with another sort; so the sort
   *     is to be named before
   */
  public Query after(Bookmark place) {
    return new Query(selector, order, skip, limit, place, limits, fields, isBackward);
  }

  /**
   * The same answer, from its end: skip, limit and {@link #after} count from there, so that what
   * comes after a place is what comes before it otherwise.
   */
  public Query backward() {
    return new Query(selector, order, skip, limit, after, limits, fields, true);
  }

  /** Whether {@code place} comes before {@code other}, as this query hands documents out. */
  public boolean isBefore(Bookmark place, Bookmark other) {
    List<SortKey> keys = order.isEmpty() ? Ordering.byValue(selector) : order;
    boolean isDescending = false; // what is equal goes as the last key
    int by = 0;
    for (int i = 0; i < Math.min(place.values().size(), other.values().size()) && by == 0; i++) {
      isDescending = keys.get(i).descending();
      by = JsonOrder.INSTANCE.compare(place.values().get(i), other.values().get(i));
    }
    if (by == 0) {
      by = Long.compare(place.version(), other.version());
    }
    return isDescending == isBackward ? by < 0 : by > 0;
  }

  /** With other limits of what it may cost; without, there are none. */
  public Query limits(QueryLimits cost) {
    return new Query(selector, order, skip, limit, after, cost, fields, isBackward);
  }

  /**
   * Hands out documents with these parts of their bodies, each at its place: {@code name}, {@code
   * address.city}.
   *
   * @throws InvalidSelectorException if a path has wildcards
   */
  public Query fields(String... paths) {
    return new Query(selector, order, skip, limit, after, limits, Fields.of(paths), isBackward);
  }

  /** How many documents are needed to fill skip and limit. */
  long wanted() {
    return (long) skip + limit;
  }
}
