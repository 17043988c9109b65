package dev.stave.server.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import dev.stave.database.IdRange;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonOrder;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.storage.Durability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An index that was brought up to date again and again is the one made at once, and the scan. */
class ViewLaws {

  private static final String DESIGN =
      """
      {"views": {
        "v": {"map": "function (doc) { if (doc.k !== undefined) { emit(doc.k, doc.n); if (doc.n % 2) emit([doc.k, doc.n], null); } }",
              "reduce": "_count"},
        "w": {"map": "function (doc) { if (doc.n == 3) throw 'three'; emit(doc._conflicts ? 1 : 0); }",
              "reduce": "function (keys, values, again) { return again ? sum(values) : values.length; }"}}}
      """;

  private static final List<String> KEYS =
      List.of(
          "null",
          "true",
          "1",
          "1.0",
          "-2.5",
          "1e30",
          "\"a\"",
          "\"a\\u0000b\"",
          "\"a\\u0001\"",
          "\"\"",
          "\"é\"",
          "\"\uD83D\uDE00\"",
          "[]",
          "[1]",
          "[1,2]",
          "[\"a\"]",
          "{}",
          "{\"b\":1}",
          "{\"a\":1,\"b\":2}");

  @Property(tries = 25)
  void index_afterAnyEdits_isTheFreshOneAndTheScan(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Path folder = Files.createTempDirectory("views");
    DesignViews views =
        DesignViews.of(
                new Document("_design/d", RevisionId.parse("1-a"), false, JsonObject.parse(DESIGN)))
            .orElseThrow();
    try (Database database =
        Database.open(
            folder.resolve("db"), DatabaseOptions.DEFAULT.withDurability(Durability.NONE))) {
      ViewIndex index = open(folder.resolve("index"), database, views);
      for (int round = 0; round < 6; round++) {
        for (int edit = random.nextInt(30); edit > 0; edit--) {
          edit(random, database);
        }
        if (random.nextInt(4) == 0) { // else the purges that are to be told are all written down
          database.purges().setLimit(1);
          database.purges().setLimit(1_000);
        }
        index.upTo(database.lastSequence()).join();
        if (random.nextInt(3) == 0) {
          index.close();
          index = open(folder.resolve("index"), database, views);
          index.upTo(database.lastSequence()).join();
        }
        assertThat(rows(index, views)).isEqualTo(scan(database));
      }
      ViewIndex fresh = open(folder.resolve("fresh"), database, views);
      fresh.upTo(database.lastSequence()).join();
      assertThat(all(index, views)).isEqualTo(all(fresh, views));
      index.close();
      fresh.close();
    } finally {
      delete(folder);
    }
  }

  private static ViewIndex open(Path folder, Database database, DesignViews views)
      throws IOException {
    Optional<ViewIndex> known =
        ViewIndex.open(folder, database, views, ViewLimits.DEFAULT, Runnable::run);
    if (known.isPresent()) {
      return known.get();
    }
    delete(folder); // the last that it saw was purged, and nobody knows any more
    return ViewIndex.open(folder, database, views, ViewLimits.DEFAULT, Runnable::run).orElseThrow();
  }

  private static void edit(Random random, Database database) {
    String id = "d" + random.nextInt(12);
    String key =
        random.nextInt(8) == 0 ? "" : "\"k\":" + KEYS.get(random.nextInt(KEYS.size())) + ",";
    JsonObject body = JsonObject.parse("{" + key + "\"n\":" + random.nextInt(6) + "}");
    Optional<Document> known = database.get(id);
    if (random.nextInt(6) == 0) {
      List<RevisionId> leaves =
          new ArrayList<>(database.tree(id).leaves().stream().map(Revision::id).toList());
      leaves.removeIf(leaf -> random.nextInt(4) == 0);
      database.purge(Map.of(id, leaves));
      return;
    }
    if (random.nextInt(4) == 0) { // a branch of another peer's
      String digest = Integer.toHexString(random.nextInt(16));
      boolean deleted = random.nextInt(4) == 0;
      int generation = 1 + random.nextInt(3);
      RevisionId leaf = RevisionId.parse(generation + "-" + digest + generation);
      database.writeEach(
          new WriteBatch().graft(id, new RevisionPath(List.of(leaf), deleted), body));
    } else if (known.isEmpty()) {
      database.put(id, body);
    } else if (random.nextInt(3) == 0) {
      database.delete(id, known.get().revision());
    } else {
      database.put(id, known.get().revision(), body);
    }
  }

