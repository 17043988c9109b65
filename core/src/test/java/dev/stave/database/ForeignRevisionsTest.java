package dev.stave.database;

import static dev.stave.database.DatabaseTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.changes.Change;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers may send short paths, and what they leave out may come later. */
class ForeignRevisionsTest {

  private static final JsonObject LIVE = json("{'x': 1}");
  private static final JsonObject GONE = json("{}");

  @TempDir private Path folder;
  private Database database;

  @BeforeEach
  void open() {
    database = Database.open(folder.resolve("db"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void reopen() {
    database.close();
    open();
  }

  private static RevisionPath path(boolean deleted, String... newestFirst) {
    return new RevisionPath(
        Stream.of(newestFirst).map(RevisionId::parse).collect(Collectors.toList()), deleted);
  }

  private void graft(RevisionPath path, JsonObject body) {
    database.write(new WriteBatch().graft("a", path, body));
  }

  /**
   * Two branches turned out to be one; the live winner became an ancestor, and only the tree knew.
   */
  @Test
  void graft_ancestryThatMakesTheWinnerAnAncestor_changesFeedCountAndIndexToo() {
    graft(path(false, "2-b"), LIVE);
    graft(path(true, "3-a"), GONE);
    long before = database.lastSequence();
    graft(path(true, "3-a", "2-b"), GONE);

    assertThat(database.get("a")).isEmpty();
    assertThat(database.count()).isZero();
    assertThat(database.find(Query.where("{\"x\": 1}"))).isEmpty();
    assertThat(database.changes(before, 10)).extracting(Change::deleted).containsExactly(true);
    reopen();
    assertThat(database.count()).isZero();
  }

  /** The same edit came from a peer without its parent; made here, it was two leaves of one id. */
  @Test
  void put_revisionKnownWithoutItsParent_joinsIt() {
    RevisionId first = database.put("a", LIVE);
    JsonObject two = json("{'x': 2}");
    RevisionId second = RevisionId.of(first, false, two.sharedTree());
    graft(path(false, second.toString()), two);

    RevisionId written = database.put("a", first, two);

    assertThat(written).isEqualTo(second);
    assertThat(database.tree("a").leaves()).extracting(Revision::id).containsExactly(second);
    assertThat(database.find(Query.where("{\"x\": 2}"))).hasSize(1);
    reopen();
    assertThat(database.get("a").orElseThrow().revision()).isEqualTo(second);
  }

  /** Each of n edits looked for each of n leaves, and wrote the tree of n leaves: n cubed. */
  @Test
  @Timeout(30)
  void graft_thousandsOfConflicts_takesReasonableTime() {
    for (int n = 0; n < 3_000; n += 500) {
      WriteBatch batch = new WriteBatch();
      for (int i = n; i < n + 500; i++) {
        batch.graft("a", path(false, "1-" + i), LIVE);
      }
      database.write(batch);
    }

    assertThat(database.tree("a").conflicts()).hasSize(2_999);
    assertThat(database.find(Query.where("{\"x\": 1}"))).hasSize(1);
  }

  @Test
  void delete_everyLeafInTurn_movesTheNextBodyUpEachTime() {
    for (int i = 0; i < 5; i++) {
      graft(path(false, "1-" + i), json("{'x': " + i + "}"));
    }
    for (int i = 4; i >= 0; i--) {
      assertThat(database.find(Query.where("{\"x\": " + i + "}"))).hasSize(1);
      database.delete("a", database.get("a").orElseThrow().revision());
    }

    assertThat(database.get("a")).isEmpty();
    assertThat(database.find(Query.where("{}"))).isEmpty();
    List<Change> changes = database.changes(0, 10);
    assertThat(changes).hasSize(1);
    reopen();
    assertThat(database.changes(0, 10)).isEqualTo(changes);
  }
}
