package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Partitioned databases, as CouchDB's reference has them under "Partitioned Databases". */
class PartitionTest extends ServerTest {

  @BeforeEach
  void create() {
    put("/db?partitioned=true", "");
    post(
        "/db/_bulk_docs",
        "{'docs': [{'_id': 'a:1', 'n': 1}, {'_id': 'a:2', 'n': 2}, {'_id': 'b:1', 'n': 3}]}");
    put(
        "/db/_design/d",
        "{'views': {'v': {'map': 'function (d) { emit(d.n, 1); }', 'reduce': '_sum'}}}");
  }

  @Test
  void create_partitioned_isRememberedAndShown() {
    put("/plain", "");

    assertThat(get("/db").json().at("/props/partitioned").asBoolean()).isTrue();
    assertThat(get("/plain").json().get("props")).isEmpty();
    assertThat(get("/").json().get("features").toString()).contains("partitioned");
    assertThat(get("/db/_local_docs").json().get("rows")).isEmpty();
    assertThat(get("/plain/_partition/a").error()).isEqualTo("400 bad_request");
    assertThat(put("/odd?partitioned=maybe", "").status()).isEqualTo(400);
  }

  @Test
  void write_idWithoutPartition_isRefusedWhateverTheWay() {
    for (String id : new String[] {"plain", ":x", "x:"}) {
      assertThat(put("/db/" + id, "{}").error()).isEqualTo("400 illegal_docid");
    }
    assertThat(post("/db", "{'n': 1}").error()).isEqualTo("400 illegal_docid");
    assertThat(put("/db/plain/name", "bytes").error()).isEqualTo("400 illegal_docid");
    JsonNode results =
        post("/db/_bulk_docs", "{'docs': [{'_id': 'plain'}, {'_id': 'c:1'}]}").json();
    assertThat(results.at("/0/error").asText()).isEqualTo("illegal_docid");
    assertThat(results.at("/1/ok").asBoolean()).isTrue();
    String graft = "{'new_edits': false, 'docs': [{'_id': 'plain', '_rev': '1-aa'}]}";
    assertThat(post("/db/_bulk_docs", graft).text()).contains("illegal_docid");
    assertThat(get("/db/plain").status()).isEqualTo(404);
    assertThat(put("/db/_local/plain", "{}").status()).isEqualTo(201);
  }

  @Test
  void partition_info_countsWhatIsInIt() {
    String rev = get("/db/a:2").json().get("_rev").asText();
    delete("/db/a:2?rev=" + rev);
    JsonNode info = get("/db/_partition/a").json();

    assertThat(info.get("partition").asText()).isEqualTo("a");
    assertThat(info.get("doc_count").asInt()).isEqualTo(1);
    assertThat(info.get("doc_del_count").asInt()).isEqualTo(1);
    assertThat(info.at("/sizes/external").asInt()).isPositive();
    assertThat(get("/db/_partition/none").json().get("doc_count").asInt()).isZero();
    assertThat(get("/db/_partition/_a").error()).isEqualTo("400 illegal_partition");
  }

  @Test
  void partition_allDocs_areItsOwn() {
    assertThat(ids("/db/_partition/a/_all_docs")).containsExactly("a:1", "a:2");
    assertThat(ids("/db/_partition/a/_all_docs?descending=true&limit=1")).containsExactly("a:2");
    assertThat(ids("/db/_partition/a/_all_docs?startkey=%22a:2%22")).containsExactly("a:2");
    assertThat(ids("/db/_partition/a/_all_docs?endkey=%22a:1%22")).containsExactly("a:1");
    assertThat(ids("/db/_partition/a/_all_docs?startkey=%22b%22")).isEmpty();
    assertThat(ids("/db/_partition/a/_all_docs?descending=true&skip=1")).containsExactly("a:1");
    assertThat(get("/db/_partition/a/_all_docs").json().get("total_rows").asInt()).isEqualTo(2);
  }

  private List<String> ids(String path) {
    return get(path).json().get("rows").findValuesAsText("id");
  }

  @Test
  void partition_findAndExplain_areOfIt() {
    String query = "{'selector': {'n': {'$gt': 1}}}";

    assertThat(post("/db/_partition/a/_find", query).json().get("docs").findValuesAsText("_id"))
        .containsExactly("a:2");
    JsonNode explained = post("/db/_partition/a/_explain", query).json();
    assertThat(explained.get("partitioned").asBoolean()).isTrue();
    assertThat(explained.at("/selector/n")).isNotEmpty();
    assertThat(post("/db/_partition/a/_find", "{}").error()).isEqualTo("400 missing_required_key");
  }

  @Test
  void partition_view_hasTheRowsOfItsDocuments() {
    assertThat(ids("/db/_partition/a/_design/d/_view/v?reduce=false"))
        .containsExactly("a:1", "a:2");
    assertThat(get("/db/_partition/a/_design/d/_view/v").json().at("/rows/0/value").asInt())
        .isEqualTo(2);
    JsonNode last = get("/db/_partition/b/_design/d/_view/v?reduce=false&startkey=3").json();
    assertThat(last.get("total_rows").asInt()).isEqualTo(1);
    assertThat(last.get("offset").asInt()).isZero();
    assertThat(get("/db/_design/d/_view/v").json().at("/rows/0/value").asInt()).isEqualTo(3);
  }

  @Test
  void partition_whatElseThereIs_isNotThere() {
    for (String path : new String[] {"_changes", "a:1", "_design/d", "_bulk_docs", "x/y"}) {
      assertThat(get("/db/_partition/a/" + path).error()).as(path).isEqualTo("404 not_found");
    }
    assertThat(put("/db/_partition/a/a:1/name", "bytes").error()).isEqualTo("404 not_found");
    assertThat(delete("/db/_partition/a").error()).isEqualTo("405 method_not_allowed");
    assertThat(get("/db").status()).isEqualTo(200);
  }
}
