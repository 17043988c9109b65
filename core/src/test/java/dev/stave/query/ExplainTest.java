package dev.stave.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The index answers, and the plan proves it: documents are read to be returned, not to be found.
 */
class ExplainTest {

  private static final int COUNT = 2_000;
  private static final Database DATABASE = Database.inMemory();

  @BeforeAll
  static void fill() {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < COUNT; i++) {
      String json =
          String.format(
              "{\"n\": %d, \"group\": %d, \"tags\": [\"t%d\", \"all\"], \"in\": {\"side\": %s}%s}",
              i, i % 10, i % 100, i % 2 == 0, i == 7 ? ", \"rare\": 1" : "");
      batch.put("d" + i, JsonObject.parse(json));
    }
    DATABASE.write(batch);
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  private static Explanation explain(String selector) {
    return DATABASE.explain(Query.where(selector.replace('\'', '"')));
  }

  private static void assertAnsweredFromIndex(String selector, int expected) {
    Explanation explanation = explain(selector);
    assertThat(explanation.returned()).isEqualTo(expected);
    assertThat(explanation.documentsRead()).isEqualTo(expected);
    assertThat(explanation.steps().exact()).isTrue();
  }

  @Test
  void explain_eachOperator_readsOnlyWhatItReturns() {
    assertAnsweredFromIndex("{'n': 5}", 1);
    assertAnsweredFromIndex("{'n': {'$gte': 1990}}", 10);
    assertAnsweredFromIndex("{'n': {'$gt': 3, '$lt': 7}}", 3);
    assertAnsweredFromIndex("{'n': {'$in': [1, 2, 99999]}}", 2);
    assertAnsweredFromIndex("{'rare': {'$exists': true}}", 1);
    assertAnsweredFromIndex("{'rare': {'$exists': false}}", COUNT - 1);
    assertAnsweredFromIndex("{'tags': {'$elemMatch': {'$eq': 't3'}}}", 20);
    assertAnsweredFromIndex("{'tags': {'$all': ['t3', 'all']}}", 20);
    assertAnsweredFromIndex("{'tags': {'$in': ['t3']}}", 20);
    assertAnsweredFromIndex("{'$or': [{'n': 1}, {'rare': 1}]}", 2);
    assertAnsweredFromIndex("{'group': 3, 'in.side': false}", 200);
    assertAnsweredFromIndex("{'$not': {'n': {'$gte': 10}}}", 10);
    assertAnsweredFromIndex("{'**.side': true, 'n': {'$lt': 1000}}", 500);
    assertAnsweredFromIndex("{'n': {'$ne': 5}, 'group': 5}", 199);
    assertAnsweredFromIndex("{'_id': 'd77'}", 1);
    assertAnsweredFromIndex("{'n': {'$nin': [5, 6]}, 'group': 5}", 199);
    assertAnsweredFromIndex("{'rare': {'$type': 'number'}}", 1);
    assertAnsweredFromIndex("{'n': {'$not': {'$type': 'number'}}}", 0);
    assertAnsweredFromIndex("{'tags': {'$size': 3}}", 0);
    assertAnsweredFromIndex("{'tags': {'$size': 2}, 'group': 3}", 200);
    assertAnsweredFromIndex("{'tags[]': {'$beginsWith': 't9'}}", 220);
    assertAnsweredFromIndex("{'_id': {'$beginsWith': 'd199'}}", 11);
    assertAnsweredFromIndex("{'_id': {'$regex': '^d199.$'}}", 10);
    assertAnsweredFromIndex("{'_id': {'$regex': '77$'}}", 20);
    assertAnsweredFromIndex("{'_id': {'$beginsWith': 'd19', '$gt': 'd195'}}", 54);
    assertAnsweredFromIndex("{'in': {'$keyMapMatch': {'$beginsWith': 's'}}, 'group': 3}", 200);
    assertAnsweredFromIndex("{'in': {'$keyMapMatch': {'$eq': 'n'}}}", 0);
  }

