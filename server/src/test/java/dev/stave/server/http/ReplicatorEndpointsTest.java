package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a replicator asks of its source and its target. */
class ReplicatorEndpointsTest extends ServerTest {

  private String first;

  /** Document {@code a} has the leaves 2-aa and 2-bb, and {@code b} is deleted. */
  @BeforeEach
  void database() {
    createDb();
    first = putDoc("a", "{'n': 1}");
    graft("2-aa", 2);
    graft("2-bb", 3);
    String b = putDoc("b", "{}");
    delete("/db/b?rev=" + b);
  }

  private void graft(String revision, int n) {
    String[] ids = {revision.substring(2), first.substring(2)};
    String body =
        "{'docs': [{'_id': 'a', '_rev': '%s', '_revisions': {'start': 2, 'ids': ['%s', '%s']}, 'n': %d}],"
            + " 'new_edits': false}";
    Answer answer = post("/db/_bulk_docs", String.format(body, revision, ids[0], ids[1], n));
    assertThat(answer.text()).isEqualTo("[]\n");
  }

  private Answer getOpen(String openRevs, String... headers) {
    return get(
        "/db/a?open_revs=" + URLEncoder.encode(json(openRevs), StandardCharsets.UTF_8), headers);
  }

  private static final String[] JSON = {"Accept", "application/json"};

  @Test
  void openRevs_all_areTheLeavesTheWinnerFirst() {
    JsonNode open = getOpen("all", JSON).json();

    assertThat(open.findValuesAsText("_rev")).containsExactly("2-bb", "2-aa");
    assertThat(get("/db/b?open_revs=all", JSON).json().at("/0/ok/_deleted").asBoolean()).isTrue();
    assertThat(get("/db/none?open_revs=all", JSON).error()).isEqualTo("404 not_found");
  }

  @Test
  void openRevs_named_areFoundOrMissing() {
    JsonNode open = getOpen("['2-aa', '7-ff']", JSON).json();

    assertThat(open.at("/0/ok/n").asInt()).isEqualTo(2);
    assertThat(open.at("/1/missing").asText()).isEqualTo("7-ff");
    assertThat(getOpen("['x']").error()).isEqualTo("400 bad_request");
    assertThat(getOpen("7").error()).isEqualTo("400 bad_request");
  }

  @Test
  void latest_ofARevision_areTheLeavesItBecame() {
    JsonNode open =
        get(
                "/db/a?latest=true&open_revs="
                    + URLEncoder.encode("[\"" + first + "\"]", StandardCharsets.UTF_8),
                JSON)
            .json();

    assertThat(open.findValuesAsText("_rev")).containsExactly("2-bb", "2-aa");
    assertThat(get("/db/a?rev=" + first).json().get("n").asInt()).isEqualTo(1);
    assertThat(get("/db/a?latest=true&rev=" + first).json().get("n").asInt()).isEqualTo(3);
  }

  @Test
  void openRevs_ifAskedFor_areParts() {
    Answer parts = getOpen("['2-aa', '7-ff']", "Accept", "multipart/mixed");

    String type = parts.header("Content-Type");
    String boundary = type.substring(type.indexOf('"') + 1, type.length() - 1);
    assertThat(type).startsWith("multipart/mixed; boundary=");
    assertThat(parts.text().split("--" + boundary)).hasSize(4);
    assertThat(parts.text())
        .contains(
            "Content-Type: application/json\r\n\r\n{\"_id\":\"a\",\"_rev\":\"2-aa\",\"n\":2}\r\n")
        .contains(
            "Content-Type: application/json; error=\"true\"\r\n\r\n{\"missing\":\"7-ff\"}\r\n")
        .endsWith("--" + boundary + "--");
    assertThat(getOpen("all", "Accept", "*/*").header("Content-Type"))
        .isEqualTo("application/json");
  }

