package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code validate_doc_update} on every way in. */
class ValidateDocUpdateTest extends ServerTest {

  private static final String FUNCTION =
      "function (newDoc, oldDoc, userCtx, secObj) {"
          + " if (newDoc._deleted && !(oldDoc && oldDoc.done)) throw({forbidden: 'not done'});"
          + " if (!newDoc._deleted && typeof newDoc.n != 'number') throw({forbidden: 'n is a number'});"
          + " if (newDoc.n < 0) throw({unauthorized: 'who are you'});"
          + " if (oldDoc && newDoc.n < oldDoc.n) throw({forbidden: 'n grows, it was ' + oldDoc.n});"
          + " if (newDoc.odd) newDoc.none.x;"
          + " if (userCtx.roles[0] != '_admin' || userCtx.db != 'db' || !secObj) throw({forbidden: 'ctx'});"
          + " if (newDoc._id != 'given' && !/^1-|^[2-9]-|undefined/.test(newDoc._rev)) throw({forbidden: newDoc._rev});"
          + " if (typeof newDoc._revisions.start != 'number') throw({forbidden: 'revisions'});"
          + " }";

  @BeforeEach
  void rule() {
    createDb();
    putDoc("_design/rules", "{'validate_doc_update': \"".replace("'", "'") + FUNCTION + "\"}");
  }

  @Override
  Answer put(String path, String body, String... headers) {
    return path.contains("_design/")
        ? send(
            request(path, headers)
                .PUT(BodyPublishers.ofString(body.replace("{'", "{\"").replace("':", "\":"))))
        : super.put(path, body, headers);
  }

  @Test
  void put_post_copy() {
    assertThat(put("/db/a", "{'n': 'x'}").error()).isEqualTo("403 forbidden");
    assertThat(put("/db/a", "{'n': 'x'}").reason()).isEqualTo("n is a number");
    assertThat(put("/db/a", "{'n': -1}").error()).isEqualTo("401 unauthorized");
    assertThat(put("/db/a", "{'n': 1, 'odd': true}").error()).isEqualTo("500 TypeError");
    assertThat(post("/db", "{}").error()).isEqualTo("403 forbidden");
    String first = putDoc("a", "{'n': 5}");
    assertThat(put("/db/a?rev=" + first, "{'n': 4}").reason()).isEqualTo("n grows, it was 5");
    assertThat(put("/db/a", "{'n': 4}").error()).isEqualTo("409 conflict");
    putDoc("b", "{'n': 9}");
    assertThat(
            send(request("/db/a", "Destination", "c").method("COPY", BodyPublishers.noBody()))
                .status())
        .isEqualTo(201);
    String other = get("/db/b").json().get("_rev").asText();
    assertThat(
            send(request("/db/a", "Destination", "b?rev=" + other)
                    .method("COPY", BodyPublishers.noBody()))
                .error())
        .isEqualTo("403 forbidden");
  }

  @Test
  void delete_andDeletedBody() {
    String open = putDoc("a", "{'n': 1}");
    String done = putDoc("b", "{'n': 1, 'done': true}");

    assertThat(delete("/db/a?rev=" + open).error()).isEqualTo("403 forbidden");
    assertThat(put("/db/a?rev=" + open, "{'_deleted': true}").error()).isEqualTo("403 forbidden");
    assertThat(delete("/db/b?rev=" + done).status()).isEqualTo(200);
    assertThat(get("/db/a").status()).isEqualTo(200);
    assertThat(put("/db/b", "{'n': 0}").status())
        .as("a new life has no old document")
        .isEqualTo(201);
  }

  @Test
  void bulkDocs_eachForItself() {
    JsonNode lines =
        post(
                "/db/_bulk_docs",
                "{'docs': [{'_id': 'a', 'n': 1}, {'_id': 'b'}, {'_id': 'c', 'n': -1}]}")
            .json();

    assertThat(lines.at("/0/ok").asBoolean()).isTrue();
    assertThat(lines.at("/1/error").asText()).isEqualTo("forbidden");
    assertThat(lines.at("/2/error").asText()).isEqualTo("unauthorized");
    assertThat(lines.at("/2/id").asText()).isEqualTo("c");
  }