  private static List<String> rows(ViewIndex index, DesignViews views) {
    try (ViewReader reader = index.read(views.view("v").orElseThrow())) {
      List<String> rows = texts(reader.rows(ViewRange.ALL));
      assertThat(reader.count()).isEqualTo(rows.size());
      List<String> backward = texts(reader.rows(new ViewRange(null, null, true)));
      Collections.reverse(backward);
      assertThat(backward).isEqualTo(rows);
      Iterator<ViewReader.Reduced> count = reader.reduce(ViewRange.ALL, 0);
      assertThat(count.hasNext() ? count.next().value().asInt() : 0).isEqualTo(rows.size());
      return rows;
    }
  }

  private static List<String> texts(Iterator<ViewRow> rows) {
    List<String> texts = new ArrayList<>();
    rows.forEachRemaining(row -> texts.add(row.key() + " " + row.id() + " " + row.valueText()));
    return texts;
  }

  private record Expected(JsonNode key, String id, int place, String value) {}

  /** What the first map function says, in Java. */
  private static List<String> scan(Database database) {
    List<Expected> rows = new ArrayList<>();
    database.forEach(
        new IdRange("", null, false),
        document -> {
          JsonNode body = document.body().sharedTree();
          JsonNode key = body.get("k");
          if (key != null) {
            rows.add(new Expected(number(key), document.id(), 0, body.get("n").toString()));
            if (body.get("n").asInt() % 2 == 1) {
              JsonNode pair = value("[" + number(key) + "," + body.get("n") + "]");
              rows.add(new Expected(pair, document.id(), 1, "null"));
            }
          }
          return true;
        });
    rows.sort(
        Comparator.comparing(Expected::key, JsonOrder.INSTANCE)
            .thenComparing(Expected::id)
            .thenComparing(Expected::place));
    return rows.stream().map(row -> row.key() + " " + row.id() + " " + row.value()).toList();
  }

  private static JsonNode value(String json) {
    return JsonObject.parseValue(json.getBytes(StandardCharsets.UTF_8));
  }

  /** A number as it is after JavaScript had it. */
  private static JsonNode number(JsonNode key) {
    return key.toString().equals("1.0") ? value("1") : key;
  }

  private static List<String> all(ViewIndex index, DesignViews views) {
    List<String> all = new ArrayList<>();
    for (String name : List.of("v", "w")) {
      try (ViewReader reader = index.read(views.view(name).orElseThrow())) {
        all.addAll(texts(reader.rows(ViewRange.ALL)));
        reader
            .reduce(ViewRange.ALL, Integer.MAX_VALUE)
            .forEachRemaining(group -> all.add(group.key() + " " + group.value()));
      }
    }
    return all;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  @Property(tries = 2_000)
  void viewKey_sortsAsJsonOrder_andNoneBeginsAnother(
      @ForAll("values") JsonNode left, @ForAll("values") JsonNode right) {
    byte[] l = ViewKey.of(left);
    byte[] r = ViewKey.of(right);

    int order = JsonOrder.INSTANCE.compare(left, right);
    assertThat(Integer.signum(Arrays.compareUnsigned(l, r))).isEqualTo(Integer.signum(order));
    if (order != 0) {
      int shared = Arrays.mismatch(l, r);
      assertThat(shared).isLessThan(Math.min(l.length, r.length));
    }
  }

  @Provide
  Arbitrary<JsonNode> values() {
    Arbitrary<String> numbers =
        Arbitraries.oneOf(
            Arbitraries.integers().between(-30, 30).map(String::valueOf),
            Arbitraries.doubles().between(-1e6, 1e6).map(String::valueOf),
            Arbitraries.of("1e300", "-1e300", "1e-300", "0.1", "0.10", "100", "1e2", "-0.5"));
    Arbitrary<String> texts =
        Arbitraries.strings()
            .withChars('\0', '\1', '\2', 'a', 'b', 'é')
            .ofMaxLength(4)
            .map(text -> TextNode.valueOf(text).toString());
    Arbitrary<String> simple =
        Arbitraries.oneOf(Arbitraries.of("null", "false", "true"), numbers, texts);
    Arbitrary<String> nested =
        Arbitraries.lazyOf(
            () -> simple,
            () -> simple.list().ofMaxSize(3).map(list -> "[" + String.join(",", list) + "]"),
            () -> simple.list().ofMaxSize(2).map(list -> "[[" + String.join(",", list) + "]]"),
            () ->
                simple
                    .list()
                    .ofMaxSize(3)
                    .map(
                        list -> {
                          StringBuilder object = new StringBuilder("{");
                          for (int i = 0; i < list.size(); i++) {
                            object
                                .append(i == 0 ? "" : ",")
                                .append("\"")
                                .append("ba".charAt(list.size() % 2)); // names go up
                            object.append(i).append("\":").append(list.get(i));
                          }
                          return object.append("}").toString();
                        }));
    return nested.map(ViewLaws::value);
  }
}
