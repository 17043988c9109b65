package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The database db is a replica of what is Ada's at the office. Both have edited the document a/1:
 * at the office it is Bob's by now.
 */
class DeparturesEndpointTest extends ServerTest {

  private static final String ADAS = "'selector': {'who': 'ada'}";

  private String base;
  private String mine;

  @BeforeEach
  void departs() {
    put("/office", "");
    createDb();
    base = put("/office/a%2F1", "{'who': 'ada', 'n': 1}").json().path("rev").asText();
    pull();
    mine = putDoc("a%2F1?rev=" + base, "{'who': 'ada', 'n': 2}");
    String theirs =
        put("/office/a%2F1?rev=" + base, "{'who': 'bob', 'n': 3}").json().path("rev").asText();
    put("/office/a%2F1?rev=" + theirs, "{'who': 'bob', 'n': 4}");
    pull();
  }

  private void pull() {
    replicate("{'source': 'office', 'target': 'db', 'purge': true, " + ADAS + "}");
  }

  private void replicate(String what) {
    Answer answer = post("/_replicate", what);
    assertThat(answer.json().path("ok").asBoolean()).as(answer.text()).isTrue();
  }

  private JsonNode open() {
    return get("/db/_departures").json().path("departures");
  }

  @Test
  void list_hasWhatTheSourceLacks() {
    assertThat(open()).hasSize(1);
    JsonNode one = open().get(0);
    assertThat(one.path("id").asText()).isEqualTo("a/1");
    assertThat(one.path("base").asText()).isEqualTo(base);
    assertThat(one.at("/edits/0").asText()).isEqualTo(mine);
    assertThat(one.at("/leaves/0").asText()).isEqualTo(mine);
    assertThat(one.path("state").asText()).isEqualTo("open");
    assertThat(get("/db/_departures?limit=0").json().path("total_rows").asInt()).isEqualTo(1);
    assertThat(get("/db/_departures?skip=1").json().path("departures")).isEmpty();
    assertThat(get("/office/_departures").json().path("departures")).isEmpty();
  }

  @Test
  void get_showsWhatTheEditsComeTo() {
    JsonNode one = get("/db/_departures/a%2F1").json();

    assertThat(one.at("/preview/base_body/n").asInt()).isEqualTo(1);
    assertThat(one.at("/preview/merged/n").asInt()).isEqualTo(2);
    assertThat(one.at("/preview/branches/0/diff")).isNotEmpty();
    assertThat(get("/db/_departures/a/1").json()).isEqualTo(one);
    assertThat(get("/db/_departures/other").error()).isEqualTo("404 not_found");
  }

  @Test
  void keep_isSentByTheNextPush_andThenGone() {
    assertThat(post("/db/_departures/a%2F1", "{'action': 'keep'}").status()).isEqualTo(200);
    assertThat(open().get(0).path("state").asText()).isEqualTo("to_be_sent");

    replicate("{'source': 'db', 'target': 'office', " + ADAS + "}");
    assertThat(get("/office/a%2F1?rev=" + mine).status()).isEqualTo(200);
    pull();

    assertThat(open()).isEmpty();
    assertThat(get("/db/a%2F1").error()).isEqualTo("404 not_found");
    assertThat(get("/db/_departures?discarded=true").json().path("departures")).isEmpty();
  }

  @Test
  void keep_whileAPushRunsWithoutEnd_isSentAtOnce() throws InterruptedException {
    String push = "{'source': 'db', 'target': 'office', 'continuous': true, " + ADAS + "}";
    replicate(push);

    post("/db/_departures/a%2F1", "{'action': 'keep'}");

    String there = "/office/a%2F1?rev=" + mine;
    for (int i = 0; i < 1_000 && get(there).status() != 200; i++) {
      Thread.sleep(10);
    }
    assertThat(get(there).status()).isEqualTo(200);
    replicate("{'cancel': true, " + push.substring(1));
  }

  @Test
  void discard_ofWhatWasRead_purgesAndStaysOnRecord() {
    String old = "{'action': 'discard', 'reason': 'no', 'leaves': ['" + base + "']}";
    assertThat(post("/db/_departures/a%2F1", old).error()).isEqualTo("409 conflict");
    String ofNow = "{'action': 'discard', 'reason': 'not needed', 'leaves': ['" + mine + "']}";

    assertThat(post("/db/_departures/a%2F1", ofNow).status()).isEqualTo(200);

    assertThat(open()).isEmpty();
    assertThat(get("/db/a%2F1").error()).isEqualTo("404 not_found");
    JsonNode record = get("/db/_departures?discarded=true").json().at("/departures/0");
    assertThat(record.path("reason").asText()).isEqualTo("not needed");
    assertThat(record.at("/edits/0").asText()).isEqualTo(mine);
    assertThat(record.path("state").asText()).isEqualTo("discarded");
    assertThat(post("/db/_departures/a%2F1", ofNow).error()).isEqualTo("404 not_found");
  }

  /** It came when something else was written at the office, and not before. */
  @Test
  void discard_whileAPullRunsWithoutEnd_bringsTheSourcesVersionAtOnce()
      throws InterruptedException {
    for (int n = 10; n < 15; n++) {
      mine = putDoc("a%2F1?rev=" + mine, "{'who': 'ada', 'n': " + n + "}"); // and wins
    }
    String pull =
        "{'source': 'office', 'target': 'db', 'purge': true, 'continuous': true,"
            + " 'selector': {'n': 4}}";
    replicate(pull);
    String leaves = "";
    for (int i = 0; i < 1_000 && leaves.indexOf(',') < 0; i++) {
      Thread.sleep(10);
      leaves = open().path(0).path("leaves").toString();
    }
    assertThat(leaves).contains(mine).contains(",");

    String discard = "{'action': 'discard', 'reason': 'not needed', 'leaves': " + leaves + "}";
    assertThat(post("/db/_departures/a%2F1", discard).status()).isEqualTo(200);

    for (int i = 0; i < 1_000 && get("/db/a%2F1").status() != 200; i++) {
      Thread.sleep(10);
    }
    assertThat(get("/db/a%2F1").json().path("n").asInt()).isEqualTo(4);
    replicate("{'cancel': true, " + pull.substring(1));
  }

  @Test
  void settle_badRequests_areRefused_andNothingIsDone() {
    for (String wrong :
        new String[] {
          "{}",
          "{'action': 'forget'}",
          "{'action': 'discard', 'reason': 'so'}",
          "{'action': 'discard', 'leaves': ['" + mine + "']}",
          "{'action': 'discard', 'reason': 'so', 'leaves': ['x']}"
        }) {
      Answer answer = post("/db/_departures/a%2F1", wrong);
      assertThat(answer.status()).as(wrong + answer.text()).isEqualTo(400);
    }
    assertThat(open()).hasSize(1);
    assertThat(get("/db/a%2F1").status()).isEqualTo(200);
  }
}
