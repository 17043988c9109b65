package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.server.databases.DatabaseName;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PurgeEndpointTest extends ServerTest {

  @BeforeEach
  void database() {
    createDb();
  }

  private static String rev(Answer document) {
    return document.json().get("_rev").asText();
  }

  private JsonNode purge(String body) {
    Answer answer = post("/db/_purge", body);
    assertThat(answer.status()).isEqualTo(201);
    return answer.json();
  }

  @Test
  void purge_aDocument_isAsIfItHadNeverBeen() {
    String rev = putDoc("a", "{'n': 1}");
    putDoc("b", "{'n': 1}");

    assertThat(post("/db/_purge", "{'a': ['" + rev + "']}").text())
        .isEqualTo("{\"purge_seq\":1,\"purged\":{\"a\":[\"" + rev + "\"]}}\n");

    assertThat(get("/db/a").reason()).isEqualTo("missing");
    assertThat(get("/db/a?rev=" + rev).reason()).isEqualTo("missing");
    assertThat(get("/db/_all_docs").json().get("total_rows").asInt()).isEqualTo(1);
    assertThat(get("/db/_changes").json().get("results")).hasSize(1);
    assertThat(post("/db/_find", "{'selector': {'n': 1}}").json().get("docs")).hasSize(1);
    JsonNode info = get("/db").json();
    assertThat(info.get("doc_count").asInt()).isEqualTo(1);
    assertThat(info.get("doc_del_count").asInt()).isZero();
    assertThat(info.get("purge_seq").isNumber()).isTrue();
    assertThat(info.get("purge_seq").asInt()).isEqualTo(1);
    assertThat(info.get("update_seq").asInt()).isEqualTo(3);
    assertThat(get("/db/_changes").json().get("last_seq").asInt()).isEqualTo(3);
  }

  @Test
  void purge_aBranch_anotherWinsAndTheFeedTellsOfIt() {
    String root = putDoc("a", "{}").substring(2);
    for (String leaf : new String[] {"aa", "bb"}) {
      post(
          "/db/_bulk_docs",
          "{'new_edits': false, 'docs': [{'_id': 'a', '_rev': '2-"
              + leaf
              + "', '_revisions': {'start': 2, 'ids': ['"
              + leaf
              + "', '"
              + root
              + "']}}]}");
    }
    assertThat(rev(get("/db/a"))).isEqualTo("2-bb");

    JsonNode purged = purge("{'a': ['2-bb', '1-" + root + "', '7-none'], 'none': ['1-a']}");

    assertThat(purged.get("purged").toString()).isEqualTo("{\"a\":[\"2-bb\"],\"none\":[]}");
    assertThat(get("/db/a?conflicts=true").json().toString())
        .isEqualTo("{\"_id\":\"a\",\"_rev\":\"2-aa\"}");
    JsonNode changes = get("/db/_changes?since=3").json().get("results");
    assertThat(changes).hasSize(1);
    assertThat(changes.get(0).at("/changes/0/rev").asText()).isEqualTo("2-aa");
  }

  @Test
  void purge_thenReplicatedAgain_isBack() {
    String rev = putDoc("a", "{'n': 1}");
    purge("{'a': ['" + rev + "']}");
    String diff = "{'a': ['" + rev + "']}";
    assertThat(post("/db/_revs_diff", diff).json().at("/a/missing")).hasSize(1);

    put("/db/a?new_edits=false", "{'n': 1, '_rev': '" + rev + "'}");

    assertThat(rev(get("/db/a"))).isEqualTo(rev);
  }

  @Test
  void purge_nothing_isNothing() {
    assertThat(post("/db/_purge", "{}").text()).isEqualTo("{\"purge_seq\":0,\"purged\":{}}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a': '1-a'} | bad_request | the revisions of a document must be an array",
        "{'a': ['x']} | bad_request | Invalid rev format",
        "{'a': [1]}   | bad_request | Invalid rev format",
        "{'_a': []}   | illegal_docid | Only reserved document ids",
        "[]           | bad_request | the request body must be a JSON object",
        "{'a': [}     | bad_request | ",
      })
  void purge_whatIsNone_isRefused(String body, String error, String reason) {
    Answer answer = post("/db/_purge", body);

    assertThat(answer.error()).isEqualTo("400 " + error);
    assertThat(answer.reason()).contains(reason == null ? "" : reason);
    assertThat(get("/db").json().get("purge_seq").asInt()).isZero();
  }

  @Test
  void purge_moreThanOneRequestMay_isRefused() {
    assertThat(purge("{" + documents(100, 10) + "}").get("purged")).hasSize(100);
    assertThat(post("/db/_purge", "{" + documents(101, 1) + "}").reason())
        .isEqualTo("Exceeded maximum number of documents.");
    assertThat(post("/db/_purge", "{" + documents(91, 11) + "}").reason())
        .isEqualTo("Exceeded maximum number of revisions.");
  }

  private static String documents(int count, int revisions) {
    StringBuilder documents = new StringBuilder();
    for (int i = 0; i < count; i++) {
      documents.append(i == 0 ? "" : ",").append("'d").append(i).append("': ['1-a'");
      documents.append(", '1-a'".repeat(revisions - 1)).append("]");
    }
    return documents.toString();
  }

  @Test
  void purge_otherMethodsAndTypes_areRefused() {
    assertThat(get("/db/_purge").error()).isEqualTo("405 method_not_allowed");
    assertThat(get("/db/_purge").reason()).isEqualTo("Only POST allowed");
    assertThat(
            send(request("/db/_purge", "Content-Type", "text/plain")
                    .POST(BodyPublishers.ofString("{}")))
                .status())
        .isEqualTo(415);
    assertThat(post("/db/_purged_infos_limit", "2").reason()).contains("Only GET,HEAD,PUT allowed");
  }

  @Test
  void purgedInfos_areTheNewest_asManyAsTheLimitSays() {
    assertThat(get("/db/_purged_infos").text()).isEqualTo("{\"purged_infos\":[]}\n");
    assertThat(get("/db/_purged_infos_limit").text()).isEqualTo("1000\n");
    assertThat(put("/db/_purged_infos_limit", "2").text()).isEqualTo("{\"ok\":true}\n");
    assertThat(get("/db/_purged_infos_limit").text()).isEqualTo("2\n");
    for (String id : new String[] {"a", "b", "c"}) {
      purge("{'" + id + "': ['" + putDoc(id, "{}") + "']}");
    }

    JsonNode infos = get("/db/_purged_infos").json().get("purged_infos");

    assertThat(infos.findValuesAsText("id")).containsExactly("b", "c");
    assertThat(infos.at("/0/revs")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.5", "'2'", "null", "[]", "4294967297", "1000001"})
  void purgedInfosLimit_whatIsNone_isRefused(String limit) {
    Answer answer = put("/db/_purged_infos_limit", limit);

    assertThat(answer.error()).isEqualTo("400 bad_request");
    assertThat(answer.reason()).startsWith("`purged_infos_limit`");
    assertThat(get("/db/_purged_infos_limit").text()).isEqualTo("1000\n");
  }

  @Test
  void revsLimit_put_countsFromTheNextWriteOn() {
    assertThat(get("/db/_revs_limit").text()).isEqualTo("1000\n");
    assertThat(put("/db/_revs_limit", "3").text()).isEqualTo("{\"ok\":true}\n");
    assertThat(get("/db/_revs_limit").text()).isEqualTo("3\n");
    String rev = putDoc("a", "{}");
    for (int i = 0; i < 5; i++) {
      rev = put("/db/a?rev=" + rev, "{'n': " + i + "}").json().get("rev").asText();
    }

    assertThat(get("/db/a?revs=true").json().at("/_revisions/ids")).hasSize(3);
    assertThat(post("/db/_revs_limit", "3").status()).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "-1", "x", "2.5", "'3'", "100001", ""})
  void revsLimit_beyondItsBounds_isRefused(String limit) {
    assertThat(put("/db/_revs_limit", "2").status()).isEqualTo(200);
    assertThat(put("/db/_revs_limit", "100000").status()).isEqualTo(200);

    assertThat(put("/db/_revs_limit", limit).error()).isEqualTo("400 bad_request");

    assertThat(get("/db/_revs_limit").text()).isEqualTo("100000\n");
  }

  @Test
  void views_ofPurgedDocuments_losesTheirRows() {
    put(
        "/db/_design/d",
        "{'views': {'v': {'map': 'function (doc) { emit(doc.n); }', 'reduce': '_count'}}}");
    String a = putDoc("a", "{'n': 1}");
    String b = putDoc("b", "{'n': 2}");
    String c = putDoc("c", "{'n': 3}");
    String view = "/db/_design/d/_view/v";
    assertThat(get(view + "?reduce=false").json().get("rows")).hasSize(3);

    purge("{'a': ['" + a + "']}");
    assertThat(get(view + "?reduce=false").json().findValuesAsText("id")).containsExactly("b", "c");
    assertThat(get(view).json().at("/rows/0/value").asInt()).isEqualTo(2);
    assertThat(get("/db/_design/d/_info").json().at("/view_index/purge_seq").asInt()).isEqualTo(1);
    assertThat(get("/db/_design/d/_info").json().at("/view_index/updates_pending/total").asInt())
        .isZero();

    put("/db/_purged_infos_limit", "1");
    purge("{'b': ['" + b + "'], 'c': ['" + c + "']}"); // one of the two is not written down
    assertThat(get(view).json().get("rows")).isEmpty();
  }

  @Test
  void purge_aDesignDocument_takesItsIndexAlong() {
    String rev = putDoc("_design/d", "{'views': {'v': {'map': 'function (doc) {}'}}}");
    assertThat(get("/db/_design/d/_view/v").status()).isEqualTo(200);
    Path indexes = databases.viewFolder(new DatabaseName("db"));
    assertThat(indexes).isNotEmptyDirectory();

    purge("{'_design/d': ['" + rev + "']}");

    assertThat(get("/db/_design/d/_view/v").error()).isEqualTo("404 not_found");
    assertThat(indexes).isEmptyDirectory();
  }

  @Test
  void changes_waitingWhileADocumentIsPurged_goOnWaiting() {
    String rev = putDoc("a", "{}");
    CompletableFuture<Answer> waiting =
        CompletableFuture.supplyAsync(() -> get("/db/_changes?feed=longpoll&since=1"));

    purge("{'a': ['" + rev + "']}");
    putDoc("b", "{}");

    JsonNode results = waiting.join().json().get("results");
    assertThat(results.findValuesAsText("id")).containsExactly("b");
  }
}
