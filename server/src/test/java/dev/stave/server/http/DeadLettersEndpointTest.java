package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The office takes no document of which n is over nine. */
class DeadLettersEndpointTest extends ServerTest {

  private String big;

  @BeforeEach
  void isRefused() {
    put("/office", "");
    rule("if (doc.n > 9) throw({forbidden: \\'too big\\'});");
    createDb();
    putDoc("small", "{'n': 1}");
    big = putDoc("a%2Fbig", "{'n': 10}");
    push();
  }

  private void rule(String body) {
    JsonNode known = get("/office/_design/rule").json();
    String rev = known.has("_rev") ? "'_rev': '" + known.path("_rev").asText() + "', " : "";
    String function = "'validate_doc_update': 'function(doc) {" + body + "}'";
    Answer set = put("/office/_design/rule", "{" + rev + function + "}");
    assertThat(set.status()).as(set.text()).isEqualTo(201);
  }

  private void push() {
    Answer answer = post("/_replicate", "{'source': 'db', 'target': 'office'}");
    assertThat(answer.json().path("ok").asBoolean()).as(answer.text()).isTrue();
  }

  private JsonNode letters(String query) {
    return get("/db/_dead_letters" + query).json().path("dead_letters");
  }

  @Test
  void list_hasWhatIsRefused_andWhy() {
    assertThat(get("/office/small").status()).isEqualTo(200);
    assertThat(letters("")).hasSize(1);
    JsonNode one = letters("").get(0);
    assertThat(one.path("id").asText()).isEqualTo("a/big");
    assertThat(one.path("rev").asText()).isEqualTo(big);
    assertThat(one.path("reason").asText()).contains("too big");
    assertThat(one.path("peer").asText()).contains("office");
    assertThat(one.path("attempts").asInt()).isEqualTo(1);
    assertThat(one.path("state").asText()).isEqualTo("open");
    assertThat(letters("?limit=0")).isEmpty();
    assertThat(letters("?discarded=true")).isEmpty();
  }

  @Test
  void retry_refusedAgain_isOpenWithOneMoreAttempt() {
    assertThat(settle("a%2Fbig", "{'action': 'retry', 'rev': '" + big + "'}").status())
        .isEqualTo(200);
    assertThat(letters("").get(0).path("state").asText()).isEqualTo("to_be_sent");

    push();

    assertThat(letters("").get(0).path("state").asText()).isEqualTo("open");
    assertThat(letters("").get(0).path("attempts").asInt()).isEqualTo(2);
  }

  @Test
  void retry_ofAll_whenItMayCome_arrives() {
    rule("");
    assertThat(post("/db/_dead_letters", "{'action': 'retry'}").status()).isEqualTo(200);

    push();

    assertThat(letters("")).isEmpty();
    assertThat(get("/office/a%2Fbig").json().path("n").asInt()).isEqualTo(10);
  }

  /** It was open for ever: nothing could come of it. */
  @Test
  void retry_ofWhatIsPurged_isDiscarded() {
    post("/db/_purge", "{'a/big': ['" + big + "']}");
    post("/db/_dead_letters", "{'action': 'retry'}");

    push();

    assertThat(letters("")).isEmpty();
    assertThat(letters("?discarded=true").get(0).path("discarded").asText())
        .isEqualTo("the source has it no more");
  }

  @Test
  void discard_staysOnRecord_andIsNotSent() {
    String discard = "{'action': 'discard', 'reason': 'not needed', 'rev': '" + big + "'}";
    assertThat(settle("a%2Fbig", discard).status()).isEqualTo(200);
    rule("");

    push();

    assertThat(letters("")).isEmpty();
    assertThat(letters("?discarded=true").get(0).path("discarded").asText())
        .isEqualTo("not needed");
    assertThat(get("/office/a%2Fbig").error()).isEqualTo("404 not_found");
  }

  @Test
  void settle_whatIsWrong_saysSoAndChangesNothing() {
    String rev = "'rev': '" + big + "'";
    assertThat(settle("a%2Fbig", "{'action': 'burn', " + rev + "}").error())
        .isEqualTo("400 bad_request");
    assertThat(settle("a%2Fbig", "{'action': 'discard', " + rev + "}").reason())
        .contains("`reason` is needed");
    assertThat(settle("a%2Fbig", "{'action': 'retry'}").reason()).contains("`rev`");
    assertThat(settle("a%2Fbig", "{'action': 'retry', 'rev': 'x'}").reason()).contains("`rev`");
    assertThat(settle("small", "{'action': 'retry', " + rev + "}").error())
        .isEqualTo("404 not_found");
    String other = "{'action': 'retry', " + rev + ", 'replication': 'other'}";
    assertThat(settle("a%2Fbig", other).error()).isEqualTo("404 not_found");
    assertThat(post("/db/_dead_letters", "{'action': 'discard'}").error())
        .isEqualTo("400 bad_request");
    assertThat(letters("").get(0).path("state").asText()).isEqualTo("open");
  }

  private Answer settle(String id, String body) {
    return post("/db/_dead_letters/" + id, body);
  }
}
