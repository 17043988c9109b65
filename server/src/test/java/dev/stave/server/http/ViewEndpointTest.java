package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewEndpointTest extends ServerTest {

  private static final String VIEW = "/db/_design/d/_view/";

  private String revision = "";

  @BeforeEach
  void documents() {
    createDb();
    revision =
        putDoc(
            "_design/d",
            "{'views': {"
                + "'n': {'map': 'function (doc) { emit(doc.n, doc.t); }'},"
                + "'sum': {'map': 'function (doc) { emit([doc.t, doc.n], doc.n); }', 'reduce': '_sum'},"
                + "'count': {'map': 'function (doc) { emit(doc.t, null); }', 'reduce': '_count'},"
                + "'stats': {'map': 'function (doc) { emit(doc.t, doc.n); }', 'reduce': '_stats'},"
                + "'distinct': {'map': 'function (doc) { emit(doc.t); }',"
                + " 'reduce': '_approx_count_distinct'},"
                + "'max': {'map': 'function (doc) { emit(doc.t, doc.n); }', 'reduce':"
                + " 'function (keys, values, rereduce) { return Math.max.apply(null, values); }'},"
                + "'link': {'map': 'function (doc) { emit(doc.n, {_id: doc.of}); }'}}}");
    post(
        "/db/_bulk_docs",
        "{'docs': [{'_id': 'a', 'n': 1, 't': 'x', 'of': 'b'}, {'_id': 'b', 'n': 2, 't': 'y'},"
            + " {'_id': 'c', 'n': 3, 't': 'x', 'of': 'none'}, {'_id': 'd', 'n': 3, 't': 'x'},"
            + " {'_id': 'e', 't': 'y'}]}");
  }

  private static List<String> ids(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    List<String> ids = new ArrayList<>();
    answer.json().get("rows").forEach(row -> ids.add(row.get("id").asText()));
    return ids;
  }

  private static String text(JsonNode json) {
    return json.toString().replace('"', '\'');
  }

  @Test
  void view_isInTheOrderOfItsKeys() {
    Answer answer = get(VIEW + "n");

    assertThat(text(answer.json()))
        .isEqualTo(
            "{'total_rows':5,'offset':0,'rows':["
                + "{'id':'e','key':null,'value':'y'},{'id':'a','key':1,'value':'x'},"
                + "{'id':'b','key':2,'value':'y'},{'id':'c','key':3,'value':'x'},"
                + "{'id':'d','key':3,'value':'x'}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "startkey=2 | b,c,d | 2",
        "start_key=2&end_key=2 | b | 2",
        "endkey=2 | e,a,b | 0",
        "endkey=2&inclusive_end=false | e,a | 0",
        "key=3 | c,d | 3",
        "key=3&descending=true | d,c | 0",
        "descending=true | d,c,b,a,e | 0",
        "descending=true&startkey=2 | b,a,e | 2",
        "descending=true&startkey=2&endkey=1&inclusive_end=false | b | 2",
        "startkey=3&startkey_docid=d | d | 4",
        "startkey=3&start_key_doc_id=ca | d | 4",
        "endkey=3&endkey_docid=c | e,a,b,c | 0",
        "endkey=3&end_key_doc_id=cz | e,a,b,c | 0",
        "descending=true&startkey=3&startkey_docid=c | c,b,a,e | 1",
        "descending=true&endkey=3&endkey_docid=d | d | 0",
        "skip=1&limit=2 | a,b | 1",
        "limit=0 | '' | 0",
        "keys=[3,1,7,1] | c,d,a,a | 0",
        "keys=[3,1]&descending=true | a,d,c | 0",
        "keys=[3,1]&skip=1&limit=1 | d | 0",
        "startkey=\"a\" | '' | 5",
      })
  void view_range_answersWhatIsInIt(String query, String expected, int offset) {
    Answer answer =
        get(VIEW + "n?" + query.replace("\"", "%22").replace("[", "%5B").replace("]", "%5D"));

    assertThat(String.join(",", ids(answer))).isEqualTo(expected);
    assertThat(answer.json().get("total_rows").asInt()).isEqualTo(5);
    assertThat(answer.json().get("offset").asInt()).isEqualTo(offset);
  }

  @Test
  void view_asPost_takesItsOptionsFromTheBody() {
    assertThat(ids(post(VIEW + "n", "{'keys': [2, 1]}"))).containsExactly("b", "a");
    assertThat(ids(post(VIEW + "n", "{'startkey': 3, 'startkey_docid': 'd'}")))
        .containsExactly("d");
    assertThat(ids(post(VIEW + "n?limit=1", "{'stale': 'ok'}"))).hasSizeLessThan(2);
  }

  @Test
  void queries_areAnsweredInOrder() {
    Answer answer =
        post(VIEW + "n/queries", "{'queries': [{'key': 1}, {'keys': [2]}, {'limit': 1}]}");

    assertThat(answer.json().get("results").findValuesAsText("id")).containsExactly("a", "b", "e");
    assertThat(post(VIEW + "n", "{'queries': [{'key': 1}]}").json().get("results")).hasSize(1);
    assertThat(post(VIEW + "n/queries", "{}").status()).isEqualTo(400);
  }

  @Test
  void reduce_all_grouped_andByLevel() {
    assertThat(text(get(VIEW + "sum?endkey=%5B%22x%22,9%5D").json()))
        .isEqualTo("{'rows':[{'key':null,'value':7}]}");
    assertThat(text(get(VIEW + "count?group=true").json()))
        .isEqualTo("{'rows':[{'key':'x','value':3},{'key':'y','value':2}]}");
    assertThat(text(get(VIEW + "count?group=true&descending=true&limit=1").json()))
        .isEqualTo("{'rows':[{'key':'y','value':2}]}");
    assertThat(text(get(VIEW + "max?key=%22x%22").json()))
        .isEqualTo("{'rows':[{'key':null,'value':3}]}");
    assertThat(text(get(VIEW + "stats?key=%22x%22").json()))
        .isEqualTo(
            "{'rows':[{'key':null,'value':{'sum':7,'count':3,'min':1,'max':3,'sumsqr':19}}]}");
    assertThat(text(get(VIEW + "distinct").json())).isEqualTo("{'rows':[{'key':null,'value':2}]}");
    assertThat(text(get(VIEW + "sum?group_level=1&endkey=%5B%22x%22,9%5D").json()))
        .isEqualTo("{'rows':[{'key':['x'],'value':7}]}");
    assertThat(text(post(VIEW + "count?group=true", "{'keys': ['y', 'z', 'x']}").json()))
        .isEqualTo("{'rows':[{'key':'y','value':2},{'key':'x','value':3}]}");
    assertThat(ids(get(VIEW + "count?reduce=false&key=%22y%22"))).containsExactly("b", "e");
    assertThat(text(get(VIEW + "count?key=1").json())).isEqualTo("{'rows':[]}");
  }

  @Test
  void sumOfWhatIsNoNumber_saysSo() {
    assertThat(get(VIEW + "sum").json().at("/rows/0/value/error").asText())
        .isEqualTo("builtin_reduce_error");
  }

  @Test
  void includeDocs_isTheDocument_orTheOneThatIsLinked() {
    JsonNode own = get(VIEW + "n?key=2&include_docs=true").json().at("/rows/0/doc");
    JsonNode linked = get(VIEW + "link?include_docs=true&startkey=1").json().get("rows");

    assertThat(own.get("_id").asText()).isEqualTo("b");
    assertThat(linked.at("/0/doc/_id").asText()).isEqualTo("b");
    assertThat(linked.at("/2/doc").isNull()).isTrue();
  }

  @Test
  void includeDocs_withAttachments_hasTheirBytes() {
    putDoc(
        "f", "{'n': 9, '_attachments': {'a.txt': {'content_type': 'text/plain', 'data': 'aGk='}}}");

    JsonNode stub = get(VIEW + "n?key=9&include_docs=true").json().at("/rows/0/doc/_attachments");
    JsonNode whole =
        get(VIEW + "n?key=9&include_docs=true&attachments=true")
            .json()
            .at("/rows/0/doc/_attachments");

    assertThat(stub.at("/a.txt/stub").asBoolean()).isTrue();
    assertThat(whole.at("/a.txt/data").asText()).isEqualTo("aGk=");
  }

  @Test
  void edits_areSeen_orNot_asUpdateSays() {
    ids(get(VIEW + "n"));
    String before = putDoc("f", "{'n': 9}");

    assertThat(ids(get(VIEW + "n?update=false&key=9"))).isEmpty();
    assertThat(ids(get(VIEW + "n?stale=ok&key=9"))).isEmpty();
    assertThat(ids(get(VIEW + "n?key=9"))).containsExactly("f");
    String after = put("/db/f?rev=" + before, "{'n': 8}").json().get("rev").asText();
    assertThat(ids(get(VIEW + "n?startkey=8"))).containsExactly("f");
    delete("/db/f?rev=" + after);
    assertThat(ids(get(VIEW + "n?startkey=8"))).isEmpty();
    assertThat(get(VIEW + "n?update_seq=true").json().get("update_seq").asLong())
        .isEqualTo(get("/db").json().get("update_seq").asLong());
    assertThat(get(VIEW + "n?sorted=false").json().has("total_rows")).isFalse();
  }

  @Test
  void updateLazy_isReadAsItIs_andBroughtUpToDateThen() throws InterruptedException {
    assertThat(ids(get(VIEW + "n?update=lazy"))).hasSizeLessThan(6);

    for (int i = 0; i < 400 && ids(get(VIEW + "n?update=false")).isEmpty(); i++) {
      Thread.sleep(10);
    }
    assertThat(ids(get(VIEW + "n?update=false"))).hasSize(5);
  }

  @Test
  void restart_theIndexIsThere() {
    ids(get(VIEW + "n"));
    stop();
    start();

    assertThat(ids(get(VIEW + "n?update=false"))).hasSize(5);
  }

  @Test
  void mapThatThrows_leavesThatDocumentOut_ofThatViewOnly() {
    putDoc(
        "_design/odd",
        "{'views': {'odd': {'map': 'function (doc) { emit(1); doc.none.x; }'},"
            + " 'fine': {'map': 'function (doc) { doc.n = 7; emit(doc._id, [doc._rev.length]); }'},"
            + " 'rows': {'map': 'function (doc) { if (doc._id == \\'a\\') for (;;) emit(1); emit(1); }'}}}"
                .replace("\\'", "\\\""));

    assertThat(ids(get("/db/_design/odd/_view/odd"))).isEmpty();
    assertThat(ids(get("/db/_design/odd/_view/fine"))).containsExactly("a", "b", "c", "d", "e");
    assertThat(ids(get("/db/_design/odd/_view/rows"))).containsExactly("b", "c", "d", "e");
  }

  @Test
  void library_isRequired() {
    putDoc(
        "_design/lib",
        "{'lib': {'no': 'exports.no = 1;'}, 'views': {'lib': {'a': 'exports.twice = function (n) { return"
            + " require(\\'./b\\').two * n; };', 'b': 'exports.two = 2;'},".replace("\\'", "\\\"")
            + "'v': {'map': 'function (doc) { if (doc.n) emit(require(\\'views/lib/a\\').twice(doc.n)); }'}}}"
                .replace("\\'", "\\\""));

    assertThat(get("/db/_design/lib/_view/v").json().get("rows").findValuesAsText("key"))
        .containsExactly("2", "4", "6", "6");
  }

  @Test
  void designDocuments_areInAView_ifItAsksForThem() {
    putDoc(
        "_design/all",
        "{'options': {'include_design': true, 'local_seq': true},"
            + " 'views': {'v': {'map': 'function (doc) { emit(doc._local_seq); }'}}}");

    assertThat(ids(get("/db/_design/all/_view/v")))
        .containsExactly("_design/d", "a", "b", "c", "d", "e", "_design/all");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "d/_view/none | 404 not_found | missing_named_view",
        "none/_view/n | 404 not_found | missing",
        "d/_view/n?group=true | 400 query_parse_error | Invalid use of grouping on a map view.",
        "d/_view/n?reduce=true | 400 query_parse_error | Reduce is invalid for map-only views.",
        "d/_view/sum?include_docs=true | 400 query_parse_error | `include_docs` is invalid for reduce",
        "d/_view/sum?keys=%5B1%5D | 400 query_parse_error | Multi-key fetches for reduce views must use `group=true`",
        "d/_view/n?startkey=2&endkey=1 | 400 query_parse_error | No rows can match your key range, reverse your start_key and end_key or set descending=true",
        "d/_view/n?descending=true&startkey=1&endkey=2 | 400 query_parse_error | No rows can match your key range, reverse your start_key and end_key or set descending=false",
        "d/_view/n?limit=-1 | 400 query_parse_error | ''",
        "d/_view/n?key=x | 400 query_parse_error | ''",
        "d/_view/n?stale=x | 400 query_parse_error | ''",
        "d/_view/n?update=x | 400 query_parse_error | ''",
        "d/_view/n?include_docs=x | 400 query_parse_error | ''",
      })
  void wrongQuestion_isToldWhatIsWrong(String path, String error, String reason) {
    Answer answer = get("/db/_design/" + path);

    assertThat(answer.error()).isEqualTo(error);
    assertThat(answer.reason()).contains(reason);
  }

  @Test
  void functionThatIsNone_isACompilationError() {
    post(
        "/db/_bulk_docs",
        "{'new_edits': false, 'docs': [{'_id': '_design/bad', '_rev': '1-a', 'views':"
            + " {'v': {'map': 'function (doc) {'}, 'w': {'map': 'function (doc) {}', 'reduce': '_odd'}}}]}");
    post(
        "/db/_bulk_docs",
        "{'new_edits': false, 'docs': [{'_id': '_design/odd', '_rev': '1-a', 'views':"
            + " {'w': {'map': 'function (doc) { emit(1); }', 'reduce': '_odd'},"
            + " 'x': {'map': 'function (doc) { emit(1); }', 'reduce': 'function () { nothing(); }'}}}]}");

    assertThat(get("/db/_design/bad/_view/v").error()).isEqualTo("400 compilation_error");
    assertThat(get("/db/_design/odd/_view/w").error()).isEqualTo("400 invalid_design_doc");
    assertThat(get("/db/_design/odd/_view/x").json().at("/rows/0/value").isNull()).isTrue();
  }

  @Test
  void objectsAsKeys_countTheirMembersAsTheyStand() {
    putDoc("_design/o", "{'views': {'v': {'map': 'function (doc) { if (doc.k) emit(doc.k); }'}}}");
    post(
        "/db/_bulk_docs",
        "{'docs': [{'_id': 'p', 'k': {'b': 2, 'a': 1}}, {'_id': 'q', 'k': {'a': 2}},"
            + " {'_id': 'r', 'k': {'b': 2}}, {'_id': 's', 'k': {'a': 1, 'b': 9}}]}");

    assertThat(ids(get("/db/_design/o/_view/v"))).containsExactly("s", "q", "r", "p");
  }

  @Test
  void rowsOfOneDocumentUnderOneKey_areInTheOrderOfTheirValues() {
    putDoc(
        "_design/o",
        "{'views': {'v': {'map': 'function (doc) { if (doc._id === `a`) { ["
            + "`t`, `s`, [2], [1, 1], [1], {b: 1}, {a: 2}, {a: 1, b: 1}, {a: 1}, true, null, false, 7, 2]"
            + ".forEach(function (v) { emit(1, v); }); } }'}}}".replace('`', '"'));
    putDoc("z", "{}");

    assertThat(get("/db/_design/o/_view/v").json().at("/rows").findValuesAsText("value"))
        .hasSize(14);
    assertThat(text(MAPPER.valueToTree(get("/db/_design/o/_view/v").json().findValues("value"))))
        .isEqualTo(
            "[2,7,false,null,true,{'a':1},{'a':1,'b':1},{'a':2},{'b':1},[1],[1,1],[2],'s','t']");
  }

  @Test
  void includeDocs_attachments_comeAlong() {
    putDoc("f", "{'n': 9, '_attachments': {'t.bin': {'content_type': 'a/b', 'data': 'aGk='}}}");

    JsonNode with = get(VIEW + "n?key=9&include_docs=true&attachments=true").json();
    JsonNode without = get(VIEW + "n?key=9&include_docs=true").json();

    assertThat(with.at("/rows/0/doc/_attachments/t.bin/data").asText()).isEqualTo("aGk=");
    assertThat(without.at("/rows/0/doc/_attachments/t.bin/stub").asBoolean()).isTrue();
  }

  @Test
  void info_andCleanUp() throws IOException {
    ids(get(VIEW + "n"));
    JsonNode info = get("/db/_design/d/_info").json();
    Path indexes = databases.viewFolder(new dev.stave.server.databases.DatabaseName("db"));

    assertThat(info.get("name").asText()).isEqualTo("d");
    assertThat(info.at("/view_index/language").asText()).isEqualTo("javascript");
    assertThat(info.at("/view_index/update_seq").asLong()).isEqualTo(6);
    assertThat(info.at("/view_index/updater_running").asBoolean()).isFalse();
    assertThat(post("/db/_compact/d", "").status()).isEqualTo(202);
    assertThat(post("/db/_view_cleanup", "").status()).isEqualTo(202);
    assertThat(names(indexes)).containsExactly(info.at("/view_index/signature").asText());
    delete("/db/_design/d?rev=" + revision);
    assertThat(post("/db/_view_cleanup", "").status()).isEqualTo(202);
    assertThat(names(indexes)).isEmpty();
    assertThat(get(VIEW + "n").reason()).isEqualTo("deleted");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void databaseThatIsDeletedAndMadeAgain_hasNothingOfTheOldIndex() {
    ids(get(VIEW + "n"));
    for (int i = 0; i < 3; i++) {
      delete("/db");
      documents();
      assertThat(ids(get(VIEW + "n"))).hasSize(5);
    }
    delete("/db");
    assertThat(get(VIEW + "n").reason()).isEqualTo("Database does not exist.");
  }

  @Test
  void longKeys_areInOrder() {
    String shared = "k".repeat(2_000);
    for (String end : List.of("b", "", "c", "a")) {
      putDoc("long" + end, "{'n': '" + shared + end + "'}");
    }

    assertThat(ids(get(VIEW + "n?startkey=%22k%22")))
        .containsExactly("long", "longa", "longb", "longc");
    assertThat(ids(get(VIEW + "n?startkey=%22k%22&key=%22" + shared + "b%22")))
        .containsExactly("longb");
    assertThat(ids(get(VIEW + "n?descending=true&limit=4&startkey=%22" + shared + "b%22")))
        .containsExactly("longb", "longa", "long", "d");
    assertThat(
            ids(
                get(
                    VIEW
                        + "n?startkey=%22"
                        + shared
                        + "b%22&inclusive_end=false&endkey=%22"
                        + shared
                        + "c%22")))
        .containsExactly("longb");
  }
}
