package dev.stave.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.database.Page;
import dev.stave.database.SmallDatabases;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonOrder;
import dev.stave.json.JsonPath;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * What the index answers is what reading every document answers, and what another program, {@link
 * NaiveMango}, answers.
 */
class IndexLaws {

  private static final int QUERIES = 30;

  @Property(tries = 150)
  void find_afterRandomEdits_isTheScan(@ForAll long seed) {
    RandomData data = new RandomData(seed);
    try (Database database = SmallDatabases.inMemory(data.nextInt(3) * 40_000L)) {
      edit(database, data, 10 + data.nextInt(60));
      ask(database, data);
      edit(database, data, 20);
      ask(database, data);
    }
  }

  @Property(tries = 15)
  void find_afterReopening_isTheScan(@ForAll long seed) throws IOException {
    RandomData data = new RandomData(seed);
    Path own = Files.createTempDirectory("stave-index");
    long indexBytes = data.nextInt(3) * 40_000L;
    try (Database database = SmallDatabases.open(own, indexBytes)) {
      edit(database, data, 40);
    }
    try (Database database = SmallDatabases.open(own, indexBytes)) {
      ask(database, data);
      edit(database, data, 10);
      ask(database, data);
    }
    deleteFolder(own);
  }

  static void deleteFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.collect(Collectors.toList())) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  static void edit(Database database, RandomData data, int edits) {
    for (int i = 0; i < edits; i++) {
      String id = "d" + data.nextInt(25);
      JsonObject body = JsonObject.of(data.document());
      Optional<Document> known = database.get(id);
      if (known.isEmpty()) {
        database.put(id, body);
      } else if (data.nextInt(5) == 0) {
        database.delete(id, known.get().revision());
      } else if (data.nextInt(4) == 0) {
        branch(database, known.get(), body, data);
      } else {
        database.put(id, known.get().revision(), body);
      }
    }
  }

  /** A revision beside the winner, which wins or loses by its digest. */
  private static void branch(Database database, Document winner, JsonObject body, RandomData data) {
    RevisionId id =
        new RevisionId(
            winner.revision().generation(), (data.nextInt(2) == 0 ? "0" : "f") + data.nextInt(99));
    database.write(new WriteBatch().graft(winner.id(), new RevisionPath(List.of(id), false), body));
  }

  static void ask(Database database, RandomData data) {
    List<Document> all = new ArrayList<>();
    database.forEach(IdRange.ALL, all::add);
    for (int i = 0; i < QUERIES; i++) {
      JsonNode json = JsonObject.of(data.selector()).tree();
      Selector selector = Selector.of(json);
      List<Document> matching =
          all.stream()
              .filter(d -> selector.matches(d.id(), d.body().sharedTree()))
              .collect(Collectors.toList());
      assertThat(ids(matching))
          .as("selector %s, compiled %s, against the naive answer", json, selector)
          .containsExactlyElementsOf(
              ids(
                  all.stream()
                      .filter(d -> NaiveMango.matches(json, d.id(), d.body().sharedTree()))
                      .collect(Collectors.toList())));

      assertThat(ids(database.find(Query.of(selector))))
          .as("selector %s, compiled %s", json, selector)
          .containsExactlyInAnyOrderElementsOf(ids(matching));
      askSorted(database, data, selector, matching);
      askGroups(database, data, selector, matching);
    }
  }

  private static void askSorted(
      Database database, RandomData data, Selector selector, List<Document> matching) {
    Query query = Query.of(selector);
    int count = 1 + data.nextInt(3);
    for (int i = 0; i < count; i++) {
      String path = List.of("a", "a.b", "_id", "b").get(data.nextInt(4));
      query = data.nextInt(2) == 0 ? query.sortByDescending(path) : query.sortBy(path);
    }
    List<SortKey> keys = query.order();
    List<List<JsonNode>> wanted = new ArrayList<>();
    for (Document document : matching) {
      List<JsonNode> values = values(keys, document);
      if (!values.contains(null)) {
        wanted.add(values);
      }
    }
    wanted.sort((x, y) -> compare(keys, x, y));
    int skip = data.nextInt(3);
    int limit = data.nextInt(8);

    List<Document> found = database.find(query.skip(skip).limit(limit));
    assertThat(found.stream().map(d -> values(keys, d)))
        .as("selector %s sorted by %s", selector, keys)
        .usingElementComparator((x, y) -> compare(keys, x, y))
        .containsExactlyElementsOf(
            wanted.stream().skip(skip).limit(limit).collect(Collectors.toList()));
    assertThat(found).isSubsetOf(matching);
    askInPages(database, query, 1 + data.nextInt(4));
    askBackward(database, query.skip(0).limit(Integer.MAX_VALUE), 1 + data.nextInt(4));
  }

  /** From its end an answer is the same, turned round, also in pages. */
  private static void askBackward(Database database, Query query, int size) {
    List<String> backward = ids(database.find(query.backward()));
    Collections.reverse(backward);
    assertThat(backward).as("%s backward", query).isEqualTo(ids(database.find(query)));
    askInPages(database, query.backward(), size);
  }

  private static List<JsonNode> values(List<SortKey> keys, Document document) {
    return keys.stream()
        .map(key -> value(key, document))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static JsonNode value(SortKey key, Document document) {
    return key.path().isId()
        ? TextNode.valueOf(document.id())
        : key.path().first(document.body().sharedTree());
  }

  private static int compare(List<SortKey> keys, List<JsonNode> left, List<JsonNode> right) {
    for (int i = 0; i < keys.size(); i++) {
      int order = JsonOrder.INSTANCE.compare(left.get(i), right.get(i));
      if (order != 0) {
        return keys.get(i).descending() ? -order : order;
      }
    }
    return 0;
  }

  private static void askInPages(Database database, Query query, int size) {
    List<Document> inPages = new ArrayList<>();
    Page page = database.page(query.limit(size));
    inPages.addAll(page.documents());
    while (page.next().isPresent()) {
      Bookmark place = Bookmark.parse(page.next().get().toString());
      page = database.page(query.limit(size).after(place));
      inPages.addAll(page.documents());
    }
    assertThat(ids(inPages))
        .as("%s in pages of %s", query, size)
        .containsExactlyElementsOf(ids(database.find(query)));
  }

  /** Counts and groups as they would be without an index. */
  private static void askGroups(
      Database database, RandomData data, Selector selector, List<Document> matching) {
    assertThat(database.count(selector)).isEqualTo(matching.size());
    String by = List.of("a", "a.b", "_id", "b", "a[]", "**").get(data.nextInt(6));
    String number = List.of("a", "b", "a.b", "a[]").get(data.nextInt(4));
    Map<JsonNode, Group> expected = new TreeMap<>(JsonOrder.INSTANCE);
    for (Document document : matching) {
      Set<JsonNode> own = new TreeSet<>(JsonOrder.INSTANCE);
      own.addAll(all(by, document));
      for (JsonNode value : own) {
        Group group = expected.getOrDefault(value, new Group(value, 0, List.of(Figures.NONE)));
        Figures sum = group.figures().get(0);
        for (JsonNode each : all(number, document)) {
          sum = each.isNumber() ? sum.plus(each.decimalValue(), 1) : sum;
        }
        expected.put(value, new Group(value, group.count() + 1, List.of(sum)));
      }
    }

    List<Group> groups = database.group(Grouping.by(by).where(selector).figures(number));
    assertThat(groups.stream().map(Group::value))
        .usingElementComparator(JsonOrder.INSTANCE)
        .containsExactlyElementsOf(expected.keySet());
    for (Group group : groups) {
      Group right = expected.get(group.value());
      assertThat(group.count()).isEqualTo(right.count());
      Figures found = group.figures().get(0);
      Figures wanted = right.figures().get(0);
      assertThat(found.count())
          .as("%s of %s by %s", selector, number, by)
          .isEqualTo(wanted.count());
      assertThat(found.sum()).isEqualByComparingTo(wanted.sum());
      assertThat(wanted.count() == 0 || found.min().compareTo(wanted.min()) == 0).isTrue();
      assertThat(wanted.count() == 0 || found.max().compareTo(wanted.max()) == 0).isTrue();
    }
  }

  private static List<JsonNode> all(String path, Document document) {
    JsonPath parsed = JsonPath.parse(path);
    List<JsonNode> values = new ArrayList<>();
    if (parsed.isId()) {
      values.add(TextNode.valueOf(document.id()));
      return values;
    }
    parsed.anyMatch(
        document.body().sharedTree(),
        value -> {
          values.add(value);
          return false;
        });
    return values;
  }

  private static List<String> ids(List<Document> documents) {
    return documents.stream().map(Document::id).collect(Collectors.toList());
  }
}