  @Test
  void replicated_isAskedToo_withTheNearestAncestorAsOldDocument() {
    putDoc("a", "{'n': 5}");
    String first = get("/db/a").json().get("_rev").asText();
    String digest = first.substring(2);

    JsonNode lines =
        post(
                "/db/_bulk_docs",
                ("{'new_edits': false, 'docs': [{'_id': 'a', 'n': 3, '_rev': '3-b',"
                        + " '_revisions': {'start': 3, 'ids': ['b', 'a', '%s']}},"
                        + " {'_id': 'x', '_rev': '1-x'}, {'_id': 'given', 'n': 1, '_rev': '1-y'}]}")
                    .formatted(digest))
            .json();

    assertThat(lines).hasSize(2);
    assertThat(lines.at("/0/reason").asText()).isEqualTo("n grows, it was 5");
    assertThat(lines.at("/1/error").asText()).isEqualTo("forbidden");
    assertThat(get("/db/given").status()).isEqualTo(200);
    assertThat(put("/db/z?new_edits=false", "{'_rev': '1-z'}").error()).isEqualTo("403 forbidden");
  }

  @Test
  void parts_andPatches() {
    String revision = putDoc("a", "{'n': 5}");

    assertThat(patch("[{'op': 'replace', 'path': '/n', 'value': 1}]", "json-patch", "").error())
        .isEqualTo("403 forbidden");
    assertThat(patch("{'n': null}", "merge-patch", "?rev=" + revision).error())
        .isEqualTo("403 forbidden");
    assertThat(put("/db/a/_path?pointer=/n", "1", "Content-Type", "application/json").error())
        .isEqualTo("403 forbidden");
    assertThat(delete("/db/a/_path?pointer=/n").error()).isEqualTo("403 forbidden");
    assertThat(patch("{'n': 6}", "merge-patch", "").status()).isEqualTo(200);
    assertThat(patch("{'n': 7}", "merge-patch", "?rev=" + revision).error())
        .isEqualTo("409 conflict");
  }

  private Answer patch(String body, String kind, String query) {
    return send(
        request("/db/a" + query, "Content-Type", "application/" + kind + "+json")
            .method("PATCH", BodyPublishers.ofString(json(body))));
  }

  @Test
  void designAndLocalDocuments_areNotAsked_andDesignDocumentsMustCompile() {
    assertThat(super.put("/db/_design/free", "{'x': 1}").status()).isEqualTo(201);
    assertThat(super.put("/db/_local/x", "{}").status()).isEqualTo(201);
    Answer bad = super.put("/db/_design/bad", "{'views': {'v': {'map': 'function ('}}}");
    assertThat(bad.error()).isEqualTo("400 compilation_error");
    assertThat(bad.reason()).startsWith("Compilation of the map function in the 'v' view failed");
    assertThat(super.put("/db/_design/bad", "{'views': 1}").error())
        .isEqualTo("400 invalid_design_doc");
    assertThat(
            super.put(
                    "/db/_design/bad",
                    "{'views': {'v': {'map': 'function () {}', 'reduce': '_x'}}}")
                .error())
        .isEqualTo("400 invalid_design_doc");
    assertThat(
            super.put("/db/_design/erl", "{'language': 'erlang', 'views': {'v': {'map': '('}}}")
                .status())
        .isEqualTo(201);
  }

  @Test
  void changedRule_countsAtOnce() {
    String revision = get("/db/_design/rules").json().get("_rev").asText();
    assertThat(put("/db/a", "{}").status()).isEqualTo(403);
    delete("/db/_design/rules?rev=" + revision);

    assertThat(put("/db/a", "{}").status()).isEqualTo(201);
  }
}