  private static void assertNarrowed(String selector, int returned, int read) {
    Explanation explanation = explain(selector);
    assertThat(explanation.returned()).isEqualTo(returned);
    assertThat(explanation.documentsRead()).isEqualTo(read);
    assertThat(explanation.steps().rows()).isEqualTo(read);
    assertThat(explanation.steps().exact()).isFalse();
  }

  /** What the index cannot tell is checked, on the candidates that it leaves. */
  @Test
  void explain_operatorsThatTheIndexOnlyNarrows_readTheCandidates() {
    assertNarrowed("{'n': {'$mod': [7, 0], '$lt': 70}}", 10, 70);
    assertNarrowed("{'rare': {'$mod': [2, 1]}}", 1, 1);
    assertNarrowed("{'tags': {'$allMatch': {'$beginsWith': 't77'}}}", 0, 20);
    assertNarrowed("{'tags.0': 't77'}", 20, 20);
    assertNarrowed("{'tags.0': {'$regex': '^t7[78]'}}", 40, 40);
  }

  /** Postings outside the range of a beginning are not looked at. */
  @Test
  void explain_regexWithABeginning_readsItsRangeOnly() {
    try (Database texts = Database.inMemory()) {
      WriteBatch batch = new WriteBatch();
      String start = "s".repeat(300);
      for (int i = 0; i < 50; i++) {
        batch.put("d" + i, JsonObject.parse("{\"t\": \"" + start + i + "\"}"));
      }
      texts.write(batch);

      String anchored = "{\"t\": {\"$regex\": \"^s+7$\"}}";
      Explanation cut = texts.explain(Query.where(anchored));
      Explanation elsewhere = texts.explain(Query.where(anchored.replace("^s+", "^tt")));

      assertThat(cut.returned()).isEqualTo(1);
      assertThat(cut.documentsRead()).as("the index has no more than beginnings").isEqualTo(50);
      assertThat(elsewhere.returned()).isZero();
      assertThat(elsewhere.documentsRead()).isZero();
    }
  }

  @Test
  void explain_pathThatNoDocumentHas_readsNothing() {
    Explanation explanation = explain("{'nowhere.at.all': 1}");

    assertThat(explanation.documentsRead()).isZero();
    assertThat(explanation.postingsRead()).isZero();
  }

  @Test
  void explain_rarePartFirst_leavesTheCommonPartToCheck() {
    Explanation explanation = explain("{'n': {'$gte': 0}, 'rare': 1}");

    assertThat(explanation.documentsRead()).isEqualTo(1);
    assertThat(explanation.postingsRead()).isEqualTo(1);
    assertThat(explanation.steps().parts())
        .extracting(Explanation.Step::access)
        .containsExactly("index", "left to check");
  }

  /** Once each of 98 levels held the whole selector written out, explained or not: 104 MB. */
  @Test
  void explain_largeConditionDeepDown_isWrittenShort() {
    String part = "{'n': '" + "y".repeat(1 << 20) + "'}";
    String selector = "{'$and': [".repeat(98) + part + "]}".repeat(98);

    Explanation.Step step = explain(selector).steps();

    assertThat(step.condition()).startsWith("((((").endsWith("yyy…");
    while (!step.parts().isEmpty()) {
      assertThat(step.condition()).hasSizeLessThanOrEqualTo(Selector.MAX_TEXT + 1);
      step = step.parts().get(0);
    }
  }

  @Test
  void explain_manyNegations_areAnsweredFromTheIndex() {
    String parts = "{'rare': {'$exists': false}},".repeat(5_000);

    assertAnsweredFromIndex("{'$or': [" + parts + "{'n': 7}]}", COUNT);
  }

  @Test
  void explain_anyOfEverything_isTheDearestPart() {
    Explanation explanation = explain("{'$and': [{'$or': [{}, {}]}, {'rare': 1}]}");

    assertThat(explanation.steps().parts())
        .extracting(Explanation.Step::access)
        .containsExactly("index", "left to check");
  }

