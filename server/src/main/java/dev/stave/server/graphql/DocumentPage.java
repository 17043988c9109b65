package dev.stave.server.graphql;

import dev.stave.document.Document;
import dev.stave.query.Bookmark;
import dev.stave.query.Explanation;
import dev.stave.query.Query;
import java.math.BigDecimal;
import java.util.ArrayList;
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
  private final int size;
  private @Nullable Content content;

  private record Content(List<Document> documents, List<Bookmark> places, boolean hasNext) {}

  /** {@code query} is without a limit. */
  DocumentPage(RequestContext context, Query query, int size) {
    this.context = context;
    this.query = query;
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

  /** One more than the page has tells whether there is a next one. */
  private Content read() {
    List<Document> documents = new ArrayList<>();
    List<Bookmark> places = new ArrayList<>();
    boolean[] hasNext = new boolean[1];
    context
        .database()
        .findPlaced(
            query.limit(size + 1).limits(context.limits()),
            (document, place) -> {
              hasNext[0] = documents.size() == size;
              if (!hasNext[0]) {
                context.take(document.body().size());
                documents.add(document);
                places.add(place);
              }
              return true;
            });
    return new Content(documents, places, hasNext[0]);
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
    info.put("hasNextPage", known.hasNext());
    info.put("hasPreviousPage", query.after() != null || query.skip() > 0);
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
