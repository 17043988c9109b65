package dev.stave.database;

import static dev.stave.database.DatabaseTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPatch;
import dev.stave.json.JsonPointer;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.storage.MemoryStorage;
import dev.stave.validation.DocumentSchema;
import dev.stave.validation.Problem;
import dev.stave.validation.RefusedDocumentException;
import dev.stave.validation.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ValidationTest {

  private static final String SCHEMA = "stave.schema.n";

  private final Database database = Database.inMemory();

  @AfterEach
  void close() {
    database.close();
  }

  /** Of all that have one, {@code n} is a number up to {@code most}. */
  private static JsonObject atMost(int most) {
    return json(
        "{'stave': 'schema', 'schema': {'properties': {'n': {'type': 'number', 'maximum': "
            + most
            + "}}}}");
  }

  private static JsonObject n(int n) {
    return json("{'n': " + n + "}");
  }

  private void assertRefused(ThrowingCallable write) {
    long before = database.lastSequence();

    RefusedDocumentException e = catchThrowableOfType(RefusedDocumentException.class, write);

    assertThat(e).hasMessageContaining("/n: ").hasMessageContaining(SCHEMA + "#/properties/n");
    assertThat(e.problems()).extracting(Problem::place).contains(JsonPointer.parse("/n"));
    assertThat(database.lastSequence()).isEqualTo(before);
  }

  @Test
  void write_everyKindThatDoesNotFit_isRefusedAndChangesNothing() {
    RevisionId one = database.put("a", n(1));
    RevisionId old = database.put("old", n(20));
    RevisionId newer = database.put("old", old, n(1));
    database.put(SCHEMA, atMost(10));

    assertRefused(() -> database.put("b", n(11)));
    assertRefused(() -> database.put("a", one, n(11)));
    assertRefused(() -> database.write(new WriteBatch().put("c", n(1)).put("b", n(11))));
    assertRefused(() -> database.transact(transaction -> transaction.put("b", n(11))));
    assertRefused(() -> database.parts().set("a", null, JsonPointer.parse("/n"), new IntNode(11)));
    assertRefused(() -> database.parts().set("a", one, JsonPointer.parse("/n"), new IntNode(11)));
    assertRefused(() -> database.parts().mergePatch("a", null, n(11)));
    assertRefused(
        () ->
            database
                .parts()
                .patch(
                    "a",
                    null,
                    JsonPatch.parse(
                        "[{\"op\": \"replace\", \"path\": \"/n\", \"value\": \"x\"}]")));
    assertRefused(() -> database.history("old").restore(old));

    assertThat(database.get("c")).isEmpty();
    assertThat(database.get("old").orElseThrow().revision()).isEqualTo(newer);
    database.put("b", n(10));
  }

  @Test
  void writeEach_oneThatDoesNotFit_isAResultInItsPlace() {
    database.put(SCHEMA, atMost(10));

    List<WriteResult> results =
        database.writeEach(
            new WriteBatch().put("a", n(1)).put("b", n(11)).put("a", n(2)).put("c", n(3)));

    assertThat(results).hasSize(4);
    assertThat(results.get(0)).isInstanceOf(WriteResult.Written.class);
    assertThat(results.get(1)).isInstanceOf(WriteResult.Refused.class);
    assertThat(results.get(1).id()).isEqualTo("b");
    assertThat(((WriteResult.Refused) results.get(1)).problems()).hasSize(1);
    assertThat(results.get(2)).isEqualTo(new WriteResult.Stale("a", null));
    assertThat(results.get(3)).isInstanceOf(WriteResult.Written.class);
    assertThat(database.get("b")).isEmpty();
  }

  @Test
  void delete_whatWouldNotFit_isDone() {
    RevisionId big = database.put("a", n(11));
    database.put(SCHEMA, atMost(10));

    database.write(new WriteBatch().delete("a", big, n(12)));

    assertThat(database.get("a")).isEmpty();
  }

  @Test
  void graft_whatDoesNotFit_isTakenAsItIs() {
    database.put(SCHEMA, atMost(10));
    RevisionId foreign = RevisionId.of(null, false, n(11).sharedTree());

    database.write(new WriteBatch().graft("a", new RevisionPath(List.of(foreign), false), n(11)));

    assertThat(database.get("a").orElseThrow().body()).isEqualTo(n(11));
    assertRefused(() -> database.put("a", foreign, n(12)));
    database.put("a", foreign, n(10));
  }

  @Test
  void schema_withSelector_isForWhatMatches() {
    database.put(
        SCHEMA,
        json(
            "{'stave': 'schema', 'selector': {'type': 'order'},"
                + " 'schema': {'properties': {'n': {'minimum': 0}}}}"));

    database.put("a", n(-1));
    assertRefused(() -> database.put("b", json("{'type': 'order', 'n': -1}")));
    database.put("b", json("{'type': 'order', 'n': 0}"));
  }

  @Test
  void schema_changedOrDeleted_countsFromTheNextWriteOn() {
    RevisionId first = database.put(SCHEMA, atMost(10));
    assertRefused(() -> database.put("a", n(11)));

    RevisionId second = database.put(SCHEMA, first, atMost(20));
    database.put("a", n(11));
    assertRefused(() -> database.put("b", n(21)));

    database.delete(SCHEMA, second);
    database.put("b", n(21));
    assertThat(database.schemas()).isEmpty();
  }

  @Test
  void schema_severalOfThem_allCount() {
    database.put(SCHEMA, atMost(10));
    database.put("stave.schema.m", json("{'stave': 'schema', 'schema': {'required': ['n']}}"));

    assertThatThrownBy(() -> database.put("a", json("{'m': 1}")))
        .hasMessageContaining("stave.schema.m#/required");
    assertRefused(() -> database.put("a", n(11)));
    assertThat(database.schemas())
        .extracting(DocumentSchema::id)
        .containsExactly("stave.schema.m", SCHEMA);
    assertThat(database.validate(new Document("a", new RevisionId(1, "a"), false, n(11))))
        .hasSize(1);
  }

  @Test
  void schema_thatIsNone_isRefusedAtItsPlace() {
    assertThatThrownBy(
            () ->
                database.put(
                    SCHEMA,
                    json(
                        "{'stave': 'schema', 'selector': {'a': {'$foo': 1}},"
                            + " 'schema': {'items': {'type': 'nubmer'}}}")))
        .isInstanceOfSatisfying(
            RefusedDocumentException.class,
            e ->
                assertThat(
                        e.problems().stream()
                            .map(problem -> problem.place().toString())
                            .collect(Collectors.toSet()))
                    .contains("/selector", "/schema/items/type"));
    assertThatThrownBy(() -> database.put(SCHEMA, json("{'n': 1}")))
        .hasMessageContaining("/stave: ")
        .hasMessageContaining("/schema: ");
    assertThat(database.count()).isZero();
  }

  @Test
  void schema_thatIsNoneFromAPeer_blocksNothingAndIsListed() {
    JsonObject none = json("{'stave': 'schema', 'schema': {'type': 'nubmer'}}");
    RevisionId foreign = RevisionId.of(null, false, none.sharedTree());
    database.put("stave.schema.z", atMost(10));
    database.write(new WriteBatch().graft(SCHEMA, new RevisionPath(List.of(foreign), false), none));

    database.put("a", json("{'n': 1}"));

    assertThat(database.schemas()).hasSize(2);
    DocumentSchema bad = database.schemas().get(0);
    assertThat(bad.isInForce()).isFalse();
    assertThat(bad.revision()).isEqualTo(foreign);
    assertThat(bad.problems()).extracting(p -> p.place().toString()).contains("/schema/type");
    assertThat(database.schemas().get(1).isInForce()).isTrue();
    assertThatThrownBy(() -> database.put("b", n(11))).hasMessageContaining("stave.schema.z");
  }

  @Test
  void schema_forAll_isNotForStavesOwnDocuments() {
    database.put(SCHEMA, json("{'stave': 'schema', 'schema': {'required': ['n']}}"));

    database.put("stave.comment.1", json("{'stave': 'comment'}"));
    database.put("stave.schema.o", atMost(10));
  }

  @Test
  void schema_inAFork_isTheForksOwnFromThereOn() {
    RevisionId first = database.put(SCHEMA, atMost(10));
    try (Database fork = database.fork("f")) {
      assertThatThrownBy(() -> fork.put("a", n(11))).isInstanceOf(RefusedDocumentException.class);

      fork.put(SCHEMA, first, atMost(20));
      fork.put("a", n(11));

      assertRefused(() -> database.put("a", n(11)));
    }
  }

  @Test
  void schema_inOneBatchWithDocuments_countsForLaterWrites() {
    database.write(new WriteBatch().put(SCHEMA, atMost(10)).put("a", n(11)));

    assertRefused(() -> database.put("b", n(11)));
  }

  @Test
  void validator_inCode_refusesAndIsAskedOfEveryPut() {
    List<String> asked = new ArrayList<>();
    Validator even =
        document -> {
          asked.add(document.id() + " " + document.revision().generation());
          return document.body().sharedTree().path("n").asInt() % 2 == 0
              ? List.of()
              : List.of(Problem.at("/n", "odd", "even numbers only"));
        };
    Database checked =
        Database.opened(
            new MemoryStorage(),
            DatabaseOptions.DEFAULT.withValidator(even).withRetention(100, 1),
            1 << 20);

    RevisionId first = checked.put("a", n(2));
    assertThatThrownBy(() -> checked.put("a", first, n(3)))
        .hasMessage("the document is refused: id=a, problems=/n: odd [even numbers only]");
    checked.delete("a", first);
    checked.put(SCHEMA, atMost(10));

    assertThat(asked).containsExactly("a 1", "a 2");
    checked.close();
  }

  @Test
  void validator_thatThrows_hasNothingWritten() {
    Validator broken =
        document -> {
          throw new IllegalStateException("broken");
        };
    Database checked =
        Database.opened(
            new MemoryStorage(), DatabaseOptions.DEFAULT.withValidator(broken), 1 << 20);

    assertThatThrownBy(() -> checked.put("a", n(1))).hasMessage("broken");
    assertThat(checked.count()).isZero();
    checked.close();
  }

  /** Each write counts up; who writes the schema knows that none after it may be over the limit. */
  @Test
  void schema_changedWhileOthersWrite_letsNothingPastIt() throws Exception {
    AtomicBoolean isOver = new AtomicBoolean();
    AtomicInteger next = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<?>> running = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      boolean transacts = t == 0;
      running.add(
          threads.submit(
              () -> {
                while (!isOver.get()) {
                  String id = "d" + next.incrementAndGet();
                  if (transacts) {
                    try {
                      database.transact(transaction -> transaction.put(id, n(11)));
                    } catch (RefusedDocumentException e) {
                      // as it may be
                    }
                  } else {
                    database.writeEach(new WriteBatch().put(id, n(11)));
                  }
                }
              }));
    }
    RevisionId loose = database.put(SCHEMA, atMost(20));
    for (int round = 0; round < 50; round++) {
      RevisionId strict = database.put(SCHEMA, loose, atMost(10));
      long since =
          database.changes(0, Integer.MAX_VALUE).stream()
              .filter(change -> change.id().equals(SCHEMA))
              .findAny()
              .orElseThrow()
              .sequence();
      Thread.yield();
      assertThat(database.changes(since, Integer.MAX_VALUE)).isEmpty();
      loose = database.put(SCHEMA, strict, atMost(20));
    }
    isOver.set(true);
    for (Future<?> each : running) {
      each.get();
    }
    threads.shutdown();
  }
}
