package dev.stave.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.query.RandomData;
import dev.stave.query.Selector;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A snapshot and its events, replayed, are what the selector finds in the end. */
class WatchLaws {

  @Property(tries = 200)
  void events_ofOneWriter_areTheDifferenceOfAnswersAfterEachCommit(@ForAll long seed) {
    RandomData data = new RandomData(seed);
    try (Database database = Database.inMemory()) {
      write(database, data, 15);
      List<Replay> replays = replays(database, data, 12);
      for (int i = 0; i < 25; i++) {
        write(database, data, 1);
        for (Replay replay : replays) {
          replay.catchUp();
          replay.check();
        }
      }
    }
  }

  @Property(tries = 60)
  void events_ofManyWriters_leadToWhatIsFound(@ForAll long seed) throws Exception {
    RandomData data = new RandomData(seed);
    ExecutorService writers = Executors.newFixedThreadPool(3);
    List<Replay> replays = new ArrayList<>();
    try (Database database = Database.inMemory()) {
      List<Future<?>> written = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        RandomData own = new RandomData(seed + i);
        written.add(writers.submit(() -> write(database, own, 60)));
      }
      for (int i = 0; i < 10; i++) {
        replays.addAll(replays(database, data, 3)); // in the middle of the writes
        replays.forEach(Replay::catchUp);
        replays.remove(0).close();
      }
      for (Future<?> each : written) {
        each.get();
      }
      for (Replay replay : replays) {
        replay.catchUp();
        replay.check();
      }
    } finally {
      writers.shutdownNow();
    }
    replays.forEach(replay -> assertThatThrownBy(replay::catchUp).hasMessageContaining("closed"));
  }

  private static List<Replay> replays(Database database, RandomData data, int count) {
    List<Replay> replays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      replays.add(new Replay(database, Selector.of(data.selector())));
    }
    return replays;
  }

  private static void write(Database database, RandomData data, int commits) {
    for (int i = 0; i < commits; i++) {
      WriteBatch batch = new WriteBatch();
      for (int edits = data.nextInt(3); edits >= 0; edits--) {
        edit(database, data, batch);
      }
      database.writeEach(batch); // what is stale by another writer is left out
    }
  }

  private static void edit(Database database, RandomData data, WriteBatch batch) {
    String id = "abc".charAt(data.nextInt(3)) + "" + data.nextInt(4);
    JsonObject body = JsonObject.of(data.document());
    Optional<RevisionId> known = database.get(id).map(Document::revision);
    int kind = data.nextInt(7);
    if (kind == 6) {
      batch.purge(id, known.map(List::of).orElse(List.of()));
    } else if (kind == 0) {
      RevisionId leaf = new RevisionId(1 + data.nextInt(3), data.nextInt(2) * 15 + "f");
      batch.graft(id, new RevisionPath(List.of(leaf), data.nextInt(4) == 0), body);
    } else if (known.isEmpty()) {
      batch.put(id, body);
    } else if (kind == 1) {
      batch.delete(id, known.get());
    } else {
      batch.put(id, known.get(), body);
    }
  }

  /** What one watch has told of so far. */
  private static final class Replay {
    private final Database database;
    private final Selector selector;
    private final Map<String, RevisionId> matching = new TreeMap<>();
    private final Watch watch;
    private long last;

    Replay(Database database, Selector selector) {
      this.database = database;
      this.selector = selector;
      this.watch = database.watch(selector, d -> matching.put(d.id(), d.revision()));
      this.last = watch.since();
    }

    void catchUp() {
      try {
        Optional<WatchEvent> next = watch.poll(Duration.ZERO);
        while (next.isPresent()) {
          apply(next.get());
          next = watch.poll(Duration.ZERO);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private void apply(WatchEvent event) {
      assertThat(event.sequence()).as("%s", selector).isGreaterThan(last);
      last = event.sequence();
      if (event instanceof WatchEvent.Added added) {
        Document document = added.document();
        assertThat(matching.put(document.id(), document.revision())).isNull();
      } else if (event instanceof WatchEvent.Changed changed) {
        Document document = changed.document();
        assertThat(matching.put(document.id(), document.revision()))
            .isNotNull()
            .isNotEqualTo(document.revision());
      } else {
        assertThat(matching.remove(((WatchEvent.Removed) event).id())).isNotNull();
      }
    }

    void check() {
      assertThat(matching)
          .as("%s", selector)
          .isEqualTo(
              database.find(Query.of(selector)).stream()
                  .collect(Collectors.toMap(Document::id, Document::revision)));
    }

    void close() {
      watch.close();
    }
  }
}
