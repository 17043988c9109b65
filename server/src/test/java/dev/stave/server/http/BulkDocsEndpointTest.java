package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BulkDocsEndpointTest extends ServerTest {

  @BeforeEach
  void database() {
    createDb();
  }

  private JsonNode bulk(String body) {
    Answer answer = post("/db/_bulk_docs", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json();
  }

  @Test
  void write_goodAndBadDocuments_eachHasItsOwnResult() {
    String first = putDoc("old", "{}");

    JsonNode results =
        bulk(
            "{'docs': [{'_id': 'a'}, {'n': 1}, {'_id': 'old'},"
                + "{'_id': 'old', '_rev': '"
                + first
                + "', '_deleted': true}, {'_id': 'c', 'k': 1, 'k': 2}, {'_id': '"
                + "x".repeat(513)
                + "'}]}");

    assertThat(results).hasSize(6);
    assertThat(results.get(0).get("ok").asBoolean()).isTrue();
    assertThat(results.get(1).get("id").asText()).matches("[0-9a-f]{32}");
    assertThat(results.get(2).get("error").asText()).isEqualTo("conflict");
    assertThat(results.get(2).get("id").asText()).isEqualTo("old");
    assertThat(results.get(3).get("rev").asText()).startsWith("2-");
    assertThat(results.get(4).get("id").asText()).isEqualTo("c");
    assertThat(results.get(4).get("reason").asText()).contains("duplicate key").contains("/k");
    assertThat(results.get(5).get("reason").asText()).contains("at most 512 bytes");
    assertThat(get("/db").json().get("doc_count").asInt()).isEqualTo(2);
  }

  @Test
  void write_whatASchemaRefuses_isForbiddenInItsPlace() {
    putDoc("stave.schema.n", "{'stave': 'schema', 'schema': {'required': ['n']}}");

    JsonNode results = bulk("{'docs': [{'_id': 'a', 'n': 1}, {'_id': 'b'}, {'_id': 'c', 'n': 1}]}");

    assertThat(results).hasSize(3);
    assertThat(results.get(0).get("ok").asBoolean()).isTrue();
    assertThat(results.get(1).get("id").asText()).isEqualTo("b");
    assertThat(results.get(1).get("error").asText()).isEqualTo("forbidden");
    assertThat(results.get(1).get("reason").asText()).contains("stave.schema.n#/required");
    assertThat(results.get(2).get("ok").asBoolean()).isTrue();
    assertThat(put("/db/b", "{}").status()).isEqualTo(403);
    assertThat(put("/db/stave.schema.o", "{'schema': 1}").status()).isEqualTo(403);
  }

  @Test
  void write_oneIdTwice_theSecondIsAConflict() {
    JsonNode results = bulk("{'docs': [{'_id': 'a', 'n': 1}, {'_id': 'a', 'n': 2}]}");

    assertThat(results.get(0).has("rev")).isTrue();
    assertThat(results.get(1).get("error").asText()).isEqualTo("conflict");
    assertThat(get("/db/a").json().get("n").asInt()).isEqualTo(1);
  }

  @Test
  void write_newEditsFalse_graftsBranches() {
    String winner = "{'_id': 'a', '_rev': '2-b', '_revisions': {'start': 2, 'ids': ['b', 'x']}}";
    String loser = "{'_id': 'a', '_rev': '2-a', '_revisions': {'start': 2, 'ids': ['a', 'x']}}";

    JsonNode results =
        bulk(
            "{'new_edits': false, 'docs': ["
                + winner
                + ","
                + loser
                + ","
                + winner
                + ",{'_id': 'gone', '_rev': '1-z', '_deleted': true}]}");

    assertThat(results).isEmpty();
    JsonNode document = get("/db/a?conflicts=true&revs=true").json();
    assertThat(document.get("_rev").asText()).isEqualTo("2-b");
    assertThat(document.get("_conflicts").get(0).asText()).isEqualTo("2-a");
    assertThat(document.at("/_revisions/ids/1").asText()).isEqualTo("x");
    assertThat(get("/db/gone").reason()).isEqualTo("deleted");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'_id': '_x'} | illegal_docid | Only reserved document ids may start with underscore.",
        "{'_id': 7} | illegal_docid | Document id must be a string",
        "{'_id': 'b', '_y': 1} | doc_validation | Bad special document member: _y",
        "{'_id': 'b', '_rev': 'x'} | bad_request | Invalid rev format",
        "{'_id': 'b', '_attachments': 1} | bad_request | _attachments",
      })
  void write_membersThatAreNotRight_refuseTheWholeRequest(
      String document, String error, String reason) {
    Answer answer = post("/db/_bulk_docs", "{'docs': [{'_id': 'good'}, " + document + "]}");

    assertThat(answer.error()).isEqualTo("400 " + error);
    assertThat(answer.reason()).contains(reason);
    assertThat(get("/db").json().get("update_seq").asInt()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'_id': 'a'} | bad_request",
        "{'_id': 'b', '_revisions': {'start': 1, 'ids': ['b', 'c']}} | bad_request",
        "{'_id': 'c', '_revisions': {'ids': 7}} | doc_validation",
      })
  void write_revisionsThatAreNoPath_refuseTheWholeRequest(String document, String error) {
    Answer answer = post("/db/_bulk_docs", "{'new_edits': false, 'docs': [" + document + "]}");

    assertThat(answer.error()).isEqualTo("400 " + error);
  }

  @Test
  void write_revIsNotTheFirstOfRevisions_revisionsCount() {
    bulk(
        "{'new_edits': false, 'docs': ["
            + "{'_id': 'a', '_rev': '2-q', '_revisions': {'start': 1, 'ids': ['b']}}]}");

    assertThat(get("/db/a").json().get("_rev").asText()).isEqualTo("1-b");
  }

  @Test
  void write_localDocuments_areWrittenAndDeleted() {
    JsonNode first = bulk("{'docs': [{'_id': '_local/p', 'at': 7}, {'_id': 'a'}]}");
    JsonNode second =
        bulk(
            "{'docs': [{'_id': '_local/p', '_rev': '0-9'}, {'_id': '_local/p', '_rev': '0-1',"
                + " 'at': 8}, {'_id': '_local/none', '_deleted': true}]}");

    assertThat(first.at("/0/id").asText()).isEqualTo("_local/p");
    assertThat(first.at("/0/rev").asText()).isEqualTo("0-1");
    assertThat(first.at("/1/ok").asBoolean()).isTrue();
    assertThat(second.at("/0/error").asText()).isEqualTo("conflict");
    assertThat(second.at("/1/rev").asText()).isEqualTo("0-2");
    assertThat(second.at("/2/error").asText()).isEqualTo("not_found");
    assertThat(get("/db/_local/p").json().get("at").asInt()).isEqualTo(8);
    bulk("{'docs': [{'_id': '_local/p', '_rev': '0-2', '_deleted': true}]}");
    assertThat(get("/db/_local/p").status()).isEqualTo(404);
    assertThat(get("/db").json().get("doc_count").asInt()).isEqualTo(1);
  }

  @Test
  void write_tombstoneOfANewDocument_isThere_andNotTwice() {
    JsonNode results = bulk("{'docs': [{'_id': 'a', '_deleted': true, 'why': 'x'}]}");
    JsonNode again = bulk("{'docs': [{'_id': 'a', '_deleted': true}]}");

    assertThat(results.at("/0/rev").asText()).startsWith("1-");
    assertThat(again.at("/0/error").asText()).isEqualTo("conflict");
    assertThat(get("/db/a").reason()).isEqualTo("deleted");
    assertThat(get("/db").json().get("doc_del_count").asInt()).isEqualTo(1);
  }

  @Test
  void write_wrongRequest_isRefusedAsAWhole() {
    assertThat(post("/db/_bulk_docs", "{}").reason())
        .isEqualTo("POST body must include `docs` parameter.");
    assertThat(post("/db/_bulk_docs", "{'docs': 1}").reason())
        .isEqualTo("`docs` parameter must be an array.");
    assertThat(post("/db/_bulk_docs", "{'docs': [1]}").reason())
        .startsWith("Document must be a JSON object");
    assertThat(post("/db/_bulk_docs", "{'docs': [{}").error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_bulk_docs", "{'docs': []} x").error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_bulk_docs", "[]").error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_bulk_docs", "").error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_bulk_docs", "{'docs': [], 'docs': []}").error())
        .isEqualTo("400 bad_request");
    assertThat(post("/db/_bulk_docs", "{'docs': [{}], 'all_or_nothing': true}").error())
        .isEqualTo("501 not_implemented");
    assertThat(get("/db").json().get("update_seq").asInt()).isZero();
  }

  @Test
  void write_documentAsDeepAsOneAloneMayBe_isWritten() {
    String deep = "[".repeat(199) + "]".repeat(199);

    JsonNode results =
        bulk("{'docs': [{'_id': 'a', 'deep': " + deep + "}, {'d': [" + deep + "]}]}");

    assertThat(results.get(0).has("ok")).isTrue();
    assertThat(results.get(1).get("reason").asText()).contains("nested deeper than 200");
  }
}
