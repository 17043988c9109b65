package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What CouchDB's replicator (3.3) says to a server, request by request as its source has it, and
 * what it needs of the answers: without one of these it gives up, or never writes a checkpoint.
 */
class CouchReplicatorTest extends ServerTest {

  private static final String JSON = "application/json";
  private static final String ATTACHMENT =
      "'_attachments': {'t': {'content_type': 'image/png', 'revpos': 1, 'data': 'AAAA'}}";

  @BeforeEach
  void open() {
    createDb();
  }

  private Answer putAs(String path, String body) {
    return put(path, body, "Content-Type", JSON, "X-Couch-Full-Commit", "false");
  }

  @Test
  void database_toldOfBeforeItBegins_hasWhatItLooksFor() {
    JsonNode info = get("/db").json();

    assertThat(info.get("update_seq").isNumber()).isTrue();
    assertThat(info.has("instance_start_time")).isTrue();
    Answer commit = send(request("/db/_ensure_full_commit", "Content-Type", JSON).POST(empty()));
    assertThat(commit.status()).isEqualTo(201);
    assertThat(commit.json().get("instance_start_time")).isEqualTo(info.get("instance_start_time"));
  }

  private static BodyPublisher empty() {
    return BodyPublishers.noBody();
  }

  /** It sends them as it holds documents, with a revision and a history, which they do not have. */
  @Test
  void checkpoints_withAHistory_areWrittenAgainAndAgain() {
    String body = "'session_id': 's', 'source_last_seq': 3, 'history': []}";
    assertThat(get("/db/_local/c").status()).isEqualTo(404);

    Answer first =
        putAs("/db/_local/c", "{'_id': '_local/c', '_revisions': {'start': 0, 'ids': []}, " + body);
    Answer second =
        putAs(
            "/db/_local/c",
            "{'_id': '_local/c', '_rev': '0-1', '_revisions': {'start': 0, 'ids': ['1']}, " + body);

    assertThat(first.json().get("rev").asText()).isEqualTo("0-1");
    assertThat(second.json().get("rev").asText()).isEqualTo("0-2");
    JsonNode read = get("/db/_local/c").json();
    assertThat(read.has("_revisions")).isFalse();
    assertThat(read.get("source_last_seq").isNumber()).isTrue();
  }

  @Test
  void changes_since_mayBeJson() {
    putDoc("a", "{}");
    String tail = "&feed=normal&style=all_docs&timeout=10000";

    assertThat(get("/db/_changes?since=0" + tail).json().get("results")).hasSize(1);
    assertThat(get("/db/_changes?since=%220%22" + tail).json().get("results")).hasSize(1);
    assertThat(get("/db/_changes?since=%221%22" + tail).json().get("results")).isEmpty();
    assertThat(get("/db/_changes?since=%22%22" + tail).error()).startsWith("400");
    assertThat(get("/db/_changes?since=%22x%22" + tail).error()).startsWith("400");
  }

  /** It wants the bodies, and fetches what has attachments by itself, part by part. */
  @Test
  void bulkGet_withoutAttachments_hasStubs_andOpenRevsHasThem() {
    putAs(
        "/db/a?new_edits=false",
        "{'_id': 'a', '_rev': '1-a', '_revisions': {'start': 1, 'ids': ['a']}, "
            + ATTACHMENT
            + "}");

    JsonNode bulk =
        post(
                "/db/_bulk_get?latest=true&revs=true&attachments=false",
                "{'docs': [{'id': 'a', 'rev': '1-a', 'atts_since': []}]}")
            .json();
    Answer parts =
        get(
            "/db/a?revs=true&latest=true&open_revs=%5B%221-a%22%2C%227-z%22%5D&atts_since=%5B%5D",
            "Accept", "multipart/mixed");

    JsonNode stub = bulk.at("/results/0/docs/0/ok/_attachments/t");
    assertThat(stub.path("stub").asBoolean()).isTrue();
    assertThat(stub.has("data")).isFalse();
    assertThat(parts.header("Content-Type")).startsWith("multipart/mixed; boundary=");
    assertThat(parts.text())
        .contains("Content-Type: multipart/related; boundary=")
        .contains("\"follows\":true")
        .contains("Content-Type: application/json; error=\"true\"\r\n\r\n{\"missing\":\"7-z\"}");
  }

  /** Design documents go one by one, so that who may not write them hears it of these alone. */
  @Test
  void writes_asItSendsThem_areAnsweredAsItReadsThem() {
    String revisions = "'_rev': '2-b', '_revisions': {'start': 2, 'ids': ['b', 'a']}";
    Answer design =
        putAs("/db/_design%2Fd?new_edits=false", "{'_id': '_design/d', " + revisions + "}");
    Answer bulk =
        send(
            request("/db/_bulk_docs", "Content-Type", JSON, "X-Couch-Full-Commit", "false")
                .POST(
                    BodyPublishers.ofString(
                        json("{'new_edits': false, 'docs': [{'_id': 'a', " + revisions + "}]}"))));
    JsonNode missing = post("/db/_revs_diff", "{'a': ['2-b'], 'b': ['1-x'], 'a2': []}").json();

    assertThat(design.status()).isEqualTo(201);
    assertThat(design.json().get("rev").asText()).isEqualTo("2-b");
    assertThat(bulk.status()).isEqualTo(201);
    assertThat(bulk.json()).isEmpty();
    assertThat(missing.at("/b/missing/0").asText()).isEqualTo("1-x");
    assertThat(missing).hasSize(1);
  }
}
