package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicationTest {

  private final Database alice = Database.inMemory();
  private final Database bob = Database.inMemory();

  @AfterEach
  void close() {
    alice.close();
    bob.close();
  }

  private static JsonObject json(String text) {
    return JsonObject.parse(text.replace('\'', '"'));
  }

  @Test
  void run_emptyTarget_hasAllDocumentsAndTheirHistory() {
    RevisionId first = alice.put("a", json("{'n': 1}"));
    RevisionId second = alice.put("a", first, json("{'n': 2}"));
    alice.delete("b", alice.put("b", json("{}")));

    Replication.Summary summary = Replication.run(alice, bob);

    assertThat(summary).isEqualTo(new Replication.Summary(2, 2));
    assertThat(bob.get("a")).isEqualTo(alice.get("a"));
    assertThat(bob.tree("a").path(second)).extracting(Revision::id).containsExactly(second, first);
    assertThat(bob.get("b")).isEmpty();
    assertThat(bob.deletedCount()).isEqualTo(1);
    assertThat(bob.find(Query.where("{\"n\": 2}"))).hasSize(1);
  }

  @Test
  void run_again_copiesOnlyWhatIsNew() {
    alice.put("a", json("{}"));
    Replication.run(alice, bob);
    alice.put("b", json("{}"));

    assertThat(Replication.run(alice, bob)).isEqualTo(new Replication.Summary(1, 1));
    assertThat(Replication.run(alice, bob)).isEqualTo(new Replication.Summary(0, 0));
  }

  @Test
  void run_bothEdited_isTheSameConflictOnBothSides() {
    RevisionId first = alice.put("a", json("{'n': 1}"));
    Replication.run(alice, bob);
    RevisionId hers = alice.put("a", first, json("{'n': 2}"));
    RevisionId his = bob.put("a", first, json("{'n': 3}"));

    Replication.run(alice, bob);
    Replication.run(bob, alice);

    assertThat(alice.get("a")).isEqualTo(bob.get("a"));
    assertThat(alice.tree("a").leaves())
        .extracting(Revision::id)
        .containsExactlyInAnyOrder(hers, his);
    assertThat(bob.tree("a").conflicts()).hasSize(1);
  }

  @Test
  void run_targetBegunAnew_startsFromTheBeginning() {
    alice.put("a", json("{}"));
    Replication.run(alice, bob);

    try (Database carol = Database.inMemory()) {
      assertThat(Replication.run(alice, carol).written()).isEqualTo(1);
    }
  }

  @Test
  void run_documentsThatAreTooMuchForOneBatch_areAllCopied() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 7 << 20; i++) {
      text.append('x');
    }
    JsonObject large = JsonObject.parse("{\"text\": \"" + text + "\"}");
    for (int i = 0; i < 40; i++) { // 280 MiB, and a batch takes 256
      alice.put("a" + i, large);
    }

    assertThat(Replication.run(alice, bob)).isEqualTo(new Replication.Summary(40, 40));
    assertThat(bob.count()).isEqualTo(40);
  }
}
