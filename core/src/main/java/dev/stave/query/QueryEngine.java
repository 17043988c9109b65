package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.document.Document;
import dev.stave.index.IndexSnapshot;
import dev.stave.index.KeyRange;
import dev.stave.json.JsonOrder;
import dev.stave.json.JsonPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Answers one query on one snapshot: looks candidates up in the index, brings them into order, and
 * reads documents only to return them, to check what the index cannot know, or to sort a few.
 */
public final class QueryEngine {

  /** Reading a document costs about as much as so many postings. */
  private static final int POSTINGS_PER_DOCUMENT = 100;

  /** Documents, and how they were found. */
  public record Result(List<Document> documents, Explanation explanation) {}

  /** How the candidates were found and brought into order. */
  private record Run(Explanation.Step steps, String order) {}

  private final Query query;
  private final IndexSnapshot index;
  private final LongFunction<Document> documents;
  private final Lookup lookup;
  private final List<Document> found = new ArrayList<>();
  private long documentsRead;
  private long postingsWalked;
  private int skipped;

  private QueryEngine(Query query, IndexSnapshot index, LongFunction<Document> documents) {
    this.query = query;
    this.index = index;
    this.documents = documents;
    this.lookup = new Lookup(index);
  }

  /** {@code documents} reads the version of a sequence from the same snapshot as {@code index}. */
  @SuppressWarnings("exports") // for the database alone
  public static Result run(Query query, IndexSnapshot index, LongFunction<Document> documents) {
    index.enter();
    try {
      return new QueryEngine(query, index, documents).run();
    } finally {
      index.leave();
    }
  }

  private Result run() {
    long start = System.nanoTime();
    JsonPath sort = query.sort();
    Run run = sort == null ? unsorted() : walked(sort).orElseGet(() -> sorted(sort));
    Explanation explanation =
        new Explanation(
            run.steps(),
            run.order(),
            lookup.postingsRead() + postingsWalked,
            documentsRead,
            found.size(),
            System.nanoTime() - start);
    return new Result(found, explanation);
  }

  private Run unsorted() {
    Lookup.Answer answer = lookup.find(query.selector());
    PrimitiveIterator.OfLong rows = answer.rows().iterator();
    while (rows.hasNext() && wantsMore()) {
      take(rows.next(), !answer.exact());
    }
    return new Run(answer.step(), "by sequence of the winner");
  }

  /**
   * Goes through the index in the order of the sort path and takes what the rest of the selector
   * allows, if the path can be gone through and that is cheaper than reading all candidates.
   */
  private Optional<Run> walked(JsonPath sort) {
    int[] paths = index.paths(sort);
    if (paths.length != 1 || !index.isExact(sort) || !index.isOrdered(paths[0])) {
      return Optional.empty();
    }
    int path = paths[0];
    Split split = Split.of(query.selector(), sort);
    boolean everything = split.rest().equals(Selector.everything());
    Lookup.Answer rest = everything ? null : lookup.find(split.rest());
    if (rest != null && !isWalkCheaper(path, split.range(), rest.rows().size())) {
      return Optional.empty();
    }
    if (wantsMore()) {
      postingsWalked +=
          index.walk(
              path,
              split.range(),
              query.descending(),
              version -> {
                if (rest == null || rest.rows().contains(version)) {
                  take(version, rest != null && !rest.exact());
                }
                return wantsMore();
              });
    }
    long length = index.count(path, split.range());
    Explanation.Step walk =
        new Explanation.Step(split.walked(), "walk", 1, length, true, List.of());
    Explanation.Step steps =
        rest == null
            ? walk
            : new Explanation.Step(
                query.selector(),
                "walk and filter",
                1,
                Math.min(length, rest.rows().size()),
                rest.exact(),
                List.of(walk, rest.step()));
    return Optional.of(new Run(steps, "walked the index at " + sort));
  }

  private boolean isWalkCheaper(int path, KeyRange range, long candidates) {
    if (candidates == 0) {
      return false;
    }
    long length = index.count(path, range);
    double untilFilled = (double) query.wanted() * (double) length / (double) candidates;
    return Math.min((double) length, untilFilled) <= (double) candidates * POSTINGS_PER_DOCUMENT;
  }

  /** A candidate and what it is sorted by. */
  private record Keyed(JsonNode value, long version) {}

  private Run sorted(JsonPath sort) {
    Lookup.Answer answer = lookup.find(query.selector());
    List<Keyed> keyed = new ArrayList<>();
    for (PrimitiveIterator.OfLong rows = answer.rows().iterator(); rows.hasNext(); ) {
      long version = rows.next();
      Document document = read(version);
      JsonNode body = document.body().sharedTree();
      JsonNode value = Query.sortValue(sort, document.id(), body);
      if (value != null && (answer.exact() || query.selector().matches(document.id(), body))) {
        keyed.add(new Keyed(value, version));
      }
    }
    Comparator<Keyed> ascending =
        Comparator.comparing(Keyed::value, JsonOrder.INSTANCE).thenComparing(Keyed::version);
    keyed.sort(query.descending() ? ascending.reversed() : ascending);
    for (Keyed each : keyed) {
      if (!wantsMore()) {
        break;
      }
      take(each.version(), false);
    }
    return new Run(answer.step(), "sorted documents by " + sort);
  }

  private boolean wantsMore() {
    return found.size() < query.limit();
  }

  private void take(long version, boolean check) {
    if (!check && skipped < query.skip()) {
      skipped++;
      return;
    }
    Document document = read(version);
    if (check && !query.selector().matches(document.id(), document.body().sharedTree())) {
      return;
    }
    if (skipped < query.skip()) {
      skipped++;
    } else {
      found.add(document);
    }
  }

  private Document read(long version) {
    documentsRead++;
    return documents.apply(version);
  }

  /**
   * A selector in two: what a walk along the sort path covers by itself, as a range, and the rest.
   */
  private record Split(KeyRange range, Selector walked, Selector rest) {

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
