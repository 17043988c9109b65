package dev.stave.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.SmallDatabases;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A page of what most documents meet is found without all that the index has of these. */
class ShortcutTest {

  private static final int COUNT = 10_000;
  private static final Database DATABASE = filled();

  /** Every third is a site; what is even and what is odd are of two heights, but for the last. */
  private static Database filled() {
    Database database = SmallDatabases.inMemory(200_000);
    for (int from = 0; from < COUNT; from += 1_000) {
      WriteBatch batch = new WriteBatch();
      for (int i = from; i < from + 1_000; i++) {
        boolean isDeep = i % 2 == 1 || i == COUNT - 2;
        batch.put(
            "d" + i,
            JsonObject.parse(
                "{\"type\": \""
                    + (i % 3 == 0 ? "site" : "visit")
                    + "\", \"n\": "
                    + i
                    + ", \"even\": "
                    + (i % 2 == 0)
                    + ", \"height\": "
                    + (isDeep ? -i : i)
                    + "}"));
      }
      database.write(batch);
    }
    return database;
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  private static Query sitesFrom(int n) {
    return Query.where("{\"type\": \"site\", \"n\": {\"$gte\": " + n + "}}");
  }

  @Test
  void explain_aPageOfCommonParts_leavesThemToCheck() {
    for (Query query : new Query[] {sitesFrom(50).limit(20), sitesFrom(50).limit(20).backward()}) {
      Explanation explanation = DATABASE.explain(query);

      assertThat(explanation.steps().parts())
          .extracting(Explanation.Step::access)
          .containsExactly("index", "left to check");
      assertThat(explanation.postingsRead()).isLessThanOrEqualTo(COUNT / 3 + 1);
      assertThat(explanation.documentsRead()).isBetween(20L, 40L);
      assertThat(explanation.returned()).isEqualTo(20);
    }
  }

  /** The index has all documents of one value as a set: that is read sooner. */
  @Test
  void explain_aPageOfOneValueEach_asksTheIndex() {
    Explanation explanation =
        DATABASE.explain(Query.where("{\"type\": \"site\", \"even\": true}").limit(20));

    assertThat(explanation.steps().parts())
        .extracting(Explanation.Step::access)
        .containsExactly("index", "index");
    assertThat(explanation.documentsRead()).isEqualTo(20);
  }

  @Test
  void explain_allOfCommonParts_asksTheIndexForBoth() {
    Explanation explanation = DATABASE.explain(sitesFrom(9_000));

    assertThat(explanation.steps().parts())
        .extracting(Explanation.Step::access)
        .containsExactly("index", "index");
    assertThat(explanation.documentsRead()).isEqualTo(explanation.returned());
  }

  /** By the counts every second document is expected to match, and one of all does. */
  @Test
  void find_partsThatExcludeEachOther_asksTheIndexAfterAFewDocuments() {
    Query query = Query.where("{\"even\": true, \"height\": {\"$lt\": 0}}").limit(20);

    assertThat(DATABASE.find(query))
        .extracting(document -> document.id())
        .containsExactly("d" + (COUNT - 2));
    assertThat(DATABASE.find(query.backward())).hasSize(1);
    Explanation explanation = DATABASE.explain(query);
    assertThat(explanation.documentsRead()).isBetween(100L, 200L);
    assertThat(explanation.steps().parts())
        .extracting(Explanation.Step::access)
        .containsExactly("index", "index");
  }

  /** Else a query would read more than its limit that kept to it before. */
  @Test
  void find_limitOfDocumentsRead_readsWhatItHandsOut() {
    QueryLimits limits = new QueryLimits(Duration.ofMinutes(1), 20);

    assertThat(DATABASE.find(sitesFrom(50).limit(20).limits(limits))).hasSize(20);
  }
}
