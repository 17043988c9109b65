package dev.stave.database;

import static dev.stave.database.DatabaseTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.document.Document;
import dev.stave.query.Grouping;
import dev.stave.query.Query;
import dev.stave.revision.RevisionId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrencyTest {

  private static final int DOCUMENTS = 50;
  private static final int ROUNDS = 250; // enough to sweep the index of ended versions

  /** With a table for each commit, with tables now and then, and with the index in memory. */
  @ParameterizedTest
  @ValueSource(longs = {0, 40_000, 16 << 20})
  void find_whileEveryDocumentIsUpdatedInOneBatch_seesOneRoundAndEveryDocument(long indexBytes)
      throws Exception {
    try (Database database = SmallDatabases.inMemory(indexBytes)) {
      List<RevisionId> revisions = new ArrayList<>();
      WriteBatch first = new WriteBatch();
      for (int i = 0; i < DOCUMENTS; i++) {
        first.put("d" + i, json("{'round': 0, 'kind': 'x'}"));
      }
      database.write(first).forEach(r -> revisions.add(((WriteResult.Written) r).revision()));
      AtomicBoolean done = new AtomicBoolean();
      ExecutorService threads = Executors.newFixedThreadPool(2);
      List<Future<?>> readers = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        readers.add(
            threads.submit(
                () -> {
                  while (!done.get()) {
                    assertOneRound(database.find(Query.where("{\"kind\": \"x\"}")));
                    assertOneRound(database.find(Query.where("{}").sortBy("round")));
                    assertOneRound(database.find(Query.where("{\"round\": {\"$gte\": 0}}")));
                    assertThat(database.group(Grouping.by("round"))).hasSize(1);
                  }
                }));
      }
      for (int round = 1; round <= ROUNDS; round++) {
        WriteBatch batch = new WriteBatch();
        for (int i = 0; i < DOCUMENTS; i++) {
          batch.put("d" + i, revisions.get(i), json("{'round': " + round + ", 'kind': 'x'}"));
        }
        revisions.clear();
        database.write(batch).forEach(r -> revisions.add(((WriteResult.Written) r).revision()));
      }
      done.set(true);
      for (Future<?> reader : readers) {
        reader.get();
      }
      threads.shutdown();

      assertThat(database.find(Query.where("{\"round\": " + ROUNDS + "}"))).hasSize(DOCUMENTS);
    }
  }

  private static void assertOneRound(List<Document> found) {
    assertThat(found).hasSize(DOCUMENTS);
    assertThat(found.stream().map(d -> d.body().sharedTree().get("round")).distinct()).hasSize(1);
  }

  @Test
  void put_manyThreads_allAreThere() throws Exception {
    try (Database database = Database.inMemory()) {
      ExecutorService threads = Executors.newFixedThreadPool(8);
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        String name = "t" + t + "-";
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    database.put(name + i, json("{'i': " + i + "}"));
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
      threads.shutdown();

      assertThat(database.count()).isEqualTo(1_600);
      assertThat(database.changes(0, 10_000)).hasSize(1_600);
      assertThat(database.find(Query.where("{\"i\": 7}"))).hasSize(8);
    }
  }
}
