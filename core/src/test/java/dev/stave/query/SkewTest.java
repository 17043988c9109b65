package dev.stave.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Values that come unevenly: the part that leaves few is looked up first, wherever it stands and
 * whatever it looks like, in memory and in tables.
 */
class SkewTest {

  private static final int COUNT = 4_000;
  private static final Database MEMORY = Database.inMemory();
  private static final Database TABLES = Database.inMemory();

  /**
   * 99 of 100 have one state; 4 have a rare kind. At "wide" 10 documents spread over a million and
   * all others are 1; at "dense" all are between 0 and 1, and all different.
   */
  @BeforeAll
  static void fill() {
    for (Database database : List.of(MEMORY, TABLES)) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < COUNT; i++) {
        String json =
            String.format(
                "{\"state\": \"%s\", \"kind\": \"%s\", \"wide\": %d, \"dense\": 0.%06d}",
                i % 100 == 0 ? "open" : "done",
                i % 1_000 == 7 ? "rare" : "k" + i % 7,
                i % 400 == 3 ? i * 250 : 1,
                i + 1);
        batch.put("d" + i, JsonObject.parse(json));
      }
      database.write(batch);
    }
    TABLES.rebuildIndex();
  }

  @AfterAll
  static void close() {
    MEMORY.close();
    TABLES.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'state': 'done'} | {'kind': 'rare'} | 4",
        "{'state': {'$ne': 'open'}} | {'kind': 'rare'} | 4",
        "{'dense': {'$lt': 0.9}} | {'kind': 'rare'} | 4",
        "{'state': 'done'} | {'wide': {'$gt': 1}} | 10",
        "{'dense': {'$lt': 0.9}} | {'wide': {'$gt': 1, '$lt': 1000000}} | 10",
        "{'wide': {'$lte': 1}} | {'dense': {'$gt': 0.0005, '$lte': 0.00051}} | 10",
        "{'wide': {'$lte': 1}} | {'kind': 'rare'} | 4",
      })
  void explain_rarePartInEitherPlace_isLookedUpFirst(String common, String rare, int left) {
    for (Database database : List.of(MEMORY, TABLES)) {
      for (String parts : List.of(common + "," + rare, rare + "," + common)) {
        String selector = ("{\"$and\": [" + parts + "]}").replace('\'', '"');
        Explanation explanation = database.explain(Query.where(selector));

        assertThat(explanation.documentsRead()).as(selector).isLessThanOrEqualTo(left);
        assertThat(explanation.postingsRead()).as(selector).isLessThanOrEqualTo(left);
        assertThat(explanation.steps().parts().stream().map(Explanation.Step::access))
            .as(selector)
            .startsWith("index")
            .endsWith("left to check");
        assertThat(explanation.steps().estimated()).as(selector).isBetween(1L, 2L * left);
        assertThat(explanation.estimatedDocuments()).as(selector).isBetween(1L, 2L * left);
        long expected = explanation.estimatedDocuments();
        assertThat(explanation.estimatedBytes()).isBetween(50 * expected, 60 * expected);
        assertThat(explanation.bytesRead())
            .isEqualTo(
                database.find(Query.where(selector)).stream()
                    .mapToLong(document -> document.body().size())
                    .sum());
      }
    }
  }

  /** A sort that would walk through all of the common ones first. */
  @ParameterizedTest
  @CsvSource({"wide", "dense", "state"})
  void explain_rarePartAndSort_readsThoseFew(String path) {
    for (Database database : List.of(MEMORY, TABLES)) {
      Query query = Query.where("{\"kind\": \"rare\"}").sortBy(path).limit(2);

      assertThat(database.explain(query).documentsRead()).isLessThanOrEqualTo(4);
      assertThat(
              database.find(query).stream()
                  .map(document -> document.body().tree().get("kind").textValue())
                  .collect(Collectors.toList()))
          .containsExactly("rare", "rare");
    }
  }
}
