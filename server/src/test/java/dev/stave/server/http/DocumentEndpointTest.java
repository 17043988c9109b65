package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentEndpointTest extends ServerTest {

  @BeforeEach
  void database() {
    createDb();
  }

  @Test
  void put_newDocument_isReadBackWithItsTag() {
    Answer put = put("/db/a", "{'n': 1, 'text': 'é'}");
    String revision = put.json().get("rev").asText();

    Answer get = get("/db/a");

    assertThat(put.status()).isEqualTo(201);
    assertThat(put.json().get("ok").asBoolean()).isTrue();
    assertThat(put.header("ETag")).isEqualTo("\"" + revision + "\"");
    assertThat(put.header("Location")).isEqualTo("/db/a");
    assertThat(get.header("ETag")).isEqualTo("\"" + revision + "\"");
    assertThat(get.text())
        .isEqualTo("{\"_id\":\"a\",\"_rev\":\"" + revision + "\",\"n\":1,\"text\":\"é\"}\n");
  }

  @Test
  void get_numbers_keepEveryDigit() {
    putDoc("a", "{'big': 9007199254740993, 'exact': 1.10, 'long': 123456789012345678901234567890}");

    assertThat(get("/db/a").text())
        .contains("9007199254740993")
        .contains("1.10")
        .contains("123456789012345678901234567890");
  }

  @Test
  void put_specialMembersAnywhere_areTakenOutAndTheRestStays() {
    String revision = putDoc("a", "{}");

    put(
        "/db/a",
        "{ '_id': 'a' , 'x': 1,'_rev': '" + revision + "', 'y': {'_z': 2} , '_conflicts': []}");

    assertThat(get("/db/a").text()).endsWith(",\"x\":1,\"y\":{\"_z\":2}}\n");
  }

  @Test
  void put_expectedRevisionInAnyOfThreePlaces_updates() {
    String first = putDoc("a", "{'n': 1}");
    String second = put("/db/a", "{'_rev': '" + first + "', 'n': 2}").json().get("rev").asText();
    String third = put("/db/a?rev=" + second, "{'n': 3}").json().get("rev").asText();
    Answer fourth = put("/db/a", "{'n': 4}", "If-Match", "\"" + third + "\"");

    assertThat(fourth.status()).isEqualTo(201);
    assertThat(get("/db/a").json().get("n").asInt()).isEqualTo(4);
  }

  @Test
  void put_revisionsThatDisagree_isRefused() {
    String revision = putDoc("a", "{}");

    Answer answer = put("/db/a?rev=1-other", "{'_rev': '" + revision + "'}");

    assertThat(answer.error()).isEqualTo("400 bad_request");
    assertThat(answer.reason()).contains("different values");
    assertThat(put("/db/a?rev=" + revision, "{}", "If-Match", "1-x").error())
        .isEqualTo("400 bad_request");
  }

  @Test
  void put_staleOrMissingRevision_isAConflictAndChangesNothing() {
    String first = putDoc("a", "{'n': 1}");
    put("/db/a?rev=" + first, "{'n': 2}");

    for (String path : new String[] {"/db/a", "/db/a?rev=" + first, "/db/none?rev=1-abc"}) {
      Answer answer = put(path, "{'n': 3}");
      assertThat(answer.error()).isEqualTo("409 conflict");
      assertThat(answer.reason()).isEqualTo("Document update conflict.");
    }
    assertThat(get("/db/a").json().get("n").asInt()).isEqualTo(2);
    assertThat(get("/db").json().get("update_seq").asInt()).isEqualTo(2);
  }

  @Test
  void delete_document_isGoneAndSaysSo() {
    String first = putDoc("a", "{'n': 1}");

    Answer deleted = delete("/db/a?rev=" + first);

    assertThat(deleted.status()).isEqualTo(200);
    assertThat(deleted.json().get("rev").asText()).startsWith("2-");
    assertThat(get("/db/a").error()).isEqualTo("404 not_found");
    assertThat(get("/db/a").reason()).isEqualTo("deleted");
    assertThat(get("/db/never").reason()).isEqualTo("missing");
    assertThat(head("/db/a").status()).isEqualTo(404);
    assertThat(delete("/db/a?rev=" + first).reason()).isEqualTo("deleted");
    assertThat(delete("/db/never").reason()).isEqualTo("missing");
    String tombstone = deleted.json().get("rev").asText();
    assertThat(get("/db/a?rev=" + tombstone).json().get("_deleted").asBoolean()).isTrue();
    assertThat(putDoc("a", "{'n': 2}")).startsWith("3-");
  }

  @Test
  void delete_withoutOrWithAStaleRevision_isAConflict() {
    String first = putDoc("a", "{}");
    put("/db/a?rev=" + first, "{'n': 2}");

    assertThat(delete("/db/a").error()).isEqualTo("409 conflict");
    assertThat(delete("/db/a?rev=" + first).error()).isEqualTo("409 conflict");
    assertThat(delete("/db/a", "If-Match", "x").error()).isEqualTo("400 bad_request");
  }

  @Test
  void put_deletedMember_deletesWithItsBody() {
    String first = putDoc("a", "{}");

    Answer answer = put("/db/a", "{'_rev': '" + first + "', '_deleted': true, 'why': 'old'}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(get("/db/a").reason()).isEqualTo("deleted");
    assertThat(get("/db/a?rev=" + answer.json().get("rev").asText()).json().get("why").asText())
        .isEqualTo("old");
  }

  @Test
  void get_knownTag_isNotSentAgain() {
    String revision = putDoc("a", "{}");

    Answer same = get("/db/a", "If-None-Match", "\"1-x\", \"" + revision + "\"");

    assertThat(same.status()).isEqualTo(304);
    assertThat(same.text()).isEmpty();
    assertThat(get("/db/a", "If-None-Match", "\"1-x\"").status()).isEqualTo(200);
  }

  @Test
  void head_document_hasTheHeadersOnly() {
    String revision = putDoc("a", "{'n': 1}");

    Answer head = head("/db/a");

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("ETag")).isEqualTo("\"" + revision + "\"");
    assertThat(head.text()).isEmpty();
  }

  @Test
  void get_history_isAddedWhereItIsAskedFor() {
    String first = putDoc("a", "{'n': 1}");
    String second = put("/db/a?rev=" + first, "{'n': 2}").json().get("rev").asText();

    JsonNode document = get("/db/a?revs=true&revs_info=true&conflicts=true").json();

    assertThat(document.at("/_revisions/start").asInt()).isEqualTo(2);
    assertThat(document.at("/_revisions/ids")).hasSize(2);
    assertThat(document.at("/_revs_info/0/rev").asText()).isEqualTo(second);
    assertThat(document.at("/_revs_info/1/status").asText()).isEqualTo("available");
    assertThat(document.has("_conflicts")).isFalse();
    assertThat(get("/db/a?rev=" + first).json().get("n").asInt()).isEqualTo(1);
    assertThat(get("/db/a?rev=1-unknown").reason()).isEqualTo("missing");
    assertThat(get("/db/a?rev=nonsense").error()).isEqualTo("400 bad_request");
    assertThat(get("/db/a?rev=nonsense").reason()).startsWith("Invalid rev format");
  }

  @Test
  void get_conflict_isAState() {
    String winner = putDoc("a", "{'n': 1}");
    String loser = "1-0";
    put("/db/a?new_edits=false", "{'_rev': '" + loser + "', 'n': 2}");

    JsonNode document = get("/db/a?conflicts=true").json();
    JsonNode meta = get("/db/a?meta=true").json();

    assertThat(document.get("_rev").asText()).isEqualTo(winner);
    assertThat(document.get("_conflicts").get(0).asText()).isEqualTo(loser);
    assertThat(meta.has("_revs_info")).isTrue();
    assertThat(get("/db/a?rev=" + loser).json().get("n").asInt()).isEqualTo(2);

    delete("/db/a?rev=" + loser);
    assertThat(get("/db/a?conflicts=true").json().has("_conflicts")).isFalse();
    assertThat(get("/db/a?deleted_conflicts=true").json().get("_deleted_conflicts")).hasSize(1);
  }

  @Test
  void get_wrongFlags_areRefused() {
    putDoc("a", "{}");

    assertThat(get("/db/a?local_seq=true").json().get("_local_seq").asInt()).isEqualTo(1);
    assertThat(get("/db/a?attachments=true").status()).isEqualTo(200);
    assertThat(get("/db/a?revs=maybe").error()).isEqualTo("400 query_parse_error");
  }

  @Test
  void post_withAndWithoutId_writes() {
    Answer named = post("/db", "{'_id': 'x', 'n': 1}");
    Answer made = post("/db", "{'n': 2}");

    assertThat(named.status()).isEqualTo(201);
    assertThat(named.json().get("id").asText()).isEqualTo("x");
    assertThat(made.json().get("id").asText()).matches("[0-9a-f]{32}");
    assertThat(post("/db", "{'_id': 'x'}").error()).isEqualTo("409 conflict");
    assertThat(send(request("/db").POST(noType())).error()).isEqualTo("415 bad_content_type");
  }

  private static BodyPublisher noType() {
    return BodyPublishers.ofString("{}");
  }

  @ParameterizedTest
  @CsvSource({
    "a%2Fb, a/b",
    "100%25, 100%",
    "%C3%A9, é",
    "%F0%9F%98%80, 😀",
    "a+b, a+b",
    "a%20b, a b",
    "a;b=c, a;b=c",
    "a%3Fb%23c, a?b#c",
    "%2525, %25",
    "a..%2F..%2Fb, a../../b",
    "$x:@&=(1)~, $x:@&=(1)~",
  })
  void id_percentEncoded_isDecodedOnce(String encoded, String id) {
    assertThat(put("/db/" + encoded, "{}").json().get("id").asText()).isEqualTo(id);

    assertThat(get("/db/" + encoded).json().get("_id").asText()).isEqualTo(id);
    assertThat(get("/db/_all_docs").json().at("/rows/0/id").asText()).isEqualTo(id);
  }

  @Test
  void id_illegal_isRefused() {
    assertThat(put("/db/_x", "{}").error()).isEqualTo("404 not_found");
    assertThat(put("/db/" + "a".repeat(512), "{}").status()).isEqualTo(201);
    assertThat(put("/db/" + "a".repeat(513), "{}").error()).isEqualTo("400 illegal_docid");
    assertThat(post("/db", "{'_id': ''}").error()).isEqualTo("400 illegal_docid");
    assertThat(post("/db", "{'_id': 7}").error()).isEqualTo("400 illegal_docid");
    assertThat(post("/db", "{'_id': '_x'}").error()).isEqualTo("400 illegal_docid");
    assertThat(post("/db", "{'_id': '\\ud800'}").error()).isEqualTo("400 bad_request");
    assertThat(put("/db/a", "{'_id': 'b'}").error()).isEqualTo("400 bad_request");
    assertThat(put("/db/%00", "{}").error()).isEqualTo("400 illegal_docid");
    assertThat(get("/db").json().get("doc_count").asInt()).isEqualTo(1);
  }

  @Test
  void special_unknownOrWrong_isRefused() {
    Answer unknown = put("/db/a", "{'_foo': 1}");

    assertThat(unknown.error()).isEqualTo("400 doc_validation");
    assertThat(unknown.reason()).isEqualTo("Bad special document member: _foo");
    assertThat(put("/db/a", "{'_attachments': 1}").error()).isEqualTo("400 bad_request");
    assertThat(put("/db/a", "{'_deleted': 'yes'}").error()).isEqualTo("400 doc_validation");
    assertThat(put("/db/a", "{'_rev': 7}").error()).isEqualTo("400 bad_request");
    assertThat(put("/db/a", "{'_rev': 'x'}").error()).isEqualTo("400 bad_request");
    assertThat(put("/db/a", "{'_id': 'a', '_id': 'a'}").reason()).contains("duplicate key");
    assertThat(put("/db/a?new_edits=false", "{}").error()).isEqualTo("400 bad_request");
    assertThat(get("/db").json().get("update_seq").asInt()).isZero();
  }

  @Test
  void local_documents_haveRevisionsAndNoHistory() {
    Answer first = put("/db/_local/check", "{'n': 1}");
    Answer second = put("/db/_local/check", "{'_rev': '0-1', 'n': 2}");

    assertThat(first.status()).isEqualTo(201);
    assertThat(first.json().get("rev").asText()).isEqualTo("0-1");
    assertThat(second.json().get("rev").asText()).isEqualTo("0-2");
    assertThat(get("/db/_local/check").text())
        .isEqualTo("{\"_id\":\"_local/check\",\"_rev\":\"0-2\",\"n\":2}\n");
    assertThat(get("/db/_local%2Fcheck").status()).isEqualTo(200);
    assertThat(put("/db/_local/check", "{'_rev': '0-1'}").error()).isEqualTo("409 conflict");
    assertThat(put("/db/_local/check", "{}").error()).isEqualTo("409 conflict");
    assertThat(get("/db/_local/none").error()).isEqualTo("404 not_found");
    assertThat(delete("/db/_local/check?rev=0-2").status()).isEqualTo(200);
    assertThat(get("/db/_local/check").status()).isEqualTo(404);
    assertThat(get("/db").json().get("update_seq").asInt()).isZero();
  }
}
