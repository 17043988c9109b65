package dev.stave.server.graphql;

import dev.stave.document.Document;
import dev.stave.json.JsonPath;
import dev.stave.query.Bookmark;
import dev.stave.query.Explanation;
import dev.stave.query.Query;
import dev.stave.query.Selector;
import graphql.language.Field;
import graphql.schema.DataFetchingEnvironment;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a question's answer. It is read when the first of its documents is asked for, once, and
 * not at all for a count or an explanation; pages of many documents' links are read together. For
 * one thread.
 */
final class DocumentPage {

  private final RequestContext context;
  private final Query query;
  private final @Nullable Bookmark end;
  private final int size;
  private LinkedPages.@Nullable Asked link;
  private @Nullable Content content;

  /** What is on it. {@code hasMore} says whether its query goes on behind it, or behind its end. */
  record Content(List<Document> documents, List<Bookmark> places, boolean hasMore) {}

  /** A document, and its place in the answer. */
  record Edge(Bookmark cursor, Document node) {}

  /**
   * @param query without a limit; a backward one is of a page from the end
   * @param end where the page ends at the latest, if it is not full by then; null for nowhere
   */
  DocumentPage(RequestContext context, Query query, @Nullable Bookmark end, int size) {
    if (end != null) {
      query.after(end); // which holds it to the query's order
    }
    this.context = context;
    this.query = query;
    this.end = end;
    this.size = size;
  }

  /** Has it read together with pages that differ in {@code id} alone. */
  DocumentPage linked(Field field, JsonPath path, Selector others, String id) {
    link = new LinkedPages.Asked(field, path, others, id, this);
    return this;
  }

  /** Documents that are put on the page, in the order of its query. */
  final class Filling {
    private final List<Document> documents = new ArrayList<>();
    private final List<Bookmark> places = new ArrayList<>();
    private int toSkip;
    private boolean hasMore;

    private Filling(int toSkip) {
      this.toSkip = toSkip;
    }

    /** Returns whether another one may follow. */
    boolean add(Document document, Bookmark place) {
      boolean isBeforeEnd = end == null || query.isBefore(place, end);
      if (toSkip > 0 && isBeforeEnd) {
        toSkip--;
        return true;
      }
      hasMore = documents.size() == size || !isBeforeEnd;
      if (!hasMore) {
        context.take(document.body().size());
        documents.add(document);
        places.add(place);
      }
      return !hasMore;
    }

    Content content() {
      if (query.isBackward()) {
        Collections.reverse(documents);
        Collections.reverse(places);
      }
      return new Content(documents, places, hasMore);
    }
  }

  /** An empty page, to be filled. */
  Filling filling() {
    return new Filling(query.skip());
  }

  /** How many documents its query hands out: one more than it has tells whether it goes on. */
  int wanted() {
    return query.skip() + size + 1;
  }

  /** Its query, of other documents, none of which is left out. */
  Query query(Selector selector) {
    return new Query(
        selector,
        query.order(),
        0,
        Integer.MAX_VALUE,
        query.after(),
        query.limits(),
        query.fields(),
        query.isBackward());
  }

  /** Reads it by itself. */
  Content read() {
    Filling filling = new Filling(0);
    context.find(query.limit(size + 1), filling::add);
    return filling.content();
  }

  /** {@code part} of its content, or what will be that. */
  private Object of(DataFetchingEnvironment environment, Function<Content, Object> part) {
    LinkedPages.Asked asked = link;
    if (asked != null) {
      return RequestContext.page(environment, asked).thenApply(part);
    }
    Content known = content;
    if (known == null) {
      known = read();
      content = known;
    }
    return part.apply(known);
  }

  Object documents(DataFetchingEnvironment environment) {
    return of(environment, content -> AskedMembers.narrowed(environment, content.documents()));
  }

  Object edges(DataFetchingEnvironment environment) {
    return of(environment, DocumentPage::edges);
  }

  private static List<Edge> edges(Content content) {
    List<Edge> edges = new ArrayList<>(content.documents().size());
    for (int i = 0; i < content.documents().size(); i++) {
      edges.add(new Edge(content.places().get(i), content.documents().get(i)));
    }
    return edges;
  }

  Object info(DataFetchingEnvironment environment) {
    return of(environment, this::info);
  }

  private Map<String, @Nullable Object> info(Content known) {
    List<Bookmark> places = known.places();
    Map<String, @Nullable Object> info = new LinkedHashMap<>();
    boolean isBegun = query.after() != null || query.skip() > 0;
    info.put("hasNextPage", query.isBackward() ? isBegun : known.hasMore());
    info.put("hasPreviousPage", query.isBackward() ? known.hasMore() : isBegun);
    info.put("startCursor", places.isEmpty() ? null : places.get(0).toString());
    info.put("endCursor", places.isEmpty() ? null : places.get(places.size() - 1).toString());
    return info;
  }

  Object totalCount(DataFetchingEnvironment environment) {
    LinkedPages.Asked asked = link;
    return asked == null
        ? context.count(query.selector())
        : RequestContext.count(environment, asked);
  }

  Object explanation(DataFetchingEnvironment environment) {
    Explanation explanation =
        context.database().explain(query.limit(size).limits(context.limits()));
    return Map.of(
        "plan",
        step(explanation.steps()),
        "order",
        explanation.order(),
        "postingsRead",
        explanation.postingsRead(),
        "documentsRead",
        explanation.documentsRead(),
        "bytesRead",
        explanation.bytesRead(),
        "returned",
        explanation.returned(),
        "millis",
        BigDecimal.valueOf(explanation.nanos() / 1_000, 3));
  }

  private static Map<String, Object> step(Explanation.Step step) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("selector", step.condition());
    json.put("access", step.access());
    json.put("estimated", step.estimated());
    json.put("rows", step.rows());
    json.put("exact", step.exact());
    List<Object> parts = new ArrayList<>();
    step.parts().forEach(part -> parts.add(step(part)));
    json.put("parts", parts);
    return json;
  }
}
