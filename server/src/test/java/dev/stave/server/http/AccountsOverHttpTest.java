package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An administrator, root, and the users ann (an editor) and bob; the database db is for editors.
 */
class AccountsOverHttpTest extends ServerTest {

  private static final String[] ROOT = as("root", "top");
  private static final String[] ANN = as("ann", "secret");
  private static final String[] BOB = as("bob", "hidden");

  private static String[] as(String name, String password) {
    String pair =
        Base64.getEncoder()
            .encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    return new String[] {"Authorization", "Basic " + pair, "Content-Type", "application/json"};
  }

  @BeforeEach
  void accounts() {
    assertThat(put("/_node/_local/_config/admins/root", "'top'").status()).isEqualTo(200);
    assertThat(put("/_users", "", ROOT).status()).isEqualTo(201);
    user("ann", "secret", "'editor'");
    user("bob", "hidden", "");
    put("/db", "", ROOT);
    put("/db/_security", "{'members': {'roles': ['editor']}, 'admins': {'names': ['bob']}}", ROOT);
  }

  private void user(String name, String password, String roles) {
    String body = "{'type': 'user', 'name': '%s', 'password': '%s', 'roles': [%s]}";
    Answer answer =
        put("/_users/org.couchdb.user:" + name, String.format(body, name, password, roles), ROOT);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
  }

  private Answer post(String path, String body, String... headers) {
    return send(request(path, headers).POST(BodyPublishers.ofString(json(body))));
  }

  @Test
  void graphql_ofWhoMayNotRead_isRefused_andAUserIsNotWrittenByIt() {
    String query = "{'query': '{ documents { totalCount } }'}";
    assertThat(post("/db/_graphql", query, ANN).status()).isEqualTo(200);
    assertThat(post("/_users/_graphql", query, ANN).status()).isEqualTo(403);
    assertThat(post("/db/_graphql", query, "Content-Type", "application/json").status())
        .isEqualTo(401);

    String write =
        "{'query': 'mutation { create(id: \\'org.couchdb.user:eve\\', body: {name: \\'eve\\',"
            + " password: \\'x\\'}) { _id } }'}";
    Answer refused = post("/_users/_graphql", write.replace("\\'", "\\\""), ROOT);

    assertThat(refused.json().at("/errors/0/extensions/code").asText()).isEqualTo("FORBIDDEN");
    assertThat(get("/_users/org.couchdb.user:eve", ROOT).status()).isEqualTo(404);
  }

  @Test
  void graphql_theSchema_isForThoseWhoTendTheDatabaseIfItIsSetSo() {
    String query = "{'query': '{ __schema { types { name } } }'}";
    assertThat(post("/db/_graphql", query, ANN).json().has("errors")).isFalse();

    put("/_node/_local/_config/graphql/introspection", "'admins'", ROOT);

    assertThat(post("/db/_graphql", query, ANN).json().has("errors")).isTrue();
    assertThat(get("/db/_graphql?sdl", ANN).status()).isEqualTo(403);
    assertThat(get("/db/_graphql?sdl", BOB).status()).isEqualTo(200);
    assertThat(post("/db/_graphql", query, ROOT).json().has("errors")).isFalse();
  }

  @Test
  void password_isNotKept_andNotShown() {
    JsonNode ann = get("/_users/org.couchdb.user:ann", ANN).json();

    assertThat(ann.has("password")).isFalse();
    assertThat(ann.get("password_scheme").asText()).isEqualTo("pbkdf2");
    assertThat(get("/_node/_local/_config/admins", ROOT).text())
        .contains("****")
        .doesNotContain("pbkdf2");
    assertThat(get("/_node/_local/_config/chttpd_auth/secret", ROOT).text()).contains("****");
  }

  @Test
  void database_isForItsMembers() {
    assertThat(put("/db/a", "{}", ANN).status()).isEqualTo(201);
    assertThat(get("/db/a", ANN).status()).isEqualTo(200);
    assertThat(get("/db/a", BOB).status()).isEqualTo(200); // who tends it is a member
    assertThat(get("/db/a").error()).isEqualTo("401 unauthorized");
    put("/private", "", ROOT);
    assertThat(get("/private", ANN).error()).isEqualTo("403 forbidden");
    assertThat(get("/private").error()).isEqualTo("401 unauthorized");
    assertThat(get("/db/a", as("ann", "wrong")).error()).isEqualTo("401 unauthorized");
  }

