package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.document.Document;
import dev.stave.index.IndexSnapshot;
import dev.stave.index.VersionSet;
import dev.stave.json.JsonMask;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.function.BiPredicate;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers one query on one snapshot: looks candidates up in the index, brings them into order, and
 * reads documents only to hand them out, to check what the index cannot know, or to sort a few.
 */
public final class QueryEngine {

  /** No version: the answer was taken to its end, or as far as it is wanted. */
  private static final long END = -2;

  private final Query query;
  private final IndexSnapshot index;
  private final LongFunction<Document> documents;
  private final BiPredicate<Document, QueryEngine> sink;
  private final JsonMask mask; // of the query's fields
  private final QueryBudget budget;
  private final Lookup lookup;
  private final VersionSet partial; // of which the lookup knows nothing
  private final List<SortKey> order;
  private int skipped;
  private int returned;
  private boolean wantsMore;
  private long postingsWalked;
  private long bytesRead;
  private @Nullable Document last;
  private long lastVersion;

  private QueryEngine(
      Query query,
      IndexSnapshot index,
      LongFunction<Document> documents,
      BiPredicate<Document, QueryEngine> sink,
      boolean isExplained) {
    this.query = query;
    this.index = index;
    this.documents = documents;
    this.sink = sink;
    this.mask = query.fields().mask();
    this.budget = new QueryBudget(query.limits());
    this.lookup = new Lookup(index, budget, isExplained);
    this.partial = index.partial();
    List<SortKey> forward = query.order().isEmpty() ? Ordering.chosen(query, index) : query.order();
    this.order = query.isBackward() ? turnedRound(forward) : forward;
    this.wantsMore = query.limit() > 0;
  }

  private static List<SortKey> turnedRound(List<SortKey> order) {
    List<SortKey> other = new ArrayList<>();
    order.forEach(key -> other.add(new SortKey(key.path(), !key.descending())));
    return other;
  }

  /** How a query was answered, and where it goes on; without a next, that was all. */
  public record Outcome(Explanation explanation, @Nullable Bookmark next) {}

  /**
   * Hands the documents to {@code sink}, in order, until it says false.
   *
   * @param documents reads the version of a sequence from the same snapshot as {@code index}
   * @throws QueryLimitException if it costs more than the query's limits; the sink has seen a part
   */
  @SuppressWarnings("exports") // for the database alone
  public static Outcome run(
      Query query,
      IndexSnapshot index,
      LongFunction<Document> documents,
      Predicate<Document> sink) {
    return run(query, index, documents, (document, engine) -> sink.test(document));
  }

  /** As {@link #run}, with the place behind each document. */
  @SuppressWarnings("exports") // for the database alone
  public static Outcome runPlaced(
      Query query,
      IndexSnapshot index,
      LongFunction<Document> documents,
      BiPredicate<Document, Bookmark> sink) {
    return run(
        query,
        index,
        documents,
        (document, engine) -> sink.test(document, Objects.requireNonNull(engine.place())));
  }

  private static Outcome run(
      Query query,
      IndexSnapshot index,
      LongFunction<Document> documents,
      BiPredicate<Document, QueryEngine> sink) {
    index.enter();
    try {
      return new QueryEngine(query, index, documents, sink, false).run(0);
    } finally {
      index.leave();
    }
  }

  /**
   * Runs the query, hands nothing out, and tells how it was answered.
   *
   * @param documentBytes about how large a document is, to estimate with
   */
  @SuppressWarnings("exports") // for the database alone
  public static Explanation explain(
      Query query, IndexSnapshot index, LongFunction<Document> documents, long documentBytes) {
    index.enter();
    try {
      return new QueryEngine(query, index, documents, (document, engine) -> true, true)
          .run(documentBytes)
          .explanation();
    } finally {
      index.leave();
    }
  }