  @Test
  void explain_unsorted_isInTheOrderOfTheWinners() {
    try (Database database = Database.inMemory()) {
      RevisionId first = database.put("a", JsonObject.parse("{}"));
      database.put("b", JsonObject.parse("{}"));
      RevisionPath loser = new RevisionPath(List.of(RevisionId.parse("1-0")), false);
      database.write(new WriteBatch().graft("a", loser, JsonObject.parse("{}")));

      assertThat(database.get("a").map(Document::revision)).contains(first);
      assertThat(database.find(Query.where("{}")))
          .extracting(Document::id)
          .containsExactly("a", "b");
      assertThat(database.explain(Query.where("{}")).order())
          .isEqualTo("by sequence of the winner");
    }
  }

  @Test
  void explain_limitOfARange_stopsEarlyWithoutASort() {
    try (Database database = Database.inMemory()) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < 1_000; i++) {
        batch.put("d" + i, JsonObject.parse("{\"n\": " + (i * 7 % 1_000) + "}"));
      }
      database.write(batch);
      Query range = Query.where("{\"n\": {\"$gte\": 100}}");

      Explanation first = database.explain(range.limit(10));

      assertThat(first.order()).isEqualTo("walked the index at n");
      assertThat(first.postingsRead()).isLessThan(20);
      assertThat(first.documentsRead()).isEqualTo(10);
      assertThat(database.explain(range).order()).isEqualTo("by sequence of the winner");
      Query one = Query.where("{\"n\": 900}");
      assertThat(database.explain(one.limit(10)).order()).isEqualTo("by sequence of the winner");
    }
  }

  @Test
  void explain_sortAndLimit_walksTheIndexAndStopsEarly() {
    Query query = Query.where("{\"in.side\": true}").sortByDescending("n").limit(3);

    Explanation explanation = DATABASE.explain(query);
    List<Document> found = DATABASE.find(query);

    assertThat(found.stream().map(Document::id).collect(Collectors.toList()))
        .containsExactly("d1998", "d1996", "d1994");
    assertThat(explanation.documentsRead()).isEqualTo(3);
    assertThat(explanation.order()).isEqualTo("walked the index at n descending");
    assertThat(explanation.steps().access()).isEqualTo("walk and filter");
  }

  @Test
  void explain_rangeAndSortOnOnePath_readsOnlyTheRange() {
    Explanation explanation =
        DATABASE.explain(Query.where("{\"n\": {\"$gte\": 1000}}").sortBy("n").limit(5));

    assertThat(explanation.postingsRead()).isEqualTo(5);
    assertThat(explanation.documentsRead()).isEqualTo(5);
  }

  @Test
  void explain_fewCandidates_areSortedAsDocuments() {
    Explanation explanation =
        DATABASE.explain(Query.where("{\"tags\": {\"$in\": [\"t3\"]}, \"group\": 3}").sortBy("n"));

    assertThat(explanation.returned()).isEqualTo(20);
    assertThat(explanation.documentsRead()).isLessThanOrEqualTo(40);
  }

  /** Each value was looked for on each path: 100,000 of them on 16,000 paths took minutes. */
  @Test
  @Timeout(20)
  void find_longInOnManyPaths_looksAtEachPostingOnce() {
    try (Database many = Database.inMemory()) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < 5_000; i++) {
        batch.put("d" + i, JsonObject.parse("{\"p" + i + "\": {\"v\": " + i + "}}"));
      }
      many.write(batch);
      StringBuilder values = new StringBuilder("0");
      for (int i = 1; i < 50_000; i++) {
        values.append(',').append(i * 2);
      }

      Explanation explanation =
          many.explain(Query.where("{\"**.v\": {\"$in\": [" + values + "]}}"));

      assertThat(explanation.returned()).isEqualTo(2_500);
      assertThat(explanation.postingsRead()).isEqualTo(5_000);
    }
  }

  @Test
  void query_wrongBounds_areRefused() {
    assertThatThrownBy(() -> Query.where("{}").limit(-1)).hasMessageContaining("limit=-1");
    assertThatThrownBy(() -> Query.where("{}").sortBy("a.*"))
        .hasMessage("a path to sort by has no wildcards: a.*");
  }
}
