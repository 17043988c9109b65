package dev.stave.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPath;
import dev.stave.query.Explanation;
import dev.stave.query.Query;
import dev.stave.query.Selector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexPolicyTest {

  private final Database database = Database.inMemory();

  @ParameterizedTest
  @ValueSource(
      strings = {"log.lines", "log.lines[]", "log.lines.0.text", "log.*", "**.text", "*.lines"})
  void mayExclude_whatIsAtOrBelow_isTrue(String path) {
    assertThat(IndexPolicy.NONE.exclude("log.lines").mayExclude(JsonPath.parse(path))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"log", "lines", "log.level", "log[].lines", "_id"})
  void mayExclude_whatIsBesideOrAbove_isFalse(String path) {
    assertThat(IndexPolicy.NONE.exclude("log.lines").mayExclude(JsonPath.parse(path))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"exclude\": \"a\"}",
        "{\"exclude\": [1]}",
        "{\"exclude\": [\"**.a\"]}",
        "{\"exclude\": [\"_id\"]}",
        "{\"max_paths\": 0}",
        "{\"max_values_per_document\": 1.5}",
        "{\"max\": 1}"
      })
  void of_whatIsNoPolicy_isRefused(String json) {
    assertThatThrownBy(() -> IndexPolicy.of(JsonObject.parse(json)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void explain_ofAnExcludedPath_saysSo() {
    database.setIndexPolicy(IndexPolicy.NONE.exclude("log.lines"));
    database.put("a", JsonObject.parse("{\"log\": {\"lines\": [\"x\", \"y\"], \"level\": 3}}"));
    database.put("b", JsonObject.parse("{\"log\": {\"lines\": [\"y\"], \"level\": 3}}"));

    Explanation excluded = database.explain(Query.where("{\"log.lines[]\": \"x\"}"));
    Explanation beside = database.explain(Query.where("{\"log.level\": 3}"));

    assertThat(excluded.steps().access()).isEqualTo("scan: path excluded by the index policy");
    assertThat(excluded.returned()).isEqualTo(1);
    assertThat(beside.steps().access()).isEqualTo("index");
    assertThat(beside.returned()).isEqualTo(2);
  }

  @Test
  void shape_ofDocumentsOverTheCap_warnsOfHowMany() {
    database.setIndexPolicy(IndexPolicy.NONE.exclude("log").maxValuesPerDocument(3));
    database.put("small", JsonObject.parse("{\"a\": 1, \"b\": 2, \"c\": 3, \"log\": [1, 2, 3]}"));
    database.put("large", JsonObject.parse("{\"a\": 1, \"b\": 2, \"c\": 3, \"d\": 4}"));

    assertThat(database.shape().partlyIndexed()).isEqualTo(1);
    assertThat(database.shape().warnings())
        .containsExactly(
            "the index policy excludes log: queries of that read documents",
            "documents over the bounds of the index policy, which every query reads: 1");
    assertThat(database.count(Selector.parse("{\"d\": 4}"))).isEqualTo(1);
  }

  @Test
  void maxPaths_whereKeysAreData_boundsThePathsAndFindsAll() {
    database.setIndexPolicy(IndexPolicy.NONE.maxPaths(10));
    for (int i = 0; i < 100; i++) {
      database.put("d" + i, JsonObject.parse("{\"n\": " + i + ", \"k" + i + "\": true}"));
    }

    assertThat(database.shape().paths()).hasSizeLessThanOrEqualTo(11); // and _id
    assertThat(database.shape().partlyIndexed()).isEqualTo(91);
    assertThat(database.count(Selector.parse("{\"k77\": true}"))).isEqualTo(1);
    assertThat(database.count(Selector.parse("{\"n\": {\"$gte\": 50}}"))).isEqualTo(50);
  }

  @Test
  void explain_ofAnId_readsNoPartlyIndexedDocument() {
    database.setIndexPolicy(IndexPolicy.NONE.maxValuesPerDocument(1));
    for (int i = 0; i < 20; i++) {
      database.put("d" + i, JsonObject.parse("{\"n\": 1, \"m\": 2}"));
    }

    assertThat(database.explain(Query.where("{\"_id\": \"d7\"}")).documentsRead()).isEqualTo(1);
  }

  @Test
  void setIndexPolicy_ofWhatIsIndexed_isMadeAnewAndKept() {
    database.put("a", JsonObject.parse("{\"log\": [1, 2], \"n\": 1}"));
    database.setIndexPolicy(IndexPolicy.NONE.exclude("log"));
    assertThat(database.count(Selector.parse("{\"log[]\": 2}"))).isEqualTo(1);

    database.setIndexPolicy(IndexPolicy.NONE);
    database.rebuildIndex();

    assertThat(database.explain(Query.where("{\"log[]\": 2}")).steps().access()).isEqualTo("index");
    assertThat(database.indexPolicy()).isEqualTo(IndexPolicy.NONE);
    assertThat(database.checkIndex()).isEmpty();
  }
}
