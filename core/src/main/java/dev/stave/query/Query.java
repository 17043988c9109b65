package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.json.JsonPath;
import org.jspecify.annotations.Nullable;

/**
 * A selector, an order and a bound. Immutable: each method returns another query.
 *
 * <p>Without a sort, documents come in the order of their winners' sequences: the winner that was
 * written here first, first. (The changes feed has other sequences: an edit that loses is a change
 * too.) With a sort, only documents that have a value at the path are found, as in CouchDB; equal
 * values come in the order of their winners' sequences; descending turns all of it round.
 *
 * @param sort the path to sort by, null for none
 * @param skip how many documents to leave out at the beginning
 * @param limit the most documents to return
 */
public record Query(
    Selector selector, @Nullable JsonPath sort, boolean descending, int skip, int limit) {

  public Query {
    if (skip < 0 || limit < 0) {
      throw new InvalidSelectorException(
          "bad_arg", "skip and limit are not negative: skip=" + skip + ", limit=" + limit);
    }
    if (sort != null && !sort.steps().stream().allMatch(JsonPath.Step.Member.class::isInstance)) {
      throw new InvalidSelectorException(
          "invalid_sort_json", "a path to sort by has no wildcards: " + sort);
    }
  }

  /** All documents that {@code selector} matches. */
  public static Query of(Selector selector) {
    return new Query(selector, null, false, 0, Integer.MAX_VALUE);
  }

  /**
   * As {@link #of}, from Mango's JSON: {@code {"address.city": "Paris", "age": {"$gte": 18}}}.
   *
   * @throws InvalidSelectorException if it is not a selector
   */
  public static Query where(String selector) {
    return of(Selector.parse(selector));
  }

  public Query sortBy(String path) {
    return new Query(selector, JsonPath.parse(path), false, skip, limit);
  }

  public Query sortByDescending(String path) {
    return new Query(selector, JsonPath.parse(path), true, skip, limit);
  }

  public Query skip(int documents) {
    return new Query(selector, sort, descending, documents, limit);
  }

  public Query limit(int documents) {
    return new Query(selector, sort, descending, skip, documents);
  }

  /** How many documents are needed to fill skip and limit. */
  long wanted() {
    return (long) skip + limit;
  }

  /** The value that a document is sorted by, or null if it has none and is not found. */
  static @Nullable JsonNode sortValue(JsonPath sort, String id, JsonNode body) {
    if (sort.isId()) {
      return TextNode.valueOf(id);
    }
    JsonNode[] found = new JsonNode[1];
    sort.anyMatch(
        body,
        value -> {
          found[0] = value;
          return true;
        });
    return found[0];
  }
}
