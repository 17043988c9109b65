package dev.stave.server.graphql;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.document.Document;
import dev.stave.json.JsonMask;
import dev.stave.json.JsonPath;
import dev.stave.query.Bookmark;
import dev.stave.query.Group;
import dev.stave.query.Grouping;
import dev.stave.query.Query;
import dev.stave.query.Selector;
import graphql.language.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.dataloader.Try;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pages of documents that lead to others by a link: those of all documents for which one
 * field asks by one query, and how many there are by another. Where few documents have most of
 * them, the same goes on without these, and at last page by page.
 */
final class LinkedPages {

  /** So many queries are made for pages that are read together. */
  private static final int MAX_ROUNDS = 8;

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
          document.body().masked(reads(link)).sharedTree(),
          value -> {
            if (value.isTextual()) {
              ids.add(value.textValue());
            }
            return false;
          });
      return ids;
    }
  }

  /** The member of a document that the ids of {@code link} are in. */
  static JsonMask reads(JsonPath link) {
    return link.steps().get(0) instanceof JsonPath.Step.Member member
        ? JsonMask.of(Map.of(member.name(), JsonMask.WHOLE))
        : JsonMask.WHOLE;
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
    IdentityHashMap<Field, List<Asked>> fields = new IdentityHashMap<>();
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

  /** Goes on without the pages that are full, which are few if they have most of the documents. */
  private void readTogether(List<Asked> asked, Map<Asked, Try<DocumentPage.Content>> found) {
    Map<String, DocumentPage.Filling> pages = new HashMap<>();
    Map<String, Asked> open = new LinkedHashMap<>();
    for (Asked each : asked) {
      pages.put(each.id(), each.page().filling());
      open.put(each.id(), each);
    }
    Bookmark[] last = new Bookmark[1];
    boolean isAll = false;
    for (int round = 0; !isAll && !open.isEmpty() && round < MAX_ROUNDS; round++) {
      isAll = readOn(open, pages, last);
      asked.stream()
          .filter(each -> !open.containsKey(each.id()))
          .forEach(each -> found.computeIfAbsent(each, one -> whole(pages, one)));
    }
    if (isAll) {
      open.values().forEach(each -> found.put(each, whole(pages, each)));
    }
  }

  private static Try<DocumentPage.Content> whole(
      Map<String, DocumentPage.Filling> pages, Asked asked) {
    return Try.succeeded(Objects.requireNonNull(pages.get(asked.id())).content());
  }

  /** Fills open pages by one query, behind {@code last}; returns whether there is no more. */
  private boolean readOn(
      Map<String, Asked> open, Map<String, DocumentPage.Filling> pages, @Nullable Bookmark[] last) {
    Asked any = open.values().iterator().next();
    long share = (long) SHARE * open.size() * any.page().wanted();
    int most = (int) Math.min(share, Integer.MAX_VALUE);
    Query query = any.page().query(leadingTo(open.values())).limit(most);
    Bookmark from = last[0];
    int[] seen = new int[1];
    context.find(
        from == null ? query : query.after(from),
        (document, place) -> {
          seen[0]++;
          last[0] = place;
          for (String id : any.idsIn(document)) {
            DocumentPage.Filling page = open.containsKey(id) ? pages.get(id) : null;
            if (page != null && !page.add(document, place)) {
              open.remove(id);
            }
          }
          return !open.isEmpty();
        });
    return seen[0] < most;
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
