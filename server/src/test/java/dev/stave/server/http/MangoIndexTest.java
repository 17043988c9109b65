package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which index a query is said to use, and that it answers in its order. */
class MangoIndexTest extends ServerTest {

  @BeforeEach
  void documents() {
    createDb();
    post(
        "/db/_bulk_docs",
        "{'docs': [{'_id': 'a', 'n': 3, 'm': 1}, {'_id': 'b', 'n': 1, 'm': 2},"
            + " {'_id': 'c', 'n': 2, 'm': 1}, {'_id': 'd', 'n': [1], 'm': 1}, {'_id': 'e', 'm': 9}]}");
    index("n", "'fields': ['n']");
    index("mn", "'fields': ['m', 'n']");
    index("part", "'fields': ['m'], 'partial_filter_selector': {'n': 1}");
  }

  private void index(String design, String index) {
    post("/db/_index", "{'index': {" + index + "}, 'ddoc': '" + design + "', 'name': 'i'}");
  }

  private JsonNode find(String query) {
    Answer answer = post("/db/_find", query);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static List<String> ids(JsonNode found) {
    return found.get("docs").findValuesAsText("_id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'n': {'$gt': 0}} | _design/n",
        "{'n': {'$gt': 0}, 'm': 1} | _design/n", // fewer paths
        "{'n': {'$exists': true}, 'm': {'$gte': 1}} | _design/n",
        "{'$and': [{'n': 1}, {'x': 2}]} | _design/n",
        "{'$or': [{'n': 1}, {'n': 2, 'm': 1}]} | _design/n",
        "{'$or': [{'n': 1}, {'m': 2}]} | null",
        "{'n': {'$exists': false}} | null",
        "{'$nor': [{'n': 1}]} | null",
        "{'m': {'$gt': 0}} | null", // the index of both needs n, the partial one to be named
        "{'_id': {'$gt': 'a'}} | null",
      })
  void explain_namesTheIndexThatCouchDbTakes(String selector, String design) {
    JsonNode index = post("/db/_explain", "{'selector': " + selector + "}").json().get("index");

    assertThat(index.get("ddoc").asText()).isEqualTo(design);
    assertThat(index.get("type").asText()).isEqualTo(design.equals("null") ? "special" : "json");
  }

  @Test
  void explain_sortAndUseIndex_choose() {
    String named = "{'selector': {'m': {'$gt': 0}}, 'use_index': ['part', 'i']}";
    String sorted = "{'selector': {'n': {'$gt': 0}}, 'sort': ['m', 'n']}";

    assertThat(post("/db/_explain", named).json().at("/index/ddoc").asText())
        .isEqualTo("_design/part");
    assertThat(post("/db/_explain", sorted).json().at("/index/ddoc").asText())
        .isEqualTo("_design/mn");
  }

  @Test
  void find_withoutSort_isInTheOrderOfTheIndex_pageByPage() {
    JsonNode first = find("{'selector': {'n': {'$gte': 0}}, 'limit': 2}");
    String bookmark = first.get("bookmark").asText();
    JsonNode rest = find("{'selector': {'n': {'$gte': 0}}, 'bookmark': '" + bookmark + "'}");

    assertThat(ids(first)).containsExactly("b", "c");
    assertThat(ids(rest)).containsExactly("a", "d");
    assertThat(ids(find("{'selector': {'n': {'$gt': 0}, 'm': 1}, 'use_index': 'mn'}")))
        .containsExactly("c", "a", "d");
  }

  @Test
  void find_useIndexThatDoesNotFit_warns() {
    assertThat(find("{'selector': {'m': 1}, 'use_index': 'n'}").get("warning").asText())
        .isEqualTo(
            "_design/n was not used because it does not contain a valid index for this query.");
    assertThat(find("{'selector': {'n': 1}, 'use_index': ['n', 'i']}").has("warning")).isFalse();
    assertThat(find("{'selector': {'n': 1}, 'use_index': []}").has("warning")).isFalse();
  }
}
