package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code _rewrite}: rules and functions, as CouchDB's manual has them. */
class RewriteTest extends ServerTest {

  private static final String AT = "/db/_design/app/_rewrite/";

  @BeforeEach
  void rules() {
    createDb();
    putDoc("a", "{'kind': 'x', 'n': 1}");
    putDoc("b%20c", "{'kind': 'y', 'n': 2}");
    putDoc(
        "_design/app",
        "{'views': {'n': {'map': 'function (doc) { emit([doc.kind, doc.n], doc.n) }'}},"
            + "'rewrites': ["
            + "{'from': '', 'to': '../../a'},"
            + "{'from': 'docs/:id', 'to': '../../:id'},"
            + "{'from': 'all/*', 'to': '../../*'},"
            + "{'from': 'kind/:kind/:n', 'to': '_view/n',"
            + " 'query': {'key': [':kind', ':n']}, 'formats': {'n': 'int'}},"
            + "{'from': 'kinds', 'to': '_view/n', 'query': {'startkey': [':from'], 'limit': 1}},"
            + "{'from': 'new/:id', 'to': '../../:id', 'method': 'PUT'},"
            + "{'from': 'out', 'to': '../../../other/a'},"
            + "{'from': 'round', 'to': '_rewrite/round'}"
            + "]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/db/_design/app/_rewrite | a",
        "/db/_design/app/_rewrite/docs/a | a",
        "/db/_design/app/_rewrite/docs/b%20c | b c",
        "/db/_design/app/_rewrite/all/b%20c?revs=true | b c",
        "/db/_design/app/_rewrite/all/_design/app | _design/app",
      })
  void path_leadsToTheDocument(String path, String id) {
    assertThat(get(path).json().path("_id").asText()).isEqualTo(id);
  }

  @Test
  void query_isBoundToWhatThePathSays() {
    assertThat(get(AT + "kind/y/2").json().at("/rows/0/id").asText()).isEqualTo("b c");
    assertThat(get(AT + "kinds?from=y").json().at("/rows/0/id").asText()).isEqualTo("b c");
  }

  @Test
  void method_isPartOfTheRule() {
    assertThat(put(AT + "new/fresh", "{'n': 3}").status()).isEqualTo(201);
    assertThat(get("/db/fresh").json().path("n").asInt()).isEqualTo(3);
    assertThat(get(AT + "new/fresh").error()).isEqualTo("404 not_found");
  }

  @Test
  void rule_thatLeadsOut_orRound_isRefused() {
    assertThat(get(AT + "out").error()).isEqualTo("400 bad_request");
    assertThat(get(AT + "round").reason()).isEqualTo("Exceeded rewrite recursion limit");
    assertThat(get(AT + "nothing/fits").error()).isEqualTo("404 not_found");
    assertThat(get("/db/_design/none/_rewrite/a").error()).isEqualTo("404 not_found");
  }

  @Test
  void function_decidesByTheRequest() {
    putDoc(
        "_design/code",
        "{'rewrites': 'function (req) { return req.method === \\'GET\\'"
            + " ? \\'../../\\' + req.query.id"
            + " : {path: \\'../../made\\', method: \\'PUT\\', body: JSON.stringify({by: \\'code\\'})};"
            + " }'}");

    assertThat(get("/db/_design/code/_rewrite/x?id=a").json().path("_id").asText()).isEqualTo("a");
    assertThat(post("/db/_design/code/_rewrite/x", "{}").status()).isEqualTo(201);
    assertThat(get("/db/made").json().path("by").asText()).isEqualTo("code");
  }

  @Test
  void rewriting_letsNobodyInWhoMayNot() {
    put("/_node/_local/_config/admins/root", "'top'");

    assertThat(get(AT + "docs/a").error()).isEqualTo("401 unauthorized");
  }
}
