package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.changes.Change;
import dev.stave.changes.ChangesFeed;
import dev.stave.document.Document;
import dev.stave.document.InvalidDocumentException;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.revision.Retention;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.storage.StorageClosedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

  private final Database database = Database.inMemory();

  @AfterEach
  void close() {
    database.close();
  }

  static JsonObject json(String text) {
    return JsonObject.parse(text.replace('\'', '"'));
  }

  private List<String> find(String selector) {
    return database.find(Query.where(selector.replace('\'', '"'))).stream()
        .map(Document::id)
        .collect(Collectors.toList());
  }

  @Test
  void put_newDocument_isReadBack() {
    RevisionId revision = database.put("a", json("{'n': 1}"));

    Document read = database.get("a").orElseThrow();
    assertThat(read.revision()).isEqualTo(revision);
    assertThat(read.body()).isEqualTo(json("{'n':1}"));
    assertThat(revision.generation()).isEqualTo(1);
    assertThat(database.count()).isEqualTo(1);
  }

  @Test
  void put_sameEditOnTwoDatabases_isTheSameRevision() {
    try (Database other = Database.inMemory()) {
      RevisionId here = database.put("a", json("{'n': 1, 'm': 2}"));
      RevisionId there = other.put("a", json("{'m': 2, 'n': 1}"));

      assertThat(here).isEqualTo(there);
    }
  }

  record Person(String name, int age) {}

  @Test
  void put_treeBytesAndOwnClass_areTheSameDocument() throws Exception {
    ObjectNode tree = new ObjectMapper().createObjectNode().put("name", "Ada").put("age", 36);
    RevisionId fromTree = database.put("tree", JsonObject.of(tree));
    RevisionId fromBytes = database.put("bytes", json("{'name': 'Ada', 'age': 36}"));
    RevisionId fromClass = database.put("class", JsonObject.from(new Person("Ada", 36)));

    assertThat(fromTree).isEqualTo(fromBytes).isEqualTo(fromClass);
    Document read = database.get("bytes").orElseThrow();
    assertThat(read.as(Person.class)).isEqualTo(new Person("Ada", 36));
    assertThat(read.body().tree()).isEqualTo(tree);
  }

  @Test
  void put_existingDocumentWithoutRevision_isStaleAndChangesNothing() {
    database.put("a", json("{'n': 1}"));

    assertThatThrownBy(() -> database.put("a", json("{'n': 2}")))
        .isInstanceOf(StaleRevisionException.class)
        .hasMessage("the document exists already: document=a, parent=none");
    assertThat(database.get("a").orElseThrow().body()).isEqualTo(json("{'n': 1}"));
    assertThat(database.lastSequence()).isEqualTo(1);
  }

  @Test
  void put_staleRevision_isRefused() {
    RevisionId first = database.put("a", json("{'n': 1}"));
    RevisionId second = database.put("a", first, json("{'n': 2}"));

    assertThatThrownBy(() -> database.put("a", first, json("{'n': 3}")))
        .isInstanceOf(StaleRevisionException.class)
        .hasMessageContaining("parent=" + first);
    assertThat(database.get("a").orElseThrow().revision()).isEqualTo(second);
  }

  @Test
  void get_oldRevision_readsItsBody() {
    RevisionId first = database.put("a", json("{'n': 1}"));
    database.put("a", first, json("{'n': 2}"));

    assertThat(database.get("a", first).orElseThrow().body()).isEqualTo(json("{'n': 1}"));
  }

  @Test
  void get_ancestorsBeyondThoseKept_areForgottenBodiesButKnownRevisions() {
    RevisionId first = database.put("a", json("{'n': 0}"));
    RevisionId last = first;
    for (int i = 1; i <= Retention.DEFAULT.bodies() + 1; i++) {
      last = database.put("a", last, json("{'n': " + i + "}"));
    }

    assertThat(database.get("a", first)).isEmpty();
    assertThat(database.tree("a").get(first)).isPresent();
    assertThat(database.tree("a").path(last).stream().filter(Revision::hasBody).count())
        .isEqualTo(Retention.DEFAULT.bodies() + 1);
  }

  @Test
  void delete_thenPut_growsOnTheTombstoneAndIsFoundAgain() {
    RevisionId first = database.put("a", json("{'n': 1}"));
    RevisionId tombstone = database.delete("a", first);

    assertThat(database.get("a")).isEmpty();
    assertThat(find("{'n': 1}")).isEmpty();

    RevisionId again = database.put("a", json("{'n': 1}"));

    assertThat(tombstone.generation()).isEqualTo(2);
    assertThat(again.generation()).isEqualTo(3);
    assertThat(find("{'n': 1}")).containsExactly("a");
    assertThat(database.deletedCount()).isZero();
  }

  @Test
  void changesBefore_limit_isTheNewestFirst() {
    database.put("a", json("{}"));
    database.put("b", json("{}"));
    database.put("c", json("{}"));

    assertThat(database.changesBefore(Long.MAX_VALUE, 2))
        .extracting(Change::id)
        .containsExactly("c", "b");
    assertThat(database.changesBefore(2, 2)).extracting(Change::id).containsExactly("a");
  }

  @Test
  void get_closedDatabase_saysSo() {
    Database closed = Database.inMemory();
    closed.close();

    assertThatThrownBy(() -> closed.get("a")).isInstanceOf(StorageClosedException.class);
  }

  @Test
  void delete_twice_isStale() {
    RevisionId first = database.put("a", json("{}"));
    RevisionId tombstone = database.delete("a", first);

    assertThatThrownBy(() -> database.delete("a", tombstone))
        .isInstanceOf(StaleRevisionException.class);
  }

  @Test
  void graft_secondBranch_isAConflictAndTheSameWinnerEverywhere() {
    RevisionId first = database.put("a", json("{'n': 1}"));
    RevisionId mine = database.put("a", first, json("{'n': 2}"));
    RevisionId theirs = new RevisionId(2, "ffffffffffffffffffffffffffffffff");
    database.write(
        new WriteBatch()
            .graft("a", new RevisionPath(List.of(theirs, first), false), json("{'n': 3}")));

    assertThat(database.get("a").orElseThrow().revision()).isEqualTo(theirs);
    assertThat(database.tree("a").conflicts()).extracting(Revision::id).containsExactly(mine);
    assertThat(database.get("a", mine).orElseThrow().body()).isEqualTo(json("{'n': 2}"));
    assertThat(find("{'n': 3}")).containsExactly("a");
    assertThat(find("{'n': 2}")).isEmpty();
  }

  @Test
  void delete_winnerOfAConflict_makesTheOtherBranchWinAndBeFound() {
    RevisionId first = database.put("a", json("{'n': 1}"));
    RevisionId mine = database.put("a", first, json("{'n': 2}"));
    RevisionId theirs = new RevisionId(2, "ffffffffffffffffffffffffffffffff");
    database.write(
        new WriteBatch()
            .graft("a", new RevisionPath(List.of(theirs, first), false), json("{'n': 3}")));

    database.delete("a", theirs);

    assertThat(database.get("a").orElseThrow().revision()).isEqualTo(mine);
    assertThat(find("{'n': 2}")).containsExactly("a");
    assertThat(find("{'n': 3}")).isEmpty();
  }

  @Test
  void graft_losingBranch_changesTheFeedAndNotTheAnswer() {
    RevisionId first = database.put("a", json("{'n': 1}"));
    RevisionId winner = database.put("a", first, json("{'n': 2}"));
    long before = database.lastSequence();
    RevisionId loser = new RevisionId(2, "00");
    database.write(
        new WriteBatch()
            .graft("a", new RevisionPath(List.of(loser, first), false), json("{'n': 3}")));

    List<Change> changes = database.changes(before, 10);
    assertThat(changes).extracting(Change::revision).containsExactly(winner);
    assertThat(find("{'n': 2}")).containsExactly("a");
    assertThat(find("{'n': 3}")).isEmpty();
  }

  @Test
  void graft_twice_isOnce() {
    RevisionPath path = new RevisionPath(List.of(RevisionId.parse("1-abc")), false);
    database.write(new WriteBatch().graft("a", path, json("{}")));

    List<WriteResult> again = database.write(new WriteBatch().graft("a", path, json("{}")));

    assertThat(again).containsExactly(new WriteResult.AlreadyKnown("a", path.leaf()));
    assertThat(database.lastSequence()).isEqualTo(1);
  }

  @Test
  void write_batchWithOneStaleEdit_writesNothing() {
    database.put("b", json("{}"));
    WriteBatch batch = new WriteBatch().put("a", json("{}")).put("b", json("{}"));

    assertThatThrownBy(() -> database.write(batch)).isInstanceOf(StaleRevisionException.class);
    assertThat(database.get("a")).isEmpty();
    assertThat(database.lastSequence()).isEqualTo(1);
  }

  @Test
  void writeEach_batchWithOneStaleEdit_writesTheOthers() {
    database.put("b", json("{}"));
    List<WriteResult> results =
        database.writeEach(
            new WriteBatch().put("a", json("{}")).put("b", json("{}")).put("c", json("{}")));

    assertThat(results.get(0)).isInstanceOf(WriteResult.Written.class);
    assertThat(results.get(1)).isEqualTo(new WriteResult.Stale("b", null));
    assertThat(results.get(2)).isInstanceOf(WriteResult.Written.class);
    assertThat(database.count()).isEqualTo(3);
  }

  @Test
  void writeEach_sameIdTwice_writesTheFirstAndIndexesOnce() {
    List<WriteResult> results =
        database.writeEach(new WriteBatch().put("a", json("{'n': 1}")).put("a", json("{'n': 2}")));

    assertThat(results.get(1)).isInstanceOf(WriteResult.Stale.class);
    assertThat(find("{'n': {'$gte': 0}}")).containsExactly("a");
    assertThat(find("{'n': 2}")).isEmpty();
  }

  @Test
  void write_chainOfEditsInOneBatch_leavesOneVersion() {
    RevisionId first = RevisionId.of(null, false, json("{'n': 1}").sharedTree());
    database.write(new WriteBatch().put("a", json("{'n': 1}")).put("a", first, json("{'n': 2}")));

    assertThat(find("{'n': {'$exists': true}}")).containsExactly("a");
    assertThat(find("{'n': 1}")).isEmpty();
    assertThat(database.changes(0, 10)).hasSize(1);
  }

  @Test
  void changes_updatedDocument_isThereOnceAtItsNewestChange() {
    RevisionId a = database.put("a", json("{}"));
    database.put("b", json("{}"));
    database.put("a", a, json("{'n': 1}"));

    List<Change> changes = database.changes(0, 10);
    assertThat(changes).extracting(Change::id).containsExactly("b", "a");
    assertThat(changes).extracting(Change::sequence).containsExactly(2L, 3L);
    assertThat(database.changes(2, 10)).hasSize(1);
    assertThat(database.changes(0, 1)).hasSize(1);
  }

  @Test
  void put_reservedMember_isRefused() {
    assertThatThrownBy(() -> database.put("a", json("{'_secret': 1}")))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageContaining("member=_secret");
    assertThat(database.lastSequence()).isZero();
  }

  @Test
  void put_bodyAtAndOverTheLimit_isTakenAndRefused(@TempDir Path folder) {
    try (Database small = Database.open(folder, DatabaseOptions.DEFAULT.withMaxDocumentBytes(20))) {
      small.put("fits", json("{'text':'123456789'}"));

      assertThatThrownBy(() -> small.put("over", json("{'text':'1234567890'}")))
          .isInstanceOf(InvalidDocumentException.class)
          .hasMessage("the document is too large: id=over, bytes=21, limit=20");
    }
  }

  /**
   * The committer had not taken up the write when it met the closed storage, and tried for ever.
   */
  @Test
  @Timeout(10)
  void put_afterClose_isRefused() {
    database.close();

    assertThatThrownBy(() -> database.put("a", json("{}")))
        .isInstanceOf(StorageClosedException.class);
  }

  @Test
  void putLocal_overTheLimit_isRefused(@TempDir Path folder) {
    try (Database small = Database.open(folder, DatabaseOptions.DEFAULT.withMaxDocumentBytes(20))) {
      assertThatThrownBy(() -> small.putLocal("l", json("{'text':'1234567890'}")))
          .isInstanceOf(InvalidDocumentException.class);
      assertThat(small.getLocal("l")).isEmpty();
    }
  }

  /** Written, its digits and zeros were more than are read: the database did not open again. */
  @Test
  void open_afterANumberOfAThousandDigitsBelowOne_readsIt(@TempDir Path folder) {
    JsonObject body = JsonObject.parse("{\"n\":1." + "3".repeat(999) + "e-3}");
    try (Database first = Database.open(folder)) {
      first.put("a", body);
    }

    try (Database second = Database.open(folder)) {
      assertThat(second.get("a").orElseThrow().body()).isEqualTo(body);
    }
  }

  @Test
  void onCommit_listenerThatThrows_doesNotMakeAWriteLookRefused() {
    List<Throwable> told = new ArrayList<>();
    Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> told.add(e));
    try {
      database.onCommit(
          sequence -> {
            throw new IllegalStateException("listener");
          });
      database.put("a", json("{}"));
    } finally {
      Thread.currentThread().setUncaughtExceptionHandler(null);
    }

    assertThat(database.get("a")).isPresent();
    assertThat(told).hasSize(1);
  }

  @Test
  void changes_sinceBeforeTheBeginning_areAll() {
    database.put("a", json("{}"));

    assertThat(database.changes(-5, 10)).hasSize(1);
  }

  /** PouchDB makes them of digests in Base64, with an underscore for a plus. */
  @Test
  void putLocal_idWithALeadingUnderscore_isTaken() {
    database.putLocal("_Yukg==", json("{'at': 7}"));

    assertThat(database.getLocal("_Yukg==")).contains(json("{'at': 7}"));
    assertThatThrownBy(() -> database.putLocal("", json("{}")))
        .isInstanceOf(InvalidDocumentException.class);
  }

  @Test
  void putLocal_isReadBackAndDoesNotReplicate() {
    database.putLocal("checkpoint", json("{'at': 7}"));

    assertThat(database.getLocal("checkpoint")).contains(json("{'at': 7}"));
    assertThat(database.lastSequence()).isZero();
    database.putLocal("checkpoint", null);
    assertThat(database.getLocal("checkpoint")).isEmpty();
  }

  @Test
  void onCommit_everyCommit_tellsTheLastSequence() {
    List<Long> told = new ArrayList<>();
    ChangesFeed.Subscription subscription = database.onCommit(told::add);
    database.put("a", json("{}"));
    database.put("b", json("{}"));
    subscription.close();
    database.put("c", json("{}"));

    assertThat(told).containsExactly(1L, 2L);
  }
}
