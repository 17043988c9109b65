package dev.stave.database;

import static dev.stave.database.DatabaseTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.revision.RevisionId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransactionTest {

  private final Database database = Database.inMemory();

  @AfterEach
  void close() {
    database.close();
  }

  private static int number(Document document) {
    return document.body().sharedTree().get("n").intValue();
  }

  private static void add(Transaction transaction, String id, int amount) {
    Document document = transaction.get(id).orElseThrow();
    transaction.put(id, document.revision(), json("{'n': " + (number(document) + amount) + "}"));
  }

  @Test
  void transact_manyThreadsIncrementing_losesNoIncrement() throws Exception {
    database.put("counter", json("{'n': 0}"));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> running = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      running.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 50; i++) {
                  database.transact(
                      transaction -> {
                        add(transaction, "counter", 1);
                        return null;
                      });
                }
              }));
    }
    for (Future<?> each : running) {
      each.get();
    }
    threads.shutdown();

    assertThat(number(database.get("counter").orElseThrow())).isEqualTo(200);
  }

  @Test
  void transact_whatWasReadChangedMeanwhile_runsAgain() {
    database.put("a", json("{'n': 1}"));
    AtomicInteger attempts = new AtomicInteger();

    database.transact(
        transaction -> {
          Document a = transaction.get("a").orElseThrow();
          if (attempts.incrementAndGet() == 1) {
            database.put("a", a.revision(), json("{'n': 10}"));
          }
          return transaction.put("b", json("{'n': " + (number(a) + 1) + "}"));
        });

    assertThat(attempts.get()).isEqualTo(2);
    assertThat(number(database.get("b").orElseThrow())).isEqualTo(11);
  }

  @Test
  void transact_phantomOfASearch_runsAgain() {
    AtomicInteger attempts = new AtomicInteger();

    database.transact(
        transaction -> {
          int found = transaction.find(Query.where("{\"kind\": \"x\"}")).size();
          if (attempts.incrementAndGet() == 1) {
            database.put("new", json("{'kind': 'x'}"));
          }
          return transaction.put("count", json("{'n': " + found + "}"));
        });

    assertThat(attempts.get()).isEqualTo(2);
    assertThat(number(database.get("count").orElseThrow())).isEqualTo(1);
  }

  @Test
  void transact_unrelatedCommitMeanwhile_doesNotDisturbASearch() {
    AtomicInteger attempts = new AtomicInteger();

    database.transact(
        transaction -> {
          transaction.find(Query.where("{\"kind\": \"x\"}"));
          database.put("other" + attempts.incrementAndGet(), json("{'kind': 'y'}"));
          return transaction.put("done", json("{}"));
        });

    assertThat(attempts.get()).isEqualTo(1);
  }

  @Test
  void transact_writeSkew_isImpossible() throws Exception {
    database.put("a", json("{'n': 1}"));
    database.put("b", json("{'n': 1}"));
    ExecutorService threads = Executors.newFixedThreadPool(2);

    Future<?> one = threads.submit(() -> takeOneIfTwoAreLeft("a"));
    Future<?> two = threads.submit(() -> takeOneIfTwoAreLeft("b"));
    one.get();
    two.get();
    threads.shutdown();

    int left = number(database.get("a").orElseThrow()) + number(database.get("b").orElseThrow());
    assertThat(left).isEqualTo(1);
  }

  private void takeOneIfTwoAreLeft(String from) {
    database.transact(
        transaction -> {
          int left =
              number(transaction.get("a").orElseThrow())
                  + number(transaction.get("b").orElseThrow());
          if (left == 2) {
            add(transaction, from, -1);
          }
          return null;
        });
  }

  /** What a search skipped was not remembered, so nobody saw that it was gone. */
  @Test
  void transact_skippedDocumentDeletedMeanwhile_runsAgain() {
    RevisionId a = database.put("a", json("{'n': 1}"));
    database.put("b", json("{'n': 2}"));
    database.put("c", json("{'n': 3}"));
    AtomicInteger attempts = new AtomicInteger();

    database.transact(
        transaction -> {
          Query second = Query.where("{\"n\": {\"$gt\": 0}}").sortBy("n").skip(1).limit(1);
          String found = transaction.find(second).get(0).id();
          if (attempts.incrementAndGet() == 1) {
            database.delete("a", a);
          }
          return transaction.put("second", json("{'is': '" + found + "'}"));
        });

    assertThat(database.get("second").orElseThrow().body()).isEqualTo(json("{'is': 'c'}"));
  }

  /** A put over a tombstone depends on which one it is; only "not there" was remembered. */
  @Test
  void transact_tombstoneReplacedMeanwhile_returnsTheRevisionThatIsThere() {
    database.delete("a", database.put("a", json("{'n': 1}")));
    AtomicInteger attempts = new AtomicInteger();

    RevisionId told =
        database.transact(
            transaction -> {
              RevisionId made = transaction.put("a", json("{'n': 1}"));
              if (attempts.incrementAndGet() == 1) {
                database.delete("a", database.put("a", json("{'n': 2}")));
              }
              return made;
            });

    assertThat(database.get("a").orElseThrow().revision()).isEqualTo(told);
  }

  @Test
  void transact_workThrows_writesNothing() {
    assertThatThrownBy(
            () ->
                database.transact(
                    transaction -> {
                      transaction.put("a", json("{}"));
                      throw new IllegalArgumentException("no");
                    }))
        .hasMessage("no");

    assertThat(database.get("a")).isEmpty();
  }

  @Test
  void get_afterOwnWrite_seesIt() {
    JsonObject seen =
        database.transact(
            transaction -> {
              transaction.put("a", json("{'n': 1}"));
              return transaction.get("a").orElseThrow().body();
            });

    assertThat(seen).isEqualTo(json("{'n': 1}"));
  }

  @Test
  void transact_alwaysDisturbed_givesUpAndWritesNothing() {
    database.put("a", json("{'n': 0}"));
    AtomicInteger n = new AtomicInteger();

    assertThatThrownBy(
            () ->
                database.transact(
                    transaction -> {
                      Document a = transaction.get("a").orElseThrow();
                      database.put("a", a.revision(), json("{'n': " + n.incrementAndGet() + "}"));
                      return transaction.put("b", json("{}"));
                    }))
        .isInstanceOf(TransactionConflictException.class)
        .hasMessageContaining("attempts=100");
    assertThat(database.get("b")).isEmpty();
  }

  @Test
  void put_revisionThatIsNoLeaf_isStale() {
    var first = database.put("a", json("{'n': 0}"));
    database.put("a", first, json("{'n': 1}"));

    assertThatThrownBy(() -> database.transact(t -> t.put("a", first, json("{'n': 2}"))))
        .isInstanceOf(StaleRevisionException.class);
  }
}
