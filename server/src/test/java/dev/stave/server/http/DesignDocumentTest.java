package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DesignDocumentTest extends ServerTest {

  @BeforeEach
  void database() {
    createDb();
  }

  @Test
  void designDocument_isADocument_withItsSlashAsItIsOrEncoded() {
    Answer put = put("/db/_design/orders", "{'language': 'javascript'}");
    String revision = put.json().get("rev").asText();

    assertThat(put.status()).isEqualTo(201);
    assertThat(put.json().get("id").asText()).isEqualTo("_design/orders");
    assertThat(get("/db/_design/orders").json().get("_id").asText()).isEqualTo("_design/orders");
    assertThat(get("/db/_design%2Forders").text()).isEqualTo(get("/db/_design/orders").text());
    assertThat(delete("/db/_design/orders?rev=" + revision).status()).isEqualTo(200);
    assertThat(get("/db/_design/orders").reason()).isEqualTo("deleted");
  }

  @Test
  void designDocument_isInListsAndChanges_andNoQueryFindsIt() {
    put("/db/_design/orders", "{'n': 1}");
    putDoc("a", "{'n': 1}");

    assertThat(post("/db/_find", "{'selector': {'n': 1}}").json().get("docs")).hasSize(1);
    assertThat(get("/db/_changes?filter=_design").json().get("results").findValuesAsText("id"))
        .containsExactly("_design/orders");
    assertThat(get("/db").json().get("doc_count").asInt()).isEqualTo(2);
  }

  @Test
  void otherIdsWithAnUnderscore_areRefused() {
    assertThat(post("/db", "{'_id': '_design/'}").error()).isEqualTo("400 illegal_docid");
    assertThat(post("/db", "{'_id': '_x'}").error()).isEqualTo("400 illegal_docid");
    assertThat(put("/db/_design", "{}").error()).isEqualTo("404 not_found");
  }
}
