package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryEndpointTest extends ServerTest {

  @BeforeEach
  void documents() {
    createDb();
    putDoc("ada", "{'age': 36, 'city': 'London', 'tags': ['x', 'y']}");
    putDoc("bob", "{'age': 9.5, 'city': 'Paris'}");
    putDoc("cyd", "{'age': 10, 'city': 'Paris'}");
  }

  @Test
  void group_withoutBy_counts() {
    JsonNode found = post("/db/_group", "{'selector': {'age': {'$lt': 20}}}").json();

    assertThat(found.get("count").asInt()).isEqualTo(2);
  }

  @Test
  void group_byPath_hasCountsAndFigures() {
    JsonNode groups =
        post("/db/_group", "{'selector': {}, 'by': 'city', 'figures': ['age']}")
            .json()
            .get("groups");

    assertThat(groups.findValuesAsText("value")).containsExactly("London", "Paris");
    assertThat(groups.at("/1/count").asInt()).isEqualTo(2);
    assertThat(groups.at("/1/figures/age/sum").asText()).isEqualTo("19.5");
    assertThat(groups.at("/1/figures/age/average").asText()).isEqualTo("9.75");
    assertThat(groups.at("/1/figures/age/min").asText()).isEqualTo("9.5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                           | missing_required_key",
        "{'selector': {}, 'other': 1}                 | invalid_key",
        "{'selector': 7}                              | invalid_selector_json",
        "{'selector': {}, 'by': 7}                    | invalid_by",
        "{'selector': {}, 'by': 'a', 'figures': 'b'}  | invalid_figures",
        "{'selector': {}, 'by': 'a', 'figures': [1]}  | invalid_figures",
      })
  void group_wrongRequest_isRefusedByName(String body, String error) {
    assertThat(post("/db/_group", body).error()).isEqualTo("400 " + error);
  }

  @Test
  void indexPolicy_set_isKeptAndChangesNoAnswer() {
    String policy = "{'exclude': ['city'], 'max_values_per_document': 3}";
    assertThat(get("/db/_index_policy").text().trim()).isEqualTo("{\"exclude\":[]}");

    assertThat(put("/db/_index_policy", policy).status()).isEqualTo(200);
    assertThat(post("/db/_check_index?rebuild=true", "").json().get("ok").asBoolean()).isTrue();

    assertThat(get("/db/_index_policy").text().trim())
        .isEqualTo(policy.replace("'", "\"").replace(" ", ""));
    assertThat(get("/db/_shape").json().get("warnings"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "the index policy excludes city: queries of that read documents",
            "documents over the bounds of the index policy, which every query reads: 1");
    String query = "{'selector': {'city': 'Paris', 'tags': {'$exists': false}}}";
    assertThat(post("/db/_find", query).json().get("docs")).hasSize(2);
    assertThat(post("/db/_explain", query).text())
        .contains("scan: path excluded by the index policy");
  }

  @Test
  void indexPolicy_thatIsNone_isRefused() {
    assertThat(put("/db/_index_policy", "{'exclude': ['**']}").error())
        .isEqualTo("400 bad_request");
    assertThat(put("/db/_index_policy", "{'max_paths': 'x'}").reason())
        .isEqualTo("\"max_paths\" is a whole number from 1, not: \"x\"");
  }

  @Test
  void shape_hasEveryPath() {
    JsonNode shape = get("/db/_shape").json();

    assertThat(shape.get("doc_count").asInt()).isEqualTo(3);
    assertThat(shape.get("paths").findValuesAsText("path"))
        .containsExactly("_id", "age", "city", "tags", "tags[]");
    assertThat(shape.at("/paths/1/types/number").asInt()).isEqualTo(3);
    assertThat(shape.at("/paths/1/smallest/0").asText()).isEqualTo("9.5");
  }

  @Test
  void checkIndex_rightIndex_hasNoProblems() {
    for (String query : new String[] {"", "?rebuild=true"}) {
      JsonNode reply = post("/db/_check_index" + query, "{}").json();

      assertThat(reply.get("ok").asBoolean()).isTrue();
      assertThat(reply.get("problems")).isEmpty();
    }
    assertThat(post("/db/_find", "{'selector': {'city': 'Paris'}}").json().get("docs")).hasSize(2);
  }
}