  @Test
  void everyWayIn_isClosed() {
    for (String path :
        List.of(
            "/db",
            "/db/_all_docs",
            "/db/_changes",
            "/db/_changes?feed=continuous",
            "/db/_design/x",
            "/db/_local/x",
            "/db/_watch?selector=%7B%7D",
            "/db/_shape",
            "/db/_security",
            "/db/_index",
            "/db/_backup",
            "/_all_dbs",
            "/_node/_local/_config",
            "/_users/_all_docs",
            "/_users")) {
      assertThat(get(path).error()).as(path).isEqualTo("401 unauthorized");
    }
    for (String path :
        List.of(
            "/db/_find",
            "/db/_bulk_docs",
            "/db/_bulk_get",
            "/db/_revs_diff",
            "/db/_group",
            "/db")) {
      assertThat(super.post(path, "{}").error()).as(path).isEqualTo("401 unauthorized");
    }
    assertThat(put("/new", "").error()).isEqualTo("401 unauthorized");
    assertThat(delete("/db").error()).isEqualTo("401 unauthorized");
    assertThat(get("/_up").status()).isEqualTo(200);
    assertThat(get("/").status()).isEqualTo(200);
  }

  @Test
  void tending_isForThoseWhoMay() {
    assertThat(put("/db/_design/x", "{}", ANN).error()).isEqualTo("403 forbidden");
    assertThat(post("/db", "{'_id': '_design/x'}", ANN).error()).isEqualTo("403 forbidden");
    JsonNode lines =
        post("/db/_bulk_docs", "{'docs': [{'_id': '_design/x'}, {'_id': 'a'}]}", ANN).json();
    assertThat(lines.at("/0/error").asText()).isEqualTo("forbidden");
    assertThat(lines.at("/1/ok").asBoolean()).isTrue();
    assertThat(
            send(request("/db/a", ANN[0], ANN[1], "Destination", "_design/x")
                    .method("COPY", BodyPublishers.noBody()))
                .error())
        .isEqualTo("403 forbidden");
    assertThat(put("/db/_security", "{}", ANN).error()).isEqualTo("403 forbidden");
    assertThat(post("/db/_compact", "", ANN).error()).isEqualTo("403 forbidden");
    assertThat(post("/db/_purge", "{}", ANN).error()).isEqualTo("403 forbidden");
    assertThat(get("/db/_purged_infos", ANN).error()).isEqualTo("403 forbidden");
    assertThat(post("/db/_purge", "{}", BOB).status()).isEqualTo(201);
    for (String limit : List.of("/db/_revs_limit", "/db/_purged_infos_limit")) {
      assertThat(put(limit, "7", ANN).error()).as(limit).isEqualTo("403 forbidden");
      assertThat(get(limit, ANN).text()).as(limit).isEqualTo("1000\n");
      assertThat(put(limit, "7", BOB).status()).as(limit).isEqualTo(200);
    }
    assertThat(post("/db/_index", "{'index': {'fields': ['a']}}", ANN).error())
        .isEqualTo("403 forbidden");
    assertThat(get("/db/_index", ANN).status()).isEqualTo(200);

    assertThat(put("/db/_design/x", "{}", BOB).status()).isEqualTo(201);
    for (String path :
        List.of(
            "/db/_design/x/_path?pointer=/a",
            "/db/_design%2Fx/_path?pointer=/a",
            "/db/_design/x/file")) {
      assertThat(put(path, "7", ANN).error()).as(path).isEqualTo("403 forbidden");
      assertThat(delete(path, ANN).error()).as(path).isEqualTo("403 forbidden");
    }
    assertThat(get("/db/_design/x", ANN).status()).isEqualTo(200);
    assertThat(put("/db/_security", "{}", BOB).status()).isEqualTo(200);
    assertThat(delete("/db", BOB).error()).isEqualTo("403 forbidden");
    assertThat(get("/_all_dbs", BOB).error()).isEqualTo("403 forbidden");
    assertThat(put("/_node/_local/_config/admins/bob", "'x'", BOB).error())
        .isEqualTo("403 forbidden");
  }

