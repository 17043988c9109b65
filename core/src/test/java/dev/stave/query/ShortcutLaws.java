package dev.stave.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.SmallDatabases;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a page leaves to check, and wherever it is given up, it is the same page. */
class ShortcutLaws {

  private static final int COUNT = 3_000;
  private static final List<String> TESTS =
      List.of("{\"$gt\":0}", "{\"$lt\":0}", "{\"$exists\":false}", "{\"$lt\":2000}");

  @Property(tries = 25)
  void page_ofConditionsThatHaveToDoWithEachOther_isThatOfAllMatches(@ForAll long seed) {
    Random random = new Random(seed);
    try (Database database = SmallDatabases.inMemory(random.nextInt(3) * 100_000L)) {
      write(database, random);
      for (int i = 0; i < 20; i++) {
        Query query = Query.where(selector(random));
        List<String> all = ids(database.find(query));
        int skip = random.nextInt(20);
        int limit = 1 + random.nextInt(20);

        assertPage(database, query.skip(skip).limit(limit), all);
        Collections.reverse(all);
        assertPage(database, query.backward().skip(skip).limit(limit), all);
      }
    }
  }

  private static void assertPage(Database database, Query query, List<String> all) {
    int from = Math.min(query.skip(), all.size());
    List<String> page = all.subList(from, Math.min(from + query.limit(), all.size()));
    assertThat(ids(database.find(query))).as("%s", query).isEqualTo(page);
  }

  /** Three numbers above 0 or below, two of them with much to do with each other, or with place. */
  private static void write(Database database, Random random) {
    int turn = random.nextInt(COUNT);
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < COUNT; i++) {
      boolean a = random.nextInt(3) > 0;
      boolean b = i < turn ? !a : random.nextInt(10) > 0;
      boolean c = i > turn || random.nextBoolean();
      batch.put("d" + i, numbers(i + 1, a, b, c));
    }
    database.write(batch);
    for (int i = 0; i < 50; i++) {
      String id = "d" + random.nextInt(COUNT);
      Document old = database.get(id).orElseThrow();
      database.put(id, old.revision(), JsonObject.parse("{\"a\":1,\"b\":1}"));
    }
  }

  private static JsonObject numbers(int n, boolean a, boolean b, boolean c) {
    String json = "{\"a\":" + (a ? n : -n) + ",\"b\":" + (b ? n : -n);
    return JsonObject.parse(json + ",\"c\":" + (c ? n : -n) + "}");
  }

  private static String selector(Random random) {
    String second = random.nextBoolean() ? "\"b\":" : "\"c\":";
    return "{\"a\":{\"$gt\":0},"
        + second
        + TESTS.get(random.nextInt(TESTS.size()))
        + (random.nextBoolean() ? ",\"n\":{\"$exists\":false}" : "")
        + "}";
  }

  private static List<String> ids(List<Document> documents) {
    return documents.stream().map(Document::id).collect(Collectors.toList());
  }
}
