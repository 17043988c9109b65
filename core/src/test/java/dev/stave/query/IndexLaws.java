package dev.stave.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * What the index answers is what reading every document answers, and what another program, {@link
 * NaiveMango}, answers.
 */
class IndexLaws {

  private static final int QUERIES = 40;

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

  private static void deleteFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.collect(Collectors.toList())) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private static void edit(Database database, RandomData data, int edits) {
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

  private static void ask(Database database, RandomData data) {
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
    }
  }

  private static void askSorted(
      Database database, RandomData data, Selector selector, List<Document> matching) {
    String path = List.of("a", "a.b", "_id", "b").get(data.nextInt(4));
    boolean descending = data.nextInt(2) == 0;
    Query query = Query.of(selector);
    query = descending ? query.sortByDescending(path) : query.sortBy(path);
    JsonPath sort = JsonPath.parse(path);

    List<JsonNode> values = new ArrayList<>();
    for (Document document : matching) {
      JsonNode value = Query.sortValue(sort, document.id(), document.body().sharedTree());
      if (value != null) {
        values.add(value);
      }
    }
    Comparator<JsonNode> order = JsonOrder.INSTANCE;
    values.sort(descending ? order.reversed() : order);
    int skip = data.nextInt(3);
    int limit = data.nextInt(8);
    List<JsonNode> wanted = values.stream().skip(skip).limit(limit).collect(Collectors.toList());

    List<Document> found = database.find(query.skip(skip).limit(limit));
    assertThat(found.stream().map(d -> Query.sortValue(sort, d.id(), d.body().sharedTree())))
        .as("selector %s sorted by %s", selector, path)
        .usingElementComparator(order)
        .containsExactlyElementsOf(wanted);
    assertThat(found).isSubsetOf(matching);
  }

  private static List<String> ids(List<Document> documents) {
    return documents.stream().map(Document::id).collect(Collectors.toList());
  }
}
