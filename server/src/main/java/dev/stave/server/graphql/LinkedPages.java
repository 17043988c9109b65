package dev.stave.server.graphql;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.document.Document;
import dev.stave.json.JsonPath;
import dev.stave.query.Group;
import dev.stave.query.Grouping;
import dev.stave.query.Selector;
import graphql.language.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.dataloader.Try;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pages of documents that lead to others by a link: those of all documents for which one
 * field asks by one query, and how many there are by another. A page that is not whole by then,
 * since others have so many more, is read by itself.
 */
final class LinkedPages {

  /** One query hands out so many times the documents that the pages may have together. */
  private static final int SHARE = 2;

  /**
   * The page of one document, which a field of a request asks for.
   *
   * @param link where the ids are that lead there
   * @param others the documents of the page, wherever they lead
   * @param id where those of the page lead
   */
  record Asked(Field field, JsonPath link, Selector others, String id, DocumentPage page) {

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Asked asked && asked.field == field && asked.id.equals(id);
    }

    @Override
    public int hashCode() {
      return Objects.hash(System.identityHashCode(field), id);
    }

    /** The ids that {@code document} has there, each once. */
    Set<String> idsIn(Document document) {
      Set<String> ids = new HashSet<>();
      link.anyMatch(
          document.body().sharedTree(),
          value -> {
            if (value.isTextual()) {
              ids.add(value.textValue());
            }
            return false;
          });
      return ids;
    }
  }

  private final RequestContext context;

  LinkedPages(RequestContext context) {
    this.context = context;
  }

  /** The pages, in this order; or why there is none. */
  List<Try<DocumentPage.Content>> contents(List<Asked> asked) {
    return byField(asked, this::read);
  }

  /** How many documents there are on all pages, in this order. */
  List<Try<Long>> counts(List<Asked> asked) {
    return byField(asked, this::count);
  }

  /** What one field asks for differs in ids alone. */
  private static <T> List<Try<T>> byField(
      List<Asked> asked, Function<List<Asked>, Map<Asked, Try<T>>> work) {
    Map<Field, List<Asked>> fields = new IdentityHashMap<>();
    for (Asked each : asked) {
      fields.computeIfAbsent(each.field(), key -> new ArrayList<>()).add(each);
    }
    Map<Asked, Try<T>> found = new HashMap<>();
    for (List<Asked> same : fields.values()) {
      try {
        found.putAll(work.apply(same));
      } catch (RuntimeException e) {
        same.forEach(each -> found.put(each, Try.failed(e)));
      }
    }
    List<Try<T>> inOrder = new ArrayList<>();
    asked.forEach(each -> inOrder.add(Objects.requireNonNull(found.get(each))));
    return inOrder;
  }

  private Map<Asked, Try<DocumentPage.Content>> read(List<Asked> asked) {
    Map<Asked, Try<DocumentPage.Content>> found = new HashMap<>();
    if (asked.size() > 1) {
      readTogether(asked, found);
    }
    for (Asked each : asked) {
      found.computeIfAbsent(each, one -> Try.tryCall(one.page()::read));
    }
    return found;
  }

  private void readTogether(List<Asked> asked, Map<Asked, Try<DocumentPage.Content>> found) {
    Asked any = asked.get(0);
    Map<String, DocumentPage.Filling> pages = new HashMap<>();
    asked.forEach(each -> pages.put(each.id(), each.page().filling()));
    Set<String> open = new HashSet<>(pages.keySet());
    long share = (long) SHARE * asked.size() * any.page().wanted();
    int most = (int) Math.min(share, Integer.MAX_VALUE);
    int[] seen = new int[1];
    context.find(
        any.page().query(leadingTo(asked)).limit(most),
        (document, place) -> {
          seen[0]++;
          for (String id : any.idsIn(document)) {
            DocumentPage.Filling page = open.contains(id) ? pages.get(id) : null;
            if (page != null && !page.add(document, place)) {
              open.remove(id);
            }
          }
          return !open.isEmpty();
        });
    for (Asked each : asked) {
      DocumentPage.Filling page = Objects.requireNonNull(pages.get(each.id()));
      if (seen[0] < most || !open.contains(each.id())) {
        found.put(each, Try.succeeded(page.content()));
      }
    }
  }

  private Map<Asked, Try<Long>> count(List<Asked> asked) {
    Asked any = asked.get(0);
    Map<String, Long> counts = new HashMap<>();
    for (Group group : context.group(Grouping.by(any.link().toString()).where(leadingTo(asked)))) {
      if (group.value().isTextual()) {
        counts.put(group.value().textValue(), group.count());
      }
    }
    Map<Asked, Try<Long>> found = new HashMap<>();
    asked.forEach(each -> found.put(each, Try.succeeded(counts.getOrDefault(each.id(), 0L))));
    return found;
  }

  private static Selector leadingTo(Collection<Asked> asked) {
    Asked any = asked.iterator().next();
    ObjectNode test = JsonNodeFactory.instance.objectNode();
    ArrayNode ids = test.putObject(Where.written(any.link())).putArray("$in");
    asked.forEach(each -> ids.add(each.id()));
    return any.others().and(Selector.of(test));
  }
}
