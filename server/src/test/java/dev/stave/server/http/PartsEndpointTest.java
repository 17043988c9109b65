package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartsEndpointTest extends ServerTest {

  private static final String PATCH = "application/json-patch+json";
  private static final String MERGE = "application/merge-patch+json";

  private String first;

  @BeforeEach
  void document() {
    createDb();
    first =
        putDoc("ada", "{'age': 36, 'address': {'city': 'London'}, 'tags': ['x', 'y'], 'a/b': 1}");
  }

  private Answer patch(String type, String body, String... headers) {
    return send(
        request("/db/ada", headers)
            .header("Content-Type", type)
            .method("PATCH", BodyPublishers.ofString(json(body))));
  }

  private Answer setAt(String pointer, String value) {
    return put(at("ada", "pointer", pointer), value, "Content-Type", "application/json");
  }

  private static String at(String id, String parameter, String value) {
    return "/db/"
        + id
        + "/_path?"
        + parameter
        + "="
        + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private String body() {
    return get("/db/ada").text().replaceAll("\"_(id|rev)\":\"[^\"]*\",?", "").trim();
  }

  @Test
  void patch_jsonPatch_isARevisionOfTheWinner() {
    Answer answer =
        patch(
            PATCH,
            "[{'op': 'test', 'path': '/age', 'value': 36},"
                + " {'op': 'replace', 'path': '/age', 'value': 37},"
                + " {'op': 'move', 'from': '/tags/0', 'path': '/tags/-'},"
                + " {'op': 'remove', 'path': '/a~1b'}]");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().get("rev").asText()).startsWith("2-");
    assertThat(answer.header("ETag")).isEqualTo('"' + answer.json().get("rev").asText() + '"');
    assertThat(body()).isEqualTo(json("{'age':37,'address':{'city':'London'},'tags':['y','x']}"));
  }

  @Test
  void patch_mergePatch_changesMembersAndRemovesNulls() {
    Answer answer =
        patch(MERGE + "; charset=utf-8", "{'age': null, 'address': {'zip': 'N1'}, 'tags': ['z']}");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(body())
        .isEqualTo(json("{'address':{'city':'London','zip':'N1'},'tags':['z'],'a/b':1}"));
  }

  @Test
  void patch_staleRevision_isAConflictAndChangesNothing() {
    assertThat(patch(MERGE, "{'age': 37}", "If-Match", '"' + first + '"').status()).isEqualTo(200);

    assertThat(patch(MERGE, "{'age': 38}", "If-Match", '"' + first + '"').error())
        .isEqualTo("409 conflict");
    assertThat(get("/db/ada").json().get("age").asInt()).isEqualTo(37);
  }

  @Test
  void patch_ofAnotherKind_isToldWhichThereAre() {
    Answer answer = patch("application/json", "{}");

    assertThat(answer.error()).isEqualTo("415 bad_content_type");
    assertThat(answer.header("Accept-Patch")).isEqualTo(PATCH + ", " + MERGE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{'op': 'test', 'path': '/age', 'value': 1}]          | 422 patch_failed",
        "[{'op': 'remove', 'path': '/nothing/here'}]           | 422 patch_failed",
        "[{'op': 'replace', 'path': '/age', 'value': 1}, {'op': 'remove', 'path': '/no'}]"
            + " | 422 patch_failed",
        "[{'op': 'jump', 'path': '/age'}]                      | 400 bad_request",
        "[{'op': 'remove', 'path': 'age'}]                     | 400 bad_request",
        "{'op': 'remove', 'path': '/age'}                      | 400 bad_request",
        "[{'op': 'replace', 'path': '', 'value': 1}]           | 422 patch_failed",
        "[{'op': 'add', 'path': '/_reserved', 'value': 1}]     | 400 bad_request",
        "[{                                                    | 400 bad_request",
      })
  void patch_thatCannotBe_changesNothing(String patch, String error) {
    Answer answer = patch(PATCH, patch);

    assertThat(answer.error()).as(answer.text()).isEqualTo(error);
    assertThat(get("/db/ada").json().get("_rev").asText()).isEqualTo(first);
  }

  @Test
  void parts_ofADocumentThatIsNotThere() {
    assertThat(
            send(request("/db/bob", "Content-Type", MERGE)
                    .method("PATCH", BodyPublishers.ofString("{}")))
                .error())
        .isEqualTo("404 not_found");
    assertThat(get(at("bob", "pointer", "")).error()).isEqualTo("404 not_found");
    assertThat(delete(at("bob", "pointer", "/a")).error()).isEqualTo("404 not_found");
    assertThat(get("/none/ada/_path?pointer=").error()).isEqualTo("404 not_found");
  }

  @Test
  void path_pointer_isReadSetAndRemoved() {
    assertThat(get(at("ada", "pointer", "/address/city")).text().trim()).isEqualTo("\"London\"");
    assertThat(get(at("ada", "pointer", "/a~1b")).text().trim()).isEqualTo("1");
    assertThat(get(at("ada", "pointer", "/no")).error()).isEqualTo("404 not_found");

    assertThat(setAt("/address/zip", "'N1'").status()).isEqualTo(200);
    assertThat(setAt("/tags/-", "{'k': [null]}").status()).isEqualTo(200);
    assertThat(delete(at("ada", "pointer", "/tags/0")).status()).isEqualTo(200);

    assertThat(body())
        .isEqualTo(
            json(
                "{'age':36,'address':{'city':'London','zip':'N1'},'tags':['y',{'k':[null]}],"
                    + "'a/b':1}"));
    assertThat(get(at("ada", "pointer", "/age") + "&rev=" + first).text().trim()).isEqualTo("36");
  }

  @Test
  void path_etag_isThatOfTheDocument() {
    Answer answer = get(at("ada", "pointer", "/age"));

    assertThat(answer.header("ETag")).isEqualTo('"' + first + '"');
    assertThat(get(at("ada", "pointer", "/age"), "If-None-Match", answer.header("ETag")).status())
        .isEqualTo(304);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/db/ada/_path                                  | 400 query_parse_error",
        "/db/ada/_path?pointer=&jsonpath=$              | 400 query_parse_error",
        "/db/ada/_path?pointer=age                      | 400 bad_request",
        "/db/ada/_path?pointer=%2Fa~2                   | 400 bad_request",
        "/db/ada/_path?jsonpath=age                     | 400 bad_request",
        "/db/ada/_path?jsonpath=                        | 400 bad_request",
      })
  void path_thatCannotBe_isRefused(String path, String error) {
    Answer answer = get(path);

    assertThat(answer.error()).as(answer.text()).isEqualTo(error);
  }

  @Test
  void path_jsonPath_findsNodesWithTheirPlaces() {
    Answer answer = get(at("ada", "jsonpath", "$..[?@ == 'y' || @ == 'London']"));

    assertThat(answer.text().trim())
        .isEqualTo(
            "{\"nodes\":[{\"path\":\"$['address']['city']\",\"value\":\"London\"},"
                + "{\"path\":\"$['tags'][1]\",\"value\":\"y\"}]}");
  }

  @Test
  void path_ofAQuery_isByDocument() {
    putDoc("bob", "{'age': 9, 'tags': ['y']}");
    putDoc("cyd", "{'age': 10}");

    Answer answer =
        post(
            "/db/_path",
            "{'selector': {'age': {'$gt': 0}}, 'sort': ['age'], 'jsonpath': '$.tags[*]'}");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().get("docs").findValuesAsText("id")).containsExactly("bob", "ada");
    assertThat(answer.json().at("/docs/1/nodes/0/value").asText()).isEqualTo("x");
    assertThat(post("/db/_path", "{'selector': {}}").error()).isEqualTo("400 missing_required_key");
    assertThat(post("/db/_path", "{'jsonpath': '$'}").error())
        .isEqualTo("400 missing_required_key");
    assertThat(post("/db/_path", "{'selector': {}, 'jsonpath': '$['}").error())
        .isEqualTo("400 bad_request");
  }
}
