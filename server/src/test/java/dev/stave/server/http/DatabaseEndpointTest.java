package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.server.databases.DatabaseName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseEndpointTest extends ServerTest {

  @Test
  void welcome_get_isWhatClientsLookFor() {
    Answer answer = get("/", "Authorization", "nonsense");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("couchdb").asText()).isEqualTo("Welcome");
    assertThat(answer.json().get("version").asText()).isEqualTo("3.4.3");
    assertThat(answer.json().get("features").isArray()).isTrue();
    assertThat(answer.json().at("/vendor/name").asText()).isEqualTo("Stave");
    assertThat(answer.json().get("uuid").asText()).isEqualTo(databases.uuid()).hasSize(32);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void up_get_isOk() {
    assertThat(get("/_up").text()).isEqualTo("{\"status\":\"ok\"}\n");
  }

  @Test
  void uuids_count_areSoManyAndDiffer() {
    JsonNode uuids = get("/_uuids?count=3").json().get("uuids");

    assertThat(uuids).hasSize(3).doesNotHaveDuplicates();
    assertThat(uuids.get(0).asText()).matches("[0-9a-f]{32}");
    assertThat(get("/_uuids").json().get("uuids")).hasSize(1);
    assertThat(get("/_uuids?count=1000").status()).isEqualTo(200);
    assertThat(get("/_uuids?count=1001").error()).isEqualTo("403 forbidden");
    assertThat(get("/_uuids?count=x").error()).isEqualTo("400 query_parse_error");
  }

  @Test
  void database_createdListedDroppedAndCreatedAgain_isEmpty() {
    Answer created = put("/db", "");
    putDoc("a", "{}");

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text()).isEqualTo("{\"ok\":true}\n");
    assertThat(created.header("Location")).isEqualTo("/db");
    assertThat(get("/_all_dbs").text()).isEqualTo("[\"db\"]\n");
    for (int i = 0; i < 5; i++) {
      assertThat(delete("/db").text()).isEqualTo("{\"ok\":true}\n");
      assertThat(put("/db", "").status()).isEqualTo(201);
      assertThat(get("/db").json().get("doc_count").asInt()).isZero();
      putDoc("a", "{}");
    }
  }

  @Test
  void create_twice_isRefused() {
    createDb();

    Answer again = put("/db", "");

    assertThat(again.error()).isEqualTo("412 file_exists");
    assertThat(again.reason())
        .isEqualTo("The database could not be created, the file already exists.");
  }

  @Test
  void database_unknown_isNotFoundEverywhere() {
    for (String path : new String[] {"/db", "/db/a", "/db/_all_docs", "/db/_changes"}) {
      Answer answer = get(path);
      assertThat(answer.error()).isEqualTo("404 not_found");
      assertThat(answer.reason()).isEqualTo("Database does not exist.");
    }
    assertThat(delete("/db").error()).isEqualTo("404 not_found");
    assertThat(head("/db").status()).isEqualTo(404);
    assertThat(post("/db/_find", "{'selector': {}}").error()).isEqualTo("404 not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upper", "1st", "..", "%2e%2e%2fetc", "a.b", "a%20b", "caf%C3%A9", "-"})
  void create_illegalName_isRefusedAndTouchesNoFile(String name) throws IOException {
    Answer answer = put("/" + name, "");

    assertThat(answer.error()).isEqualTo("400 illegal_database_name");
    assertThat(answer.reason()).contains("Only lowercase characters (a-z)");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("data"));
    }
    assertThat(get("/_all_dbs").json()).isEmpty();
  }

  @Test
  void create_nameWithUnderscore_isNoDatabase() {
    assertThat(put("/_x", "").error()).isEqualTo("404 not_found");
    assertThat(get("/_x/y").error()).isEqualTo("404 not_found");
  }

  @Test
  void create_nameOfEveryLegalCharacter_works() {
    String name = "a0_$()+-/z";
    String encoded = "/a0_$()%2B-%2Fz";

    assertThat(put(encoded, "").status()).isEqualTo(201);
    assertThat(put(encoded + "/x", "{}").status()).isEqualTo(201);
    assertThat(get("/_all_dbs").json().get(0).asText()).isEqualTo(name);
    assertThat(get(encoded).json().get("db_name").asText()).isEqualTo(name);
    assertThat(get(encoded + "/").status()).isEqualTo(200);
    assertThat(delete(encoded).status()).isEqualTo(200);
  }

  @Test
  void create_longestNameAndOneLonger_boundIsExact() {
    String longest = "a".repeat(DatabaseName.MAX_LENGTH);

    assertThat(put("/" + longest, "").status()).isEqualTo(201);
    assertThat(put("/" + longest + "a", "").error()).isEqualTo("400 illegal_database_name");
  }

  @Test
  void info_afterWrites_countsThem() {
    createDb();
    putDoc("a", "{}");
    delete("/db/b?rev=" + putDoc("b", "{}"));

    JsonNode info = get("/db").json();

    assertThat(info.get("doc_count").asInt()).isEqualTo(1);
    assertThat(info.get("doc_del_count").asInt()).isEqualTo(1);
    assertThat(info.get("update_seq").asInt()).isEqualTo(3);
    assertThat(info.get("purge_seq").isNumber()).isTrue();
    assertThat(info.get("instance_start_time").asText()).matches("[1-9][0-9]{15}");
    assertThat(info.at("/sizes/file").asLong()).isPositive();
    assertThat(info.at("/cluster/q").asInt()).isEqualTo(1);
    assertThat(head("/db").status()).isEqualTo(200);
    assertThat(head("/db").text()).isEmpty();
  }

  @Test
  void drop_withRevision_isTakenForAMistake() {
    createDb();

    assertThat(delete("/db?rev=1-a").error()).isEqualTo("400 bad_request");
    assertThat(get("/db").status()).isEqualTo(200);
  }

  @Test
  void allDbs_range_isARange() {
    for (String name : new String[] {"a", "b", "c"}) {
      put("/" + name, "");
    }

    assertThat(get("/_all_dbs?startkey=%22b%22").text()).isEqualTo("[\"b\",\"c\"]\n");
    assertThat(get("/_all_dbs?limit=1&skip=1").text()).isEqualTo("[\"b\"]\n");
    assertThat(get("/_all_dbs?descending=true&limit=1").text()).isEqualTo("[\"c\"]\n");
  }

  @Test
  void methods_notAllowed_areNamed() {
    createDb();

    Answer answer = send(request("/db/_bulk_docs").GET());

    assertThat(answer.error()).isEqualTo("405 method_not_allowed");
    assertThat(answer.header("Allow")).isEqualTo("POST");
    assertThat(delete("/").header("Allow")).isEqualTo("GET,HEAD");
    assertThat(put("/db/_changes", "").header("Allow")).isEqualTo("GET,HEAD,POST");
  }

  @Test
  void endpoints_unknownOrNotThereYet_saySo() {
    createDb();

    assertThat(get("/_nothing").error()).isEqualTo("404 not_found");
    assertThat(get("/_nothing").reason()).contains("_nothing");
    assertThat(post("/db/_nothing", "{}").error()).isEqualTo("404 not_found");
    assertThat(get("/db/_design/x").error()).isEqualTo("404 not_found");
    assertThat(get("/db/_design/x/_none").error()).isEqualTo("404 not_found");
    assertThat(get("/db/a/file.txt").error()).isEqualTo("404 not_found");
  }

  @Test
  void database_inUseElsewhere_isAnErrorOfItsOwn() {
    createDb();
    try (Database other = Database.open(folder.resolve("data").resolve("other"))) {
      other.put("a", JsonObject.parse("{}"));

      Answer answer = get("/other");

      assertThat(answer.error()).isEqualTo("500 storage");
      assertThat(answer.reason()).contains("open already").contains("other");
    }
    assertThat(get("/db").status()).isEqualTo(200);
    assertThat(get("/other").status()).isEqualTo(200);
  }

  @Test
  void database_folderOfSomethingElse_isNoDatabaseAndIsLeftAlone() throws Exception {
    Path foreign = Files.createDirectory(folder.resolve("data").resolve("photos"));
    Files.writeString(foreign.resolve("cat.jpg"), "meow");

    assertThat(get("/photos").error()).isEqualTo("404 not_found");
    assertThat(delete("/photos").error()).isEqualTo("404 not_found");
    assertThat(foreign.resolve("cat.jpg")).hasContent("meow");
  }

  @Test
  void database_damaged_isAnErrorOfItsOwn() throws IOException {
    createDb();
    Path damaged = folder.resolve("data").resolve("damaged");
    Database.open(damaged).close();
    byte[] manifest = Files.readAllBytes(damaged.resolve("MANIFEST"));
    manifest[manifest.length - 1] ^= 1;
    Files.write(damaged.resolve("MANIFEST"), manifest);

    assertThat(get("/damaged").error()).isEqualTo("500 corrupt");
    assertThat(get("/damaged").reason()).contains("MANIFEST");
    assertThat(get("/db").status()).isEqualTo(200);
  }

  @Test
  void drop_whileOthersReadAndWrite_endsThemCleanly() throws InterruptedException {
    createDb();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicBoolean odd = new AtomicBoolean();
    Thread writer =
        new Thread(
            () -> {
              for (int i = 0; !stop.get(); i++) {
                int status = put("/db/d" + i, "{'n': " + i + "}").status();
                odd.compareAndSet(
                    false, status != 201 && status != 404 && status != 503 && status != 409);
              }
            });
    writer.start();
    for (int i = 0; i < 10; i++) {
      assertThat(delete("/db").status()).isEqualTo(200);
      assertThat(put("/db", "").status()).isEqualTo(201);
    }
    stop.set(true);
    writer.join();

    assertThat(odd).isFalse();
    assertThat(put("/db/last", "{}").status()).isEqualTo(201);
  }

  @Test
  @Timeout(60)
  void database_droppedDuringRequests_isNotFound() throws Exception {
    List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
    AtomicBoolean stopped = new AtomicBoolean();
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add(
          CompletableFuture.runAsync(
              () -> {
                while (!stopped.get()) {
                  answers.add(get("/race"));
                  answers.add(put("/race/a", "{}"));
                  answers.add(post("/race/_find", "{'selector': {}}"));
                }
              }));
    }
    for (int i = 0; i < 5; i++) {
      put("/race", "");
      delete("/race");
    }
    stopped.set(true);
    for (CompletableFuture<Void> client : clients) {
      client.get(30, TimeUnit.SECONDS);
    }

    assertThat(answers).extracting(Answer::status).doesNotContain(500);
  }
}
