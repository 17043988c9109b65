package dev.stave.server.graphql;

import dev.stave.document.Document;
import dev.stave.query.Bookmark;
import dev.stave.query.Explanation;
import dev.stave.query.Query;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page of a question's answer. It is read when the first of its documents is asked for, once, and
 * not at all for a count or an explanation. For one thread.
 */
final class DocumentPage {

  private final RequestContext context;
  private final Query query;
  private final @Nullable Bookmark end;
  private final int size;
  private @Nullable Content content;

  /** {@code hasMore} says whether the query goes on behind the page, or behind its end. */
  private record Content(List<Document> documents, List<Bookmark> places, boolean hasMore) {}

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

  private Content content() {
    Content known = content;
    if (known == null) {
      known = read();
      content = known;
    }
    return known;
  }

  /** One more than the page has tells whether there is another one. */
  private Content read() {
    List<Document> documents = new ArrayList<>();
    List<Bookmark> places = new ArrayList<>();
    boolean[] hasMore = new boolean[1];
    context
        .database()
        .findPlaced(
            query.limit(size + 1).limits(context.limits()),
            (document, place) -> {
              hasMore[0] = documents.size() == size || !isBeforeEnd(place);
              if (!hasMore[0]) {
                context.take(document.body().size());
                documents.add(document);
                places.add(place);
              }
              return !hasMore[0];
            });
    if (query.isBackward()) {
      Collections.reverse(documents);
      Collections.reverse(places);
    }
    return new Content(documents, places, hasMore[0]);
  }

  private boolean isBeforeEnd(Bookmark place) {
    return end == null || query.isBefore(place, end);
  }

  List<Document> documents() {
    return content().documents();
  }

  List<Map<String, Object>> edges() {
    Content known = content();
    List<Map<String, Object>> edges = new ArrayList<>(known.documents().size());
    for (int i = 0; i < known.documents().size(); i++) {
      edges.add(
          Map.of("cursor", known.places().get(i).toString(), "node", known.documents().get(i)));
    }
    return edges;
  }

  Map<String, @Nullable Object> info() {
    Content known = content();
    List<Bookmark> places = known.places();
    Map<String, @Nullable Object> info = new LinkedHashMap<>();
    boolean isBegun = query.after() != null || query.skip() > 0;
    info.put("hasNextPage", query.isBackward() ? isBegun : known.hasMore());
    info.put("hasPreviousPage", query.isBackward() ? known.hasMore() : isBegun);
    info.put("startCursor", places.isEmpty() ? null : places.get(0).toString());
    info.put("endCursor", places.isEmpty() ? null : places.get(places.size() - 1).toString());
    return info;
  }

  long totalCount() {
    return context.database().count(query.selector(), context.limits());
  }

  Map<String, Object> explanation() {
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
