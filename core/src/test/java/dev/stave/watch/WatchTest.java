package dev.stave.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.query.Selector;
import dev.stave.revision.RevisionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchTest {

  private final Database database = Database.inMemory();

  @AfterEach
  void close() {
    database.close();
  }

  private static JsonObject json(String text) {
    return JsonObject.parse(text.replace('\'', '"'));
  }

  private Watch watch(String selector) {
    return database.watch(Selector.parse(selector.replace('\'', '"')), document -> {});
  }

  private void putMany(int count) {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < count; i++) {
      batch.put("many-" + i, json("{'a': 1}"));
    }
    database.write(batch);
  }

  @Test
  void watch_ofADocumentThatComesChangesAndLeaves_tellsEachOnce() throws Exception {
    database.put("there", json("{'city': 'Paris'}"));
    List<Document> snapshot = new ArrayList<>();
    Watch paris = database.watch(Selector.parse("{\"city\": \"Paris\"}"), snapshot::add);

    RevisionId lyon = database.put("x", json("{'city': 'Lyon'}"));
    RevisionId first = database.put("x", lyon, json("{'city': 'Paris'}"));
    RevisionId second = database.put("x", first, json("{'city': 'Paris', 'n': 1}"));
    RevisionId third = database.put("x", second, json("{'city': 'Rome'}"));
    database.delete("x", third);
    database.delete("there", snapshot.get(0).revision());

    assertThat(snapshot).extracting(Document::id).containsExactly("there");
    assertThat(paris.since()).isEqualTo(1);
    assertThat(paris.take())
        .isEqualTo(new WatchEvent.Added(3, database.get("x", first).orElseThrow()));
    assertThat(paris.take())
        .isEqualTo(new WatchEvent.Changed(4, database.get("x", second).orElseThrow()));
    assertThat(paris.take()).isEqualTo(new WatchEvent.Removed(5, "x"));
    assertThat(paris.take()).isEqualTo(new WatchEvent.Removed(7, "there"));
    assertThat(paris.poll(Duration.ofMillis(1))).isEmpty();
  }

  @Test
  void watch_withoutSnapshot_tellsWhatComesAlone() throws Exception {
    RevisionId first = database.put("there", json("{'city': 'Paris'}"));

    Watch paris = database.watch(Selector.parse("{\"city\": \"Paris\"}"));
    database.delete("there", first);
    database.put("x", json("{'city': 'Paris'}"));

    assertThat(paris.since()).isEqualTo(1);
    assertThat(paris.take()).isEqualTo(new WatchEvent.Removed(2, "there"));
    assertThat(paris.take().sequence()).isEqualTo(3);
    assertThat(paris.poll()).isEmpty();
  }

  @Test
  void take_ofAsManyEventsAsMayWait_givesThemAll() throws Exception {
    Watch watch = watch("{'a': 1}");

    putMany(Watch.MAX_EVENTS);

    for (int i = 1; i <= Watch.MAX_EVENTS; i++) {
      assertThat(watch.take().sequence()).isEqualTo(i);
    }
    database.put("one more", json("{'a': 1}"));
    assertThat(watch.take().sequence()).isEqualTo(Watch.MAX_EVENTS + 1);
  }

  @Test
  void take_ofOneEventTooMany_saysSoAndGivesNone() throws Exception {
    Watch slow = watch("{'a': 1}");
    Watch other = watch("{'_id': 'many-7'}");

    putMany(Watch.MAX_EVENTS + 1);

    assertThatThrownBy(slow::take)
        .isInstanceOf(WatchBehindException.class)
        .hasMessageContaining("watch again");
    assertThatThrownBy(slow::take).isInstanceOf(WatchBehindException.class);
    assertThat(other.take().sequence()).isEqualTo(8);
    slow.close();
  }

  @Test
  void take_ofMoreBytesThanMayWait_saysSo() throws Exception {
    Watch watch = watch("{'a': {'$exists': true}}");
    String text = "x".repeat(7 << 20);
    int fitting = (int) (Watch.MAX_BYTES / (7 << 20));
    for (int i = 0; i < fitting; i++) {
      database.put("d" + i, JsonObject.of(json("{}").tree().put("a", text)));
    }
    assertThat(watch.take()).isInstanceOf(WatchEvent.Added.class);
    database.put("in its place", JsonObject.of(json("{}").tree().put("a", text)));
    assertThat(watch.take()).isInstanceOf(WatchEvent.Added.class);

    database.put("a", JsonObject.of(json("{}").tree().put("a", text)));
    database.put("b", JsonObject.of(json("{}").tree().put("a", text)));

    assertThatThrownBy(watch::take).isInstanceOf(WatchBehindException.class);
  }

  @Test
  void take_whenTheWatchIsClosed_isTold() {
    Watch watch = watch("{}");
    CompletableFuture<WatchEvent> taken = inBackground(watch);

    watch.close();
    watch.close();

    assertThatThrownBy(taken::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("the watch is closed");
  }

  @Test
  void take_whenTheDatabaseIsClosed_givesWhatWasThereAndIsTold() throws Exception {
    Watch waiting = watch("{'never': 1}");
    Watch watch = watch("{}");
    CompletableFuture<WatchEvent> taken = inBackground(waiting);
    database.put("x", json("{}"));

    database.close();

    assertThat(watch.take().sequence()).isEqualTo(1);
    assertThatThrownBy(watch::take).hasMessageContaining("the database is closed");
    assertThatThrownBy(taken::get).hasRootCauseMessage("the watch is over: the database is closed");
    assertThatThrownBy(() -> watch("{}")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whenReady_ofAnEvent_isCalledOnce() {
    Watch watch = watch("{'a': 1}");
    AtomicInteger calls = new AtomicInteger();

    watch.whenReady(calls::incrementAndGet);
    database.put("another", json("{'a': 2}"));
    assertThat(calls).hasValue(0);

    putMany(2);
    assertThat(calls).hasValue(1);

    watch.whenReady(calls::incrementAndGet);
    assertThat(calls).as("an event is there already").hasValue(2);
  }

  @Test
  void whenReady_ofAWatchThatEnds_isCalled() {
    AtomicInteger calls = new AtomicInteger();
    Watch closed = watch("{'a': 1}");
    Watch behind = watch("{'a': 1}");
    Watch open = watch("{'b': 1}");
    closed.whenReady(calls::incrementAndGet);
    open.whenReady(calls::incrementAndGet);

    closed.close();
    assertThat(calls).hasValue(1);
    putMany(Watch.MAX_EVENTS + 1);
    behind.whenReady(calls::incrementAndGet);
    assertThat(calls).hasValue(2);
    database.close();
    assertThat(calls).hasValue(3);
  }

  @Test
  void whenReady_ofAListenerThatThrows_doesNotFailTheWrite() throws Exception {
    Watch watch = watch("{'a': 1}");
    watch.whenReady(
        () -> {
          throw new IllegalArgumentException("expected by a test");
        });
    Watch other = watch("{'a': 1}");
    Thread thread = Thread.currentThread();
    List<Throwable> seen = new ArrayList<>();
    Thread.UncaughtExceptionHandler usual = thread.getUncaughtExceptionHandler();
    thread.setUncaughtExceptionHandler((t, e) -> seen.add(e));
    try {
      putMany(1);
    } finally {
      thread.setUncaughtExceptionHandler(usual);
    }

    assertThat(seen).hasSize(1);
    assertThat(watch.take().sequence()).isEqualTo(1);
    assertThat(other.take().sequence()).isEqualTo(1);
  }

  private static CompletableFuture<WatchEvent> inBackground(Watch watch) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return watch.take();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void watch_whoseSnapshotThrows_isNone() {
    database.put("x", json("{}"));

    assertThatThrownBy(
            () ->
                database.watch(
                    Selector.everything(),
                    document -> {
                      throw new IllegalArgumentException("enough");
                    }))
        .hasMessage("enough");
    putMany(1);
  }

  @Test
  void candidates_ofADocument_areThoseThatWaitForItsValues() {
    WatchIndex index = new WatchIndex();
    Watches owner = new Watches();
    for (int i = 0; i < 1_000; i++) {
      index.add(new Watch(owner, Selector.parse("{\"type\": \"order\", \"customer\": " + i + "}")));
    }
    var document = json("{'type': 'order', 'customer': 17}").sharedTree();

    assertThat(index.candidates("x", null, document)).hasSizeBetween(1, 3);

    new ArrayList<>(index.all()).forEach(index::remove);
    assertThat(index.candidates("x", null, document)).isEmpty();
  }

  @Test
  void candidates_ofSelectorsWithAConstant_areNoneForOtherDocuments() {
    String[] selectors = {
      "{'a': 1}",
      "{'a': {'$in': [1, 2]}}",
      "{'a': {'$all': [1]}}",
      "{'a.b': {'$gt': 3}}",
      "{'a[].b': 1}",
      "{'*.b': 1}",
      "{'a': {'$elemMatch': {'b': 1}}}",
      "{'a': {'$elemMatch': {'$eq': 1}}}",
      "{'$or': [{'a': 1}, {'b': {'$exists': true}}]}",
      "{'$and': [{'**.a': 1}, {'b': 1}]}",
      "{'a': {'$gt': 0, '$eq': 1}}",
      "{'_id': 'x'}",
      "{'$or': []}"
    };
    WatchIndex index = new WatchIndex();
    Watches owner = new Watches();
    Stream.of(selectors)
        .forEach(s -> index.add(new Watch(owner, Selector.parse(s.replace('\'', '"')))));

    var other = json("{'a': 5, 'c': [1, {'b': 2}], 'd': {'b': 2}}").sharedTree();
    assertThat(index.candidates("y", other, other)).isEmpty();
  }
}
