package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.server.databases.DatabaseName;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who may have what Staves ask each other for: ann is a member of the database, bob tends it, and
 * eve is a user of the server and nothing else.
 */
class SyncRightsTest extends ServerTest {

  private static final int DOCUMENTS = 1_000;

  private static final String[] ROOT = as("root");
  private static final String[] ANN = as("ann");
  private static final String[] BOB = as("bob");
  private static final String[] EVE = as("eve");
  private static final String[] NOBODY = {"Content-Type", "application/json"};

  private static String[] as(String name) {
    String pair =
        Base64.getEncoder().encodeToString((name + ":pass").getBytes(StandardCharsets.UTF_8));
    return new String[] {"Authorization", "Basic " + pair, "Content-Type", "application/json"};
  }

  @BeforeEach
  void accounts() {
    assertThat(put("/_node/_local/_config/admins/root", "'pass'").status()).isEqualTo(200);
    assertThat(put("/_users", "", ROOT).status()).isEqualTo(201);
    for (String name : new String[] {"ann", "bob", "eve"}) {
      String user = "{'type': 'user', 'name': '" + name + "', 'password': 'pass', 'roles': []}";
      assertThat(put("/_users/org.couchdb.user:" + name, user, ROOT).status()).isEqualTo(201);
    }
    put("/db", "", ROOT);
    put("/db/_security", "{'members': {'names': ['ann']}, 'admins': {'names': ['bob']}}", ROOT);
    Database database = databases.find(new DatabaseName("db")).orElseThrow();
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < DOCUMENTS; i++) {
      batch.put("d-" + i, JsonObject.parse("{}"));
    }
    database.write(batch);
  }

  private Answer post(String path, String body, String... headers) {
    return send(request(path, headers).POST(BodyPublishers.ofString(json(body))));
  }

  @Test
  void seed_isForWhoMayReadAllOfIt() {
    for (String[] reader : new String[][] {ANN, BOB, ROOT}) {
      Answer offer = get("/db/_seed", reader);
      assertThat(offer.status()).as(offer.text()).isEqualTo(200);
      String file = "/db/_seed/" + offer.json().path("id").asText() + "/MANIFEST";
      assertThat(get(file, reader).status()).isEqualTo(200);
      assertThat(get(file, EVE).error()).isEqualTo("403 forbidden");
      assertThat(get(file, NOBODY).error()).isEqualTo("401 unauthorized");
    }
    assertThat(get("/db/_seed", EVE).error()).isEqualTo("403 forbidden");
    assertThat(get("/db/_seed", NOBODY).error()).isEqualTo("401 unauthorized");
  }

  @Test
  void seed_ofAServersOwnDatabase_isForNobody() {
    assertThat(get("/_users/_seed", ROOT).error()).isEqualTo("404 not_found");
    assertThat(get("/_users/_seed", ANN).error()).isEqualTo("403 forbidden");
    assertThat(get("/_users/_seed", NOBODY).error()).isEqualTo("401 unauthorized");
  }

  @Test
  void digest_isForWhoMayRead() {
    for (String[] reader : new String[][] {ANN, BOB, ROOT}) {
      Answer answer = post("/db/_digest", "{'size': 5000}", reader);
      assertThat(answer.json().at("/parts/0/documents").asInt()).isEqualTo(DOCUMENTS);
    }
    assertThat(post("/db/_digest", "{}", EVE).error()).isEqualTo("403 forbidden");
    assertThat(post("/db/_digest", "{}", NOBODY).error()).isEqualTo("401 unauthorized");
    assertThat(post("/_users/_digest", "{'leaves': 10}", ANN).error()).isEqualTo("403 forbidden");
    assertThat(post("/_users/_digest", "{'leaves': 10}", ROOT).json().path("leaves")).isNotEmpty();
  }

  @Test
  void digest_ofADatabaseWithAFilterFunction_isOfAllOfIt_andOfAFilterIsRefused() {
    String design = "{'filters': {'none': 'function(doc, req) { return false; }'}}";
    assertThat(put("/db/_design/app", design, BOB).status()).isEqualTo(201);

    Answer all = post("/db/_digest", "{'size': 5000}", ANN);
    assertThat(all.json().at("/parts/0/documents").asInt()).isEqualTo(DOCUMENTS + 1);
    Answer filtered = post("/db/_digest", "{'scope': {'filter': 'app/none'}}", ANN);
    assertThat(filtered.error()).isEqualTo("400 bad_request");
    assertThat(filtered.reason()).contains("`selector` or `doc_ids`");
    Answer some = post("/db/_digest", "{'scope': {'doc_ids': ['d-1']}}", ANN);
    assertThat(some.json().at("/parts/0/documents").asInt()).isEqualTo(1);
  }

  @Test
  void departures_areReadByMembers_andSettledByWhoTends() {
    assertThat(get("/db/_departures", ANN).json().path("departures")).isEmpty();
    assertThat(get("/db/_departures", EVE).error()).isEqualTo("403 forbidden");
    assertThat(get("/db/_departures", NOBODY).error()).isEqualTo("401 unauthorized");
    String keep = "{'action': 'keep'}";
    assertThat(post("/db/_departures/d-1", keep, ANN).error()).isEqualTo("403 forbidden");
    assertThat(post("/db/_departures/d-1", keep, BOB).error()).isEqualTo("404 not_found");
  }

  @Test
  void deadLetters_areReadByMembersAndSettledByWhoTendsThem() {
    assertThat(get("/db/_dead_letters", ANN).json().path("dead_letters")).isEmpty();
    assertThat(get("/db/_dead_letters", EVE).error()).isEqualTo("403 forbidden");
    assertThat(get("/db/_dead_letters", NOBODY).error()).isEqualTo("401 unauthorized");
    String retry = "{'action': 'retry'}";
    assertThat(post("/db/_dead_letters", retry, ANN).error()).isEqualTo("403 forbidden");
    assertThat(post("/db/_dead_letters", retry, BOB).status()).isEqualTo(200);
  }
}
