package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllDocsEndpointTest extends ServerTest {

  @BeforeEach
  void documents() {
    createDb();
    for (String id : List.of("a", "b", "c", "d", "gone")) {
      putDoc(id, "{'name': '" + id + "'}");
    }
    delete("/db/gone?rev=" + get("/db/gone").json().get("_rev").asText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                            | a b c d",
        "startkey='b'                                | b c d",
        "start_key='b'&end_key='c'                   | b c",
        "startkey='b'&endkey='c'&inclusive_end=false | b",
        "startkey='bb'&endkey='cc'                   | c",
        "descending=true                             | d c b a",
        "descending=true&startkey='c'&endkey='b'     | c b",
        "descending=true&startkey='c'&endkey='a'&inclusive_end=false | c b",
        "limit=2                                     | a b",
        "limit=2&skip=1                              | b c",
        "limit=0                                     | ",
        "skip=9                                      | ",
        "key='c'                                     | c",
        "key='gone'                                  | ",
        "startkey=null&endkey={}                     | a b c d",
        "startkey={}                                 | ",
        "endkey=7                                    | ",
        "startkey='d'&endkey='a'                     | ",
        "keys=['c','a']                              | c a",
        "keys=['c','a','b']&skip=1&limit=1           | a",
        "keys=['c','a']&descending=true              | a c",
        "startkey='b'&endkey='b\ufff0'               | b",
      })
  void list_range_isWhatCouchDbLists(String query, String ids) {
    Answer answer = get("/db/_all_docs?" + encoded(query));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().get("total_rows").asInt()).isEqualTo(4);
    assertThat(String.join(" ", answer.json().get("rows").findValuesAsText("key")))
        .isEqualTo(ids == null ? "" : ids);
  }

  private static String encoded(String query) {
    return query == null
        ? ""
        : URLEncoder.encode(json(query), StandardCharsets.UTF_8)
            .replace("%3D", "=")
            .replace("%26", "&");
  }

  @Test
  void list_row_hasIdKeyAndRevision() {
    JsonNode page = get("/db/_all_docs?limit=1&skip=1&update_seq=true").json();

    JsonNode row = page.at("/rows/0");
    assertThat(row.get("id").asText()).isEqualTo("b");
    assertThat(row.at("/value/rev").asText()).startsWith("1-");
    assertThat(row.has("doc")).isFalse();
    assertThat(page.get("offset").asInt()).isEqualTo(1);
    assertThat(page.get("update_seq").asInt()).isEqualTo(6);
    assertThat(get("/db/_all_docs?startkey=%22b%22").json().get("offset").isNull()).isTrue();
  }

  @Test
  void list_includeDocs_hasThemWithConflicts() {
    put("/db/a?new_edits=false", "{'_rev': '1-0'}");

    JsonNode rows = get("/db/_all_docs?include_docs=true&conflicts=true").json().get("rows");

    assertThat(rows.get(0).at("/doc/name").asText()).isEqualTo("a");
    assertThat(rows.get(0).at("/doc/_conflicts/0").asText()).isEqualTo("1-0");
    assertThat(rows.get(1).get("doc").has("_conflicts")).isFalse();
  }

  @Test
  void list_keys_tellsOfDeletedAndMissing() {
    JsonNode rows =
        post("/db/_all_docs?include_docs=true", "{'keys': ['a', 'gone', 'never', 7, '_x']}")
            .json()
            .get("rows");

    assertThat(rows).hasSize(5);
    assertThat(rows.get(0).at("/doc/_id").asText()).isEqualTo("a");
    assertThat(rows.get(1).at("/value/deleted").asBoolean()).isTrue();
    assertThat(rows.get(1).get("doc").isNull()).isTrue();
    assertThat(rows.get(2).toString()).isEqualTo("{\"key\":\"never\",\"error\":\"not_found\"}");
    assertThat(rows.get(3).toString()).isEqualTo("{\"key\":7,\"error\":\"not_found\"}");
    assertThat(rows.get(4).get("error").asText()).isEqualTo("not_found");
  }

  @Test
  void list_postWithOptionsInTheBody_meansTheSame() {
    JsonNode rows = post("/db/_all_docs", "{'startkey': 'b', 'limit': 1}").json().get("rows");

    assertThat(rows.findValuesAsText("id")).containsExactly("b");
  }

  @Test
  void list_wrongParameters_areRefused() {
    assertThat(get("/db/_all_docs?limit=x").error()).isEqualTo("400 query_parse_error");
    assertThat(get("/db/_all_docs?limit=-1").error()).isEqualTo("400 query_parse_error");
    assertThat(get("/db/_all_docs?descending=1").error()).isEqualTo("400 query_parse_error");
    assertThat(get("/db/_all_docs?startkey=b").error()).isEqualTo("400 query_parse_error");
    assertThat(get("/db/_all_docs?" + encoded("keys=['a']&startkey='a'")).error())
        .isEqualTo("400 query_parse_error");
    assertThat(post("/db/_all_docs", "{'keys': 7}").error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_all_docs", "{'queries': 7}").error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_all_docs/queries", "{}").error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_all_docs", "{'queries': [{'limit': 'x'}]}").error())
        .isEqualTo("400 query_parse_error");
  }

  private static List<String> ids(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().get("rows").findValuesAsText("id");
  }

  @Test
  void list_severalQueries_areAListEach() {
    for (String path : List.of("/db/_all_docs", "/db/_all_docs/queries")) {
      JsonNode results =
          post(path, "{'queries': [{'limit': 1}, {'keys': ['c', 'none']}]}").json().get("results");

      assertThat(results).hasSize(2);
      assertThat(results.get(0).get("rows").findValuesAsText("id")).containsExactly("a");
      assertThat(results.get(1).at("/rows/0/id").asText()).isEqualTo("c");
      assertThat(results.get(1).at("/rows/1/error").asText()).isEqualTo("not_found");
    }
  }

  @Test
  void list_designAndLocalDocuments_areListsOfTheirOwn() {
    put("/db/_design/one", "{}");
    put("/db/_design/two", "{}");
    put("/db/_local/place", "{'at': 7}");

    assertThat(ids(get("/db/_design_docs"))).containsExactly("_design/one", "_design/two");
    assertThat(ids(get("/db/_design_docs?descending=true&limit=1"))).containsExactly("_design/two");
    assertThat(ids(get("/db/_design_docs?" + encoded("startkey='_design/p'"))))
        .containsExactly("_design/two");
    assertThat(get("/db/_design_docs").json().get("total_rows").asInt()).isEqualTo(2);
    assertThat(ids(get("/db/_all_docs"))).startsWith("_design/one", "_design/two", "a");
    Answer locals = get("/db/_local_docs?include_docs=true");
    assertThat(ids(locals)).containsExactly("_local/place");
    assertThat(locals.json().at("/rows/0/value/rev").asText()).isEqualTo("0-1");
    assertThat(locals.json().at("/rows/0/doc/at").asInt()).isEqualTo(7);
    assertThat(locals.json().get("total_rows").isNull()).isTrue();
    JsonNode byKey =
        post("/db/_local_docs", "{'keys': ['_local/place', 'a', 7]}").json().get("rows");
    assertThat(byKey.get(0).get("id").asText()).isEqualTo("_local/place");
    assertThat(byKey.get(1).get("error").asText()).isEqualTo("not_found");
    assertThat(byKey.get(2).get("key").asInt()).isEqualTo(7);
  }
}