  private Outcome run(long documentBytes) {
    long start = System.nanoTime();
    Explanation.Step steps;
    String way;
    long expected = lookup.estimated(query.selector());
    if (order.isEmpty()) {
      steps = unsorted();
      expected = Math.min(expected, query.wanted());
      way = "by sequence of the winner" + (query.isBackward() ? ", the newest first" : "");
    } else {
      Ordering ordering = new Ordering(this);
      steps = ordering.run();
      way = ordering.description();
      expected = ordering.isWalk() ? Math.min(expected, query.wanted()) : expected;
    }
    Explanation explanation =
        new Explanation(
            steps,
            way,
            expected,
            expected * documentBytes,
            lookup.postingsRead() + postingsWalked,
            budget.documentsRead(),
            bytesRead,
            returned,
            System.nanoTime() - start);
    return new Outcome(explanation, returned == query.limit() ? place() : null);
  }

  /** Behind the last document that was handed out. */
  private @Nullable Bookmark place() {
    Document document = last;
    if (document == null) {
      return query.after();
    }
    List<JsonNode> values = new ArrayList<>();
    for (SortKey key : order) {
      JsonNode value = key.valueOf(document);
      if (value == null) {
        throw new IllegalStateException("a document without " + key + " was sorted by it");
      }
      values.add(value);
    }
    return new Bookmark(values, lastVersion);
  }

  private Explanation.Step unsorted() {
    boolean mayReadMore = query.limits().documents() == Long.MAX_VALUE;
    Shortcut shortcut =
        mayReadMore ? new Shortcut(query.wanted(), index.documents()) : Shortcut.NONE;
    Lookup.Answer answer = lookup.find(query.selector(), shortcut);
    Bookmark after = query.after();
    long start = query.isBackward() ? Long.MAX_VALUE : -1;
    long place = after == null ? start : after.version();
    long reached = takeBehind(place, answer, shortcut.mostReads());
    if (reached != END) {
      answer = lookup.find(query.selector());
      takeBehind(reached, answer, Long.MAX_VALUE);
    }
    return answer.step();
  }

  /**
   * Takes versions from behind {@code place} on, as long as more is wanted. Returns the last one if
   * so many documents were read before, else {@link #END}.
   */
  private long takeBehind(long place, Lookup.Answer answer, long mostReads) {
    if (!wantsMore) {
      return END;
    }
    long[] reached = {END};
    LongPredicate each =
        version -> {
          take(version, !answer.exact());
          if (wantsMore && budget.documentsRead() >= mostReads) {
            reached[0] = version;
          }
          return wantsMore && reached[0] == END;
        };
    if (query.isBackward()) {
      answer.rows().forEachBackward(version -> version >= place || each.test(version));
    } else {
      PrimitiveIterator.OfLong versions = answer.rows().iteratorFrom(place + 1);
      while (versions.hasNext() && each.test(versions.nextLong())) {}
    }
    return reached[0];
  }

  Query query() {
    return query;
  }

  /** What the answer is sorted by, whether the query says so or not. */
  List<SortKey> order() {
    return order;
  }

  IndexSnapshot index() {
    return index;
  }

  Lookup lookup() {
    return lookup;
  }

  QueryBudget budget() {
    return budget;
  }

  boolean wantsMore() {
    return wantsMore;
  }

  /** Postings walked so far. */
  long walked() {
    return postingsWalked;
  }

  void walked(long postings) {
    postingsWalked += postings;
  }

  boolean isPartial(long version) {
    return partial.contains(version);
  }

  /** Hands out a version, unless it is skipped, or {@code check} is set and it does not match. */
  void take(long version, boolean isInexact) {
    boolean check = isInexact || isPartial(version);
    if (!check && skipped < query.skip()) {
      skipped++;
      return;
    }
    Document document = read(version);
    if (check && !query.selector().matches(document.id(), document.body().sharedTree())) {
      return;
    }
    take(version, document);
  }

  /** Hands out a document that matches, unless it is skipped. */
  void take(long version, Document document) {
    if (skipped < query.skip()) {
      skipped++;
      return;
    }
    last = document;
    lastVersion = version;
    returned++;
    wantsMore = sink.test(query.fields().of(document, mask), this) && returned < query.limit();
  }

  Document read(long version) {
    budget.readDocument();
    Document document = documents.apply(version);
    bytesRead += document.body().size();
    return document;
  }
}