  @Test
  void revsDiff_tellsWhatIsMissing_andWhatItMayHaveGrownFrom() {
    JsonNode diff =
        post(
                "/db/_revs_diff",
                "{'a': ['2-aa', '3-cc', '1-dd'], 'b': [], 'new': ['1-ee'], 'known': []}")
            .json();

    assertThat(diff.get("a").get("missing").toString()).isEqualTo("[\"3-cc\",\"1-dd\"]");
    assertThat(diff.get("a").get("possible_ancestors").toString()).isEqualTo("[\"2-bb\",\"2-aa\"]");
    assertThat(diff.get("new").toString()).isEqualTo("{\"missing\":[\"1-ee\"]}");
    assertThat(diff.size()).isEqualTo(2);
    assertThat(post("/db/_missing_revs", "{'a': ['2-aa', '3-cc']}").text())
        .isEqualTo("{\"missing_revs\":{\"a\":[\"3-cc\"]}}\n");
    assertThat(post("/db/_revs_diff", "{'a': ['x']}").error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_revs_diff", "{'a': 'x'}").error()).isEqualTo("400 bad_request");
  }

  @Test
  void bulkGet_eachRevision_isThereOrSaysWhyNot() {
    JsonNode results =
        post(
                "/db/_bulk_get?revs=true",
                "{'docs': [{'id': 'a', 'rev': '2-aa'}, {'id': 'a'}, {'id': 'a', 'rev': '7-ff'},"
                    + " {'id': 'none'}, {'id': '_x'}, {'id': 'a', 'rev': 'x'}, {}]}")
            .json()
            .get("results");

    assertThat(results).hasSize(7);
    assertThat(results.at("/0/docs/0/ok/_revisions/ids")).hasSize(2);
    assertThat(results.at("/1/docs").findValuesAsText("_rev")).containsExactly("2-bb", "2-aa");
    assertThat(results.at("/2/docs/0/error/error").asText()).isEqualTo("not_found");
    assertThat(results.at("/2/docs/0/error/rev").asText()).isEqualTo("7-ff");
    assertThat(results.at("/3/docs/0/error/reason").asText()).isEqualTo("missing");
    assertThat(results.at("/4/docs/0/error/error").asText()).isEqualTo("illegal_docid");
    assertThat(results.at("/5/docs/0/error/error").asText()).isEqualTo("bad_request");
    assertThat(results.at("/6/docs/0/error/error").asText()).isEqualTo("bad_request");
    assertThat(post("/db/_bulk_get", "{}").error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_bulk_get?revs=x", "{'docs': []}").error())
        .isEqualTo("400 query_parse_error");
  }

  @Test
  void bulkGet_latest_areTheLeaves() {
    JsonNode results =
        post("/db/_bulk_get?latest=true", "{'docs': [{'id': 'a', 'rev': '" + first + "'}]}").json();

    assertThat(results.at("/results/0/docs").findValuesAsText("_rev"))
        .containsExactly("2-bb", "2-aa");
  }

  @Test
  void ensureFullCommit_saysThatAllIsDurable() {
    Answer answer = post("/db/_ensure_full_commit", "");

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().get("ok").asBoolean()).isTrue();
  }

  private Answer copy(String path, String destination) {
    return send(request(path, "Destination", destination).method("COPY", BodyPublishers.noBody()));
  }

  @Test
  void copy_toANewIdOrOverARevision_isAnEdit() {
    Answer copy = copy("/db/a", "c");
    String revision = copy.json().get("rev").asText();

    assertThat(copy.status()).isEqualTo(201);
    assertThat(get("/db/c").json().get("n").asInt()).isEqualTo(3);
    assertThat(copy("/db/a", "c").error()).isEqualTo("409 conflict");
    assertThat(copy("/db/a?rev=2-aa", "c?rev=" + revision).status()).isEqualTo(201);
    assertThat(get("/db/c").json().get("n").asInt()).isEqualTo(2);
    assertThat(copy("/db/none", "d").error()).isEqualTo("404 not_found");
    assertThat(copy("/db/a", "_design/of-a").status()).isEqualTo(201);
    assertThat(send(request("/db/a").method("COPY", BodyPublishers.noBody())).error())
        .isEqualTo("400 bad_request");
  }

  @Test
  void batchOk_isAccepted_andWritten() {
    Answer put = put("/db/later?batch=ok", "{}");

    assertThat(put.status()).isEqualTo(202);
    assertThat(put.json().has("rev")).isFalse();
    assertThat(get("/db/later").status()).isEqualTo(200);
  }

  @Test
  void localDocument_underscoreLeadsItsId_isACheckpointAsAnyOther() {
    assertThat(get("/db/_local/_Yukg%3D%3D").error()).isEqualTo("404 not_found");
    assertThat(put("/db/_local/_Yukg%3D%3D", "{'last_seq': 7}").status()).isEqualTo(201);
    assertThat(get("/db/_local/_Yukg%3D%3D").json().get("last_seq").asInt()).isEqualTo(7);
    assertThat(
            post("/db/_local_docs", "{'keys': ['_local/_Yukg==']}")
                .json()
                .at("/rows/0/id")
                .asText())
        .isEqualTo("_local/_Yukg==");
  }

  @Test
  void bulkGet_asParts_areOnePartForEachRevision() {
    put("/db/with/note?rev=" + putDoc("with", "{}"), "hello", "Content-Type", "image/png");
    String body = json("{'docs': [{'id': 'a'}, {'id': 'none'}, {'id': 'with'}]}");
    Answer parts =
        send(
            request(
                    "/db/_bulk_get",
                    "Content-Type",
                    "application/json",
                    "Accept",
                    "multipart/mixed")
                .POST(BodyPublishers.ofString(body)));

    assertThat(parts.header("Content-Type")).startsWith("multipart/mixed; boundary=");
    assertThat(parts.text())
        .contains("\"_rev\":\"2-bb\"", "\"_rev\":\"2-aa\"")
        .contains("Content-Type: application/json; error=\"true\"", "\"reason\":\"missing\"")
        .contains("Content-Type: multipart/related", "\"follows\":true", "hello");
  }
}
