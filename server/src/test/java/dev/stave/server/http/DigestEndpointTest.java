package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.server.databases.DatabaseName;
import dev.stave.sync.Comparison;
import dev.stave.sync.Replica;
import dev.stave.sync.Replication;
import dev.stave.sync.http.HttpPeer;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Scope;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether a database and a real server's hold the same. */
class DigestEndpointTest extends ServerTest {

  private static final int DOCUMENTS = 2_000;

  private final Database here = Database.inMemory();
  private Database there;

  @BeforeEach
  void fill() {
    createDb();
    there = databases.find(new DatabaseName("db")).orElseThrow();
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < DOCUMENTS; i++) {
      batch.put(String.format(Locale.ROOT, "d-%04d", i), JsonObject.parse("{\"n\": " + i + "}"));
    }
    there.write(batch);
    Replication.run(there, here);
  }

  @AfterEach
  void close() {
    here.close();
  }

  private Comparison compare(Scope scope) {
    try (HttpPeer peer = HttpPeer.at(at("/db"))) {
      return Comparison.of(LocalPeer.of(here), peer, scope);
    }
  }

  @Test
  void compare_afterAReplication_isTheSame() {
    assertThat(compare(Scope.ALL)).isEqualTo(new Comparison.Same(DOCUMENTS));
    try (Replica replica = Replica.of(here).with(at("/db")).pull().start()) {
      assertThat(replica.verify()).isEqualTo(new Comparison.Same(DOCUMENTS));
    }
  }

  @Test
  void compare_edited_namesTheFirst() {
    RevisionId old = here.get("d-0700").orElseThrow().revision();
    RevisionId edit = there.put("d-0700", old, JsonObject.parse("{}"));
    there.delete("d-1900", there.get("d-1900").orElseThrow().revision());

    assertThat(compare(Scope.ALL))
        .isEqualTo(new Comparison.Different("d-0700", List.of(old), List.of(edit)));
    assertThat(compare(Scope.selector("{\"n\": {\"$lt\": 600}}")))
        .isEqualTo(new Comparison.Same(600));
    assertThat(compare(Scope.ids(List.of("d-0001", "d-1900"))))
        .isInstanceOf(Comparison.Different.class);
  }

  @Test
  void compare_nothingHere_namesTheFirstOfAll() {
    try (Database empty = Database.inMemory();
        HttpPeer peer = HttpPeer.at(at("/db"))) {
      Comparison.Different found =
          (Comparison.Different) Comparison.of(peer, LocalPeer.of(empty), Scope.ALL);

      assertThat(found.document()).isEqualTo("d-0000");
      assertThat(found.other()).isEmpty();
    }
  }

  @Test
  void digest_wrongQuestions_areRefused() {
    for (String wrong :
        List.of(
            "{'bounds': []}",
            "{'bounds': ['b', 'a']}",
            "{'bounds': ['a', 'a']}",
            "{'leaves': 0}",
            "{'leaves': 10001}",
            "{'scope': {'filter': 'a/b'}}",
            "{'scope': {'selector': {'$no': 1}}}")) {
      assertThat(post("/db/_digest", wrong).status()).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void digest_aQuestion_isAnsweredInParts() {
    JsonNode answer = post("/db/_digest", "{'size': 500}").json();

    assertThat(answer.path("parts")).hasSize(4);
    assertThat(answer.at("/parts/1/from").asText()).isEqualTo("d-0500");
    assertThat(answer.at("/parts/1/documents").asInt()).isEqualTo(500);
    JsonNode again = post("/db/_digest", "{'bounds': ['d-0500'], 'to': 'd-1000'}").json();
    assertThat(again.at("/parts/0")).isEqualTo(answer.at("/parts/1"));
  }
}