  @Test
  void session_isACookie() {
    Answer in = super.post("/_session", "{'name': 'ann', 'password': 'secret'}");
    String cookie = in.header("Set-Cookie").split(";")[0];

    assertThat(in.json().get("roles").toString()).isEqualTo("[\"editor\"]");
    assertThat(in.header("Set-Cookie")).contains("HttpOnly").contains("SameSite");
    assertThat(get("/db", "Cookie", cookie).status()).isEqualTo(200);
    JsonNode session = get("/_session", "Cookie", cookie).json();
    assertThat(session.at("/userCtx/name").asText()).isEqualTo("ann");
    assertThat(session.at("/info/authenticated").asText()).isEqualTo("cookie");
    assertThat(delete("/_session").header("Set-Cookie")).contains("Max-Age=0");
    assertThat(super.post("/_session", "{'name': 'ann', 'password': 'x'}").error())
        .isEqualTo("401 unauthorized");
    Answer form =
        post(
            "/_session",
            "name=ann&password=secret",
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertThat(form.status()).isEqualTo(200);
    assertThat(get("/_session").json().at("/userCtx/name").isNull()).isTrue();
  }

  @Test
  void user_writesItsOwnDocument_butNotItsRoles() {
    String id = "/_users/org.couchdb.user:ann";
    JsonNode ann = get(id, ANN).json();
    String revision = ann.get("_rev").asText();
    String own =
        "{'_rev': '"
            + revision
            + "', 'type': 'user', 'name': 'ann', 'roles': [%s], 'password': 'new'}";

    assertThat(put(id, String.format(own, "'editor', 'boss'"), ANN).error())
        .isEqualTo("403 forbidden");
    assertThat(put(id, String.format(own, "'editor'"), ANN).status()).isEqualTo(201);
    assertThat(get("/db", as("ann", "new")).status()).isEqualTo(200);
    assertThat(get("/db", ANN).error()).isEqualTo("401 unauthorized");
    assertThat(get("/_users/org.couchdb.user:bob", as("ann", "new")).error())
        .isEqualTo("403 forbidden");
    assertThat(get("/_users/_all_docs", as("ann", "new")).error()).isEqualTo("403 forbidden");
    assertThat(
            send(request(
                        id,
                        as("ann", "new")[0],
                        as("ann", "new")[1],
                        "Content-Type",
                        "application/merge-patch+json")
                    .method("PATCH", BodyPublishers.ofString("{\"roles\":[\"boss\"]}")))
                .error())
        .isEqualTo("403 forbidden");
  }

  @Test
  void user_thatIsNone_isRefused() {
    String id = "/_users/org.couchdb.user:eve";
    for (String body :
        List.of(
            "{}",
            "{'type': 'user', 'name': 'other', 'roles': [], 'password': 'x'}",
            "{'type': 'user', 'name': 'eve', 'password': 'x'}",
            "{'type': 'user', 'name': 'eve', 'roles': ['_admin'], 'password': 'x'}",
            "{'type': 'user', 'name': 'eve', 'roles': [7], 'password': 'x'}",
            "{'type': 'user', 'name': 'eve', 'roles': [], 'password': 7}",
            "{'type': 'user', 'name': 'eve', 'roles': [], 'password_scheme': 'odd'}")) {
      assertThat(put(id, body, ROOT).error()).as(body).isEqualTo("403 forbidden");
    }
  }

  @Test
  void security_cannotBeReachedAsADocument() {
    assertThat(get("/db/_local/stave.security", ROOT).error()).isEqualTo("403 forbidden");
    assertThat(put("/db/_local/stave.security", "{}", ANN).error()).isEqualTo("403 forbidden");
    assertThat(get("/db/_local_docs", ROOT).json().get("rows")).isEmpty();
    assertThat(put("/db/_security", "{'members': 7}", ROOT).error()).isEqualTo("400 bad_request");
  }

  @Test
  void lastAdministrator_stays() {
    assertThat(delete("/_node/_local/_config/admins/root", ROOT).error())
        .isEqualTo("403 forbidden");
    put("/_node/_local/_config/admins/boss", "'x'", ROOT);
    assertThat(delete("/_node/_local/_config/admins/root", ROOT).status()).isEqualTo(200);
    assertThat(get("/_all_dbs", ROOT).error()).isEqualTo("401 unauthorized");
    assertThat(get("/_all_dbs", as("boss", "x")).status()).isEqualTo(200);
  }

  @Test
  void settings_areReadAndChanged() {
    assertThat(put("/_node/_local/_config/log/level", "'debug'", ROOT).text()).isEqualTo("\"\"\n");
    assertThat(put("/_node/_local/_config/log/level", "'info'", ROOT).text())
        .isEqualTo("\"debug\"\n");
    assertThat(get("/_node/_local/_config/log", ROOT).text()).isEqualTo("{\"level\":\"info\"}\n");
    assertThat(get("/_node/_local/_config/log/none", ROOT).error()).isEqualTo("404 not_found");
    assertThat(delete("/_node/_local/_config/log/level", ROOT).text()).isEqualTo("\"info\"\n");
    assertThat(put("/_node/_local/_config/log/level", "7", ROOT).error())
        .isEqualTo("400 bad_request");
    assertThat(put("/_node/_local/_config/log", "'x'", ROOT).error())
        .isEqualTo("405 method_not_allowed");
  }
}
