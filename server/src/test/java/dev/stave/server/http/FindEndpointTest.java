package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FindEndpointTest extends ServerTest {

  @BeforeEach
  void documents() {
    createDb();
    putDoc("ada", "{'age': 36, 'address': {'city': 'London'}, 'tags': ['x', 'y']}");
    putDoc("bob", "{'age': 9.5, 'address': {'city': 'Paris', 'zip': '75001'}}");
    putDoc("cyd", "{'age': 10, 'address': {'city': 'Paris'}, 'nick': null}");
  }

  private String find(String body) {
    Answer answer = post("/db/_find", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return String.join(" ", answer.json().get("docs").findValuesAsText("_id"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'selector': {'address.city': 'Paris'}, 'sort': ['age']}                | bob cyd",
        "{'selector': {'address': {'city': 'Paris'}}, 'sort': [{'age': 'desc'}]} | cyd bob",
        "{'selector': {'age': {'$lt': 10}}}                                      | bob",
        "{'selector': {'tags': {'$elemMatch': {'$eq': 'y'}}}}                    | ada",
        "{'selector': {'tags[]': 'y'}}                                           | ada",
        "{'selector': {'age': {'$mod': [6, 0]}}}                                 | ada",
        "{'selector': {'address.city': {'$regex': '^Lon'}}}                      | ada",
        "{'selector': {'address': {'$keyMapMatch': {'$eq': 'zip'}}}}             | bob",
        "{'selector': {'tags': {'$size': 2}, 'nick': {'$exists': false}}}        | ada",
        "{'selector': {'nick': {'$type': 'null'}}}                               | cyd",
        "{'selector': {'nick': {'$exists': true}}}                               | cyd",
        "{'selector': {}, 'sort': [{'_id': 'asc'}], 'skip': 1, 'limit': 1}       | bob",
        "{'selector': {'$or': [{'age': 36}, {'age': 10}]}, 'sort': ['age']}      | cyd ada",
        "{'selector': {'**.zip': '75001'}, 'use_index': 'any', 'bookmark': 'nil'}| bob",
        "{'selector': {}, 'sort': ['address.city', {'age': 'desc'}]}             | ada cyd bob",
      })
  void find_selector_findsByAnyPath(String body, String ids) {
    assertThat(find(body)).isEqualTo(ids);
  }

  @Test
  void find_document_isWhole() {
    JsonNode found = post("/db/_find", "{'selector': {'_id': 'bob'}}").json();

    assertThat(found.at("/docs/0/_rev").asText()).startsWith("1-");
    assertThat(found.at("/docs/0/address/zip").asText()).isEqualTo("75001");
    assertThat(found.get("bookmark").asText()).isEqualTo("nil");
    assertThat(found.has("execution_stats")).isFalse();
  }

  @Test
  void find_bookmark_goesOnWhereThePageEnded() {
    String query = "{'selector': {}, 'sort': [{'_id': 'desc'}], 'limit': 2, 'bookmark': '%s'}";
    JsonNode first = post("/db/_find", String.format(query, "nil")).json();
    JsonNode second =
        post("/db/_find", String.format(query, first.get("bookmark").asText())).json();

    assertThat(first.at("/docs/1/_id").asText()).isEqualTo("bob");
    assertThat(second.at("/docs/0/_id").asText()).isEqualTo("ada");
    assertThat(second.get("docs")).hasSize(1);
    assertThat(second.get("bookmark").asText()).isEqualTo("nil");
  }

  @Test
  void find_fields_areAtTheirPlaces() {
    JsonNode docs =
        post(
                "/db/_find",
                "{'selector': {'_id': 'bob'}, 'fields': ['_id', 'address.zip', 'no.such']}")
            .json()
            .get("docs");

    assertThat(docs.toString()).isEqualTo("[{\"_id\":\"bob\",\"address\":{\"zip\":\"75001\"}}]");
  }

  @Test
  void find_fieldsThroughAnArray_areLeftOut() {
    JsonNode docs =
        post("/db/_find", "{'selector': {'_id': 'ada'}, 'fields': ['tags.0', 'age', 'address']}")
            .json()
            .get("docs");

    assertThat(docs.toString()).isEqualTo("[{\"age\":36,\"address\":{\"city\":\"London\"}}]");
  }

  @Test
  void find_useIndex_isAcceptedInEachForm() {
    for (String index : List.of("'any'", "['_design/d', 'i']", "['d']")) {
      assertThat(find("{'selector': {'age': 10}, 'use_index': " + index + "}")).isEqualTo("cyd");
    }
  }

  @Test
  void find_conflictsAndStatistics_areAddedWhenAskedFor() {
    put("/db/bob?new_edits=false", "{'_rev': '1-0'}");

    JsonNode found =
        post("/db/_find", "{'selector': {'age': 9.5}, 'conflicts': true, 'execution_stats': true}")
            .json();

    assertThat(found.at("/docs/0/_conflicts/0").asText()).isEqualTo("1-0");
    assertThat(found.at("/execution_stats/total_docs_examined").asInt()).isEqualTo(1);
    assertThat(found.at("/execution_stats/results_returned").asInt()).isEqualTo(1);
  }

  @Test
  void find_withoutLimit_is25() {
    for (int i = 0; i < 30; i++) {
      putDoc("n" + i, "{'many': true}");
    }

    assertThat(post("/db/_find", "{'selector': {'many': true}}").json().get("docs")).hasSize(25);
    assertThat(post("/db/_find", "{'selector': {'many': true}, 'limit': 99}").json().get("docs"))
        .hasSize(30);
  }

  @Test
  void explain_query_tellsThePlan() {
    JsonNode plan =
        post("/db/_explain", "{'selector': {'address.city': 'Paris'}, 'fields': ['age']}").json();

    assertThat(plan.get("dbname").asText()).isEqualTo("db");
    assertThat(plan.at("/index/type").asText()).isEqualTo("special");
    assertThat(plan.at("/selector/address.city").asText()).isEqualTo("Paris");
    assertThat(plan.get("limit").asInt()).isEqualTo(25);
    assertThat(plan.at("/fields/0").asText()).isEqualTo("age");
    assertThat(plan.at("/plan/steps/access").asText()).isEqualTo("index");
    assertThat(plan.at("/plan/steps/rows").asInt()).isEqualTo(2);
    assertThat(plan.at("/plan/documents_read").asInt()).isEqualTo(2);
    assertThat(plan.at("/plan/nanoseconds").asLong()).isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                     | missing_required_key",
        "{'selector': 7}                                        | invalid_selector_json",
        "{'selector': {'a': {'$foo': 1}}}                       | invalid_operator",
        "{'selector': [1]}                                      | invalid_selector_json",
        "{'selector': {'$gt': 1}}                               | invalid_selector",
        "{'selector': {'a': {'$text': 'x'}}}                    | not_supported",
        "{'selector': {'a': {'$regex': '('}}}                   | bad_arg",
        "{'selector': {'a': {'$mod': [0, 1]}}}                  | bad_arg",
        "{'selector': {'a': {'$size': -1}}}                     | bad_arg",
        "{'selector': {'a': {'$in': 1}}}                        | bad_arg",
        "{'selector': {'a': {'$exists': 1}}}                    | bad_arg",
        "{'selector': {}, 'limit': -1}                          | invalid_limit",
        "{'selector': {}, 'limit': 1.5}                         | invalid_limit",
        "{'selector': {}, 'skip': 'x'}                          | invalid_skip",
        "{'selector': {}, 'sort': 'a'}                          | invalid_sort_json",
        "{'selector': {}, 'sort': ['a', 1]}                     | invalid_sort_json",
        "{'selector': {}, 'sort': [{'a': 'up'}]}                | invalid_sort_json",
        "{'selector': {}, 'sort': ['a.*']}                      | invalid_sort_json",
        "{'selector': {}, 'fields': 'a'}                        | invalid_fields_json",
        "{'selector': {}, 'fields': ['*']}                      | invalid_fields_json",
        "{'selector': {}, 'bookmark': 'g1AAAA'}                 | invalid_bookmark",
        "{'selector': {}, 'conflicts': 1}                       | invalid_conflicts",
        "{'selector': {}, 'other': 1}                           | invalid_key",
        "[]                                                     | bad_request",
        "{'selector': {'a': 1, 'a': 2}}                         | bad_request",
      })
  void find_wrongRequest_isRefusedByName(String body, String error) {
    assertThat(post("/db/_find", body).error()).isEqualTo("400 " + error);
    assertThat(post("/db/_explain", body).error()).isEqualTo("400 " + error);
  }

  @Test
  void find_wrongSelector_isRefusedInCouchDbsWords() {
    assertThat(post("/db/_find", "{'selector': {'a': {'$foo': 1}}}").reason())
        .isEqualTo("Invalid operator: $foo");
    assertThat(post("/db/_find", "{'selector': {'a': {'$in': 1}}}").reason())
        .startsWith("Bad argument for operator $in: 1");
    assertThat(post("/db/_find", "{'selector': 7}").reason())
        .isEqualTo("Selector must be a JSON object, not: 7");
  }

  @Test
  void find_wrongContentType_isRefused() {
    Answer answer =
        send(
            request("/db/_find", "Content-Type", "text/plain").POST(BodyPublishers.ofString("{}")));

    assertThat(answer.error()).isEqualTo("415 bad_content_type");
  }

  @Test
  void find_bodyThatIsNoObjectOrNotUtf8_isRefused() {
    put("/db2", "");

    assertThat(post("/db2/_find", "[]").reason())
        .isEqualTo("the request body must be a JSON object");
    for (String charset : new String[] {"latin1", "\"UTF-16\""}) {
      assertThat(findAs("application/json; charset=" + charset).status()).isEqualTo(415);
    }
    assertThat(findAs("application/json;charset=UTF-8").status()).isEqualTo(200);
  }

  private Answer findAs(String type) {
    return send(
        request("/db2/_find", "Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString("{\"selector\": {}}")));
  }
}
