package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.sync.peer.LocalPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Strategy: documents of a group are only ever written together, all of them with one number, by
 * batches and transactions; others alone between them. A database is replicated to a second and
 * that to a third, live, in small batches, over lines that fail anywhere, steps in any order. After
 * each commit of a target somebody reads it.
 *
 * <p>Invariants: no reader of a target ever sees two numbers in one group; in the end all hold the
 * same.
 */
class TransactionLaws {

  private static final int GROUPS = 3;

  @Property(tries = 200)
  void reader_ofATarget_neverSeesHalfOfATransaction(@ForAll long seed) {
    new Run(seed).go();
  }

  private static final class Run {
    final Random random;
    final FakeWorkers workers;
    final Database one = Database.inMemory();
    final Database two = Database.inMemory();
    final Database three = Database.inMemory();
    final List<String> torn = new ArrayList<>();
    double failing;
    int written;

    Run(long seed) {
      random = new Random(seed);
      workers = new FakeWorkers(seed);
    }

    private static int sizeOf(int group) {
      return 2 + 3 * group;
    }

    private static String id(int group, int place) {
      return "g" + group + "-" + place;
    }

    Replication between(Database source, Database target) {
      FaultyPeer far = new FaultyPeer(LocalPeer.of(target), () -> random.nextDouble() < failing);
      FaultyPeer near = new FaultyPeer(LocalPeer.of(source), () -> random.nextDouble() < failing);
      ReplicationOptions options =
          ReplicationOptions.DEFAULT.continuously().withBatchSize(1 + random.nextInt(4));
      return new Replication(near, far, options, workers, source).start();
    }

    void go() {
      two.onCommit(sequence -> look("two", two));
      three.onCommit(sequence -> look("three", three));
      between(one, two);
      between(two, three);
      for (int step = 0; step < 100; step++) {
        failing = random.nextInt(3) == 0 ? 0 : 0.05;
        switch (random.nextInt(6)) {
          case 0 -> workers.pass(random.nextInt(20_000));
          case 1, 2, 3 -> workers.step();
          case 4 -> one.put("alone-" + step, JsonObject.parse("{}"));
          default -> write(random.nextInt(GROUPS));
        }
      }
      failing = 0;
      for (int i = 0; i < 10; i++) {
        workers.pass(600_000);
      }
      assertThat(torn).isEmpty();
      for (int group = 0; group < GROUPS; group++) {
        for (int place = 0; place < sizeOf(group); place++) {
          assertThat(three.get(id(group, place))).isEqualTo(one.get(id(group, place)));
        }
      }
      List.of(one, two, three).forEach(Database::close);
    }

    void write(int group) {
      JsonObject body = JsonObject.parse("{\"n\": " + ++written + "}");
      if (random.nextBoolean()) {
        one.transact(
            transaction -> {
              for (int place = 0; place < sizeOf(group); place++) {
                String id = id(group, place);
                Optional<Document> known = transaction.get(id);
                if (known.isPresent()) {
                  transaction.put(id, known.get().revision(), body);
                } else {
                  transaction.put(id, body);
                }
              }
              return null;
            });
        return;
      }
      WriteBatch batch = new WriteBatch();
      for (int place = 0; place < sizeOf(group); place++) {
        String id = id(group, place);
        Optional<Document> known = one.get(id);
        if (known.isPresent()) {
          batch.put(id, known.get().revision(), body);
        } else {
          batch.put(id, body);
        }
      }
      one.write(batch);
    }

    void look(String name, Database target) {
      for (int group = 0; group < GROUPS; group++) {
        Optional<JsonObject> first = target.get(id(group, 0)).map(Document::body);
        for (int place = 1; place < sizeOf(group); place++) {
          Optional<JsonObject> other = target.get(id(group, place)).map(Document::body);
          if (!other.equals(first)) {
            torn.add(name + ": " + id(group, place) + " is " + other + " beside " + first);
          }
        }
      }
    }
  }
}
