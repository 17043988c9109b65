package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexEndpointTest extends ServerTest {

  private static final String BY_N = "{'index': {'fields': ['n', {'m': 'asc'}]}, 'name': 'by-n'}";

  @BeforeEach
  void database() {
    createDb();
  }

  @Test
  void create_twice_isThereTheSecondTime() {
    JsonNode first = post("/db/_index", BY_N).json();
    JsonNode second = post("/db/_index", BY_N).json();

    assertThat(first.get("result").asText()).isEqualTo("created");
    assertThat(second.get("result").asText()).isEqualTo("exists");
    assertThat(first.get("name").asText()).isEqualTo("by-n");
    assertThat(first.get("id").asText())
        .startsWith("_design/")
        .isEqualTo(second.get("id").asText());
  }

  @Test
  void list_isTheIdsAndWhatWasMade_asDesignDocumentsThatReplicate() {
    post(
        "/db/_index",
        "{'index': {'fields': ['a'], 'partial_filter_selector': {'b': 1}}, 'ddoc': 'd', 'name': 'i'}");
    post(
        "/db/_index",
        "{'index': {'fields': ['b']}, 'ddoc': '_design/d', 'name': 'j', 'type': 'json'}");
    put("/db/_design/views", "{'views': {'v': {'map': 'function(doc) {}'}}}");

    JsonNode list = get("/db/_index").json();

    assertThat(list.get("total_rows").asInt()).isEqualTo(3);
    assertThat(list.get("indexes").findValuesAsText("name")).containsExactly("_all_docs", "i", "j");
    assertThat(list.at("/indexes/1").toString())
        .isEqualTo(
            json(
                "{'ddoc':'_design/d','name':'i','type':'json','partitioned':false,"
                    + "'def':{'fields':[{'a':'asc'}],'partial_filter_selector':{'b':1}}}"));
    assertThat(get("/db/_design/d").json().get("language").asText()).isEqualTo("query");
  }

  @Test
  void delete_oneOrMany_takesThemOut() {
    post("/db/_index", "{'index': {'fields': ['a']}, 'ddoc': 'd', 'name': 'i'}");
    post("/db/_index", "{'index': {'fields': ['b']}, 'ddoc': 'd', 'name': 'j'}");
    post("/db/_index", "{'index': {'fields': ['b']}, 'ddoc': 'e', 'name': 'k'}");

    assertThat(delete("/db/_index/d/json/i").status()).isEqualTo(200);
    assertThat(delete("/db/_index/d/json/i").error()).isEqualTo("404 not_found");
    assertThat(delete("/db/_index/_design/d/json/j").status()).isEqualTo(200);
    assertThat(get("/db/_design/d").reason()).isEqualTo("deleted");
    JsonNode many =
        post("/db/_index/_bulk_delete", "{'docids': ['_design/e', 'none', '_x']}").json();
    assertThat(many.get("success").findValuesAsText("id")).containsExactly("_design/e");
    assertThat(many.get("fail")).hasSize(2);
    assertThat(get("/db/_index").json().get("total_rows").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'index': {'fields': [{'a': 2}]}",
        "'index': {'fields': [{'a': 'asc'}, {'b': 'desc'}]}",
        "'index': {'fields': ['']}",
        "'index': {'fields': ['a']}, 'type': null",
        "'index': {'fields': ['a']}, 'type': 1.5",
        "'index': {'fields': ['a']}, 'name': ''",
        "'index': {'fields': ['a']}, 'name': true",
        "'index': {'fields': ['a']}, 'ddoc': ''",
        "'index': {'fields': ['a']}, 'ddoc': ['x']"
      })
  void create_partsThatAreNotRight_areRefused(String index) {
    assertThat(post("/db/_index", "{" + index + "}").status()).isEqualTo(400);
    assertThat(get("/db").json().get("update_seq").asInt()).isZero();
  }

  @Test
  void create_sameFieldsUnderTwoNames_isTwoDesignDocuments() {
    String first = post("/db/_index", "{'index': {'fields': ['a']}, 'name': 'i'}").text();
    String second = post("/db/_index", "{'index': {'fields': ['a']}, 'name': 'j'}").text();

    assertThat(first.substring(0, 60)).isNotEqualTo(second.substring(0, 60));
    assertThat(get("/db/_index?skip=1&limit=1").json().get("indexes")).hasSize(1);
    assertThat(get("/db/_index?skip=9").json().get("indexes")).isEmpty();
  }

  @Test
  void create_whatIsNoIndex_isRefused() {
    put("/db/_design/views", "{'views': {}}");

    assertThat(post("/db/_index", "{}").error()).isEqualTo("400 missing_required_key");
    assertThat(post("/db/_index", "{'index': {}}").error()).isEqualTo("400 missing_required_key");
    assertThat(post("/db/_index", "{'index': {'fields': [7]}}").error())
        .isEqualTo("400 invalid_index_json");
    assertThat(post("/db/_index", "{'index': {'fields': ['a']}, 'type': 'odd'}").error())
        .isEqualTo("400 invalid_index");
    assertThat(post("/db/_index", "{'index': {'fields': ['a']}, 'ddoc': 'views'}").error())
        .isEqualTo("400 invalid_design_doc");
    assertThat(post("/db/_index/_bulk_delete", "{}").error()).isEqualTo("400 missing_required_key");
    assertThat(delete("/db/_index/d/i").error()).isEqualTo("404 not_found");
  }
}
