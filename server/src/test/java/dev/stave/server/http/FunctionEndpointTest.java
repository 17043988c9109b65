package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code _show}, {@code _list} and {@code _update}. */
class FunctionEndpointTest extends ServerTest {

  @BeforeEach
  void design() {
    createDb();
    putDoc(
        "_design/d",
        "{'shows': {'title': 'function (doc, req) { return doc ? doc.t : (req.id + String(req.query.q)); }',"
            + " 'full': 'function (doc, req) { return {code: 203, headers: {x: 1}, json: {m: req.method}}; }',"
            + " 'types': 'function (doc) { provides(`json`, function () { return {json: [1]}; });"
                .replace('`', '\u2019')
            + " provides(`html`, function () { return `<b>`; }); }',".replace('`', '\u2019')
            + " 'line': 'function () { return {headers: {x: JSON.parse(req)}}; }'},"
            + " 'lists': {'keys': 'function (head, req) { start({headers: {x: head.total_rows}}); var row;"
            + " while (row = getRow()) send(row.key + String.fromCharCode(10)); return req.query.tail; }'},"
            + " 'views': {'v': {'map': 'function (doc) { emit(doc.t); }'}},"
            + " 'updates': {'hit': 'function (doc, req) { if (!doc) doc = {_id: req.id || req.uuid, n: 0};"
            + " doc.n++; return [doc, String(doc.n)]; }',"
            + " 'none': 'function (doc, req) { return [null, {json: {form: req.form, body: req.body}}]; }',"
            + " 'odd': 'function () { return 1; }'}}");
    putDoc("a", "{'t': 'A'}");
    putDoc("b", "{'t': 'B'}");
  }

  @Override
  String putDoc(String id, String body) {
    return super.putDoc(id, body.replace("\u2019", "\\\""));
  }

  @Test
  void show_answersWithWhatTheFunctionSays() {
    Answer title = get("/db/_design/d/_show/title/a");
    Answer full = get("/db/_design/d/_show/full");

    assertThat(title.text()).isEqualTo("A");
    assertThat(title.header("content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(get("/db/_design/d/_show/title/none?q=1").text()).isEqualTo("none1");
    assertThat(full.status()).isEqualTo(203);
    assertThat(full.header("x")).isEqualTo("1");
    assertThat(full.json().get("m").asText()).isEqualTo("GET");
    assertThat(get("/db/_design/d/_show/nothing").error()).isEqualTo("404 not_found");
    assertThat(get("/db/_design/d/_show/line").error()).isEqualTo("500 ReferenceError");
  }

  @Test
  void show_provides_whatTheClientTakes() {
    Answer html = get("/db/_design/d/_show/types", "Accept", "text/html,*/*;q=0.1");

    assertThat(html.text()).isEqualTo("<b>");
    assertThat(html.header("content-type")).startsWith("text/html");
    assertThat(get("/db/_design/d/_show/types", "Accept", "application/json").text())
        .isEqualTo("[1]");
    assertThat(get("/db/_design/d/_show/types?format=json").header("content-type"))
        .isEqualTo("application/json");
    assertThat(get("/db/_design/d/_show/types", "Accept", "image/png").status()).isEqualTo(406);
  }

  @Test
  void list_getsTheRows() {
    Answer list = get("/db/_design/d/_list/keys/v?tail=end&descending=true");

    assertThat(list.text()).isEqualTo("B\nA\nend");
    assertThat(list.header("x")).isEqualTo("2");
    assertThat(get("/db/_design/d/_list/keys/d/v?limit=1").text()).startsWith("A\n");
    assertThat(get("/db/_design/d/_list/keys/none").error()).isEqualTo("404 not_found");
  }

  @Test
  void update_writesWhatTheFunctionReturns() {
    Answer first = send(request("/db/_design/d/_update/hit/x").PUT(BodyPublishers.noBody()));
    Answer second = send(request("/db/_design/d/_update/hit/x").POST(BodyPublishers.noBody()));

    assertThat(first.status()).isEqualTo(201);
    assertThat(first.text()).isEqualTo("1");
    assertThat(first.header("x-couch-id")).isEqualTo("x");
    assertThat(second.text()).isEqualTo("2");
    assertThat(get("/db/x").json().get("_rev").asText())
        .isEqualTo(second.header("x-couch-update-newrev"));
    assertThat(
            send(request(
                        "/db/_design/d/_update/none",
                        "Content-Type",
                        "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("a=b+c&d=%C3%A9")))
                .json()
                .get("form")
                .toString())
        .isEqualTo("{\"a\":\"b c\",\"d\":\"é\"}");
    assertThat(post("/db/_design/d/_update/odd", "").error()).isEqualTo("500 render_error");
  }
}
