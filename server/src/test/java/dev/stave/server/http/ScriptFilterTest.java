package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code _changes} with functions of design documents. */
class ScriptFilterTest extends ServerTest {

  @BeforeEach
  void documents() {
    createDb();
    putDoc(
        "_design/d",
        "{'filters': {'big': 'function (doc, req) { return doc.n >= (req.query.least || 2); }',"
            + " 'who': 'function (doc, req) { return req.userCtx.roles.indexOf(\\'_admin\\') == 0 && req.method == \\'GET\\' && req.secObj; }',"
                .replace("\\'", "\\\"")
            + " 'bad': 'function (', 'odd': 'function (doc) { return doc.a.b.c; }'},"
            + " 'views': {'has': {'map': 'function (doc) { if (doc.n == 1) emit(null); }'}}}");
    for (int n = 1; n <= 3; n++) {
      putDoc("n" + n, "{'n': " + n + "}");
    }
  }

  private List<String> ids(String query) {
    Answer answer = get("/db/_changes?" + query);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().get("results").findValuesAsText("id");
  }

  @Test
  void filter_isAskedOfEachDocument_withTheRequest() {
    assertThat(ids("filter=d/big")).containsExactly("n2", "n3");
    assertThat(ids("filter=d/big&least=3")).containsExactly("n3");
    assertThat(ids("filter=d%2Fbig&limit=1")).containsExactly("n2");
    assertThat(ids("filter=d/who")).hasSize(4);
    assertThat(ids("filter=_view&view=d/has")).containsExactly("n1");
  }

  @Test
  void filter_worksInEveryFeed() {
    assertThat(ids("filter=d/big&feed=longpoll")).containsExactly("n2", "n3");
    String lines = get("/db/_changes?filter=d/big&feed=continuous&timeout=1").text();
    assertThat(lines).contains("n2").contains("n3").doesNotContain("n1").contains("last_seq");
    assertThat(get("/db/_changes?filter=d/big&feed=eventsource&limit=1").text())
        .contains("n2")
        .doesNotContain("n3");
  }

  @ParameterizedTest
  @CsvSource({
    "filter=d/none, 404 not_found",
    "filter=none/x, 404 not_found",
    "filter=odd, 400 bad_request",
    "filter=a/b/c, 400 bad_request",
    "filter=d/bad, 400 compilation_error",
    "filter=d/odd, 500 TypeError",
    "filter=_view, 400 bad_request",
    "filter=_view&view=d/none, 404 not_found",
    "filter=_view&view=d, 400 bad_request",
  })
  void wrongFilter_isToldWhatIsWrong(String query, String error) {
    assertThat(get("/db/_changes?" + query).error()).isEqualTo(error);
  }
}
