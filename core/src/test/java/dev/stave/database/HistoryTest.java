package dev.stave.database;

import static dev.stave.database.DatabaseTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.HistoryEntry.Standing;
import dev.stave.revision.HybridTime;
import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.storage.FileStorage;
import dev.stave.storage.StorageOptions;
import dev.stave.storage.StorageSnapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

  private static final long NOW = 1_700_000_000_000L;

  @TempDir private Path folder;
  private DatabaseOptions options = DatabaseOptions.DEFAULT;
  private long now = NOW;
  private Database database;

  @BeforeEach
  void open() {
    database =
        Database.opened(
            FileStorage.open(folder.resolve("db"), StorageOptions.DEFAULT),
            options,
            1 << 20,
            () -> now);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void reopen() {
    database.close();
    open();
  }

  private RevisionId putBy(String author, String reason, RevisionId parent, String body) {
    WriteBatch batch = new WriteBatch().author(author).reason(reason);
    List<WriteResult> results =
        database.write(
            parent == null ? batch.put("a", json(body)) : batch.put("a", parent, json(body)));
    return ((WriteResult.Written) results.get(0)).revision();
  }

  private Optional<Provenance> provenance(RevisionId revision) {
    return database.history("a").entries().stream()
        .filter(entry -> entry.revision().equals(revision))
        .flatMap(entry -> entry.provenance().stream())
        .findFirst();
  }

  private static HybridTime at(long millis, int count) {
    return new HybridTime((millis << 16) + count);
  }

  private static List<String> rowKeys(Database of) {
    List<String> keys = new ArrayList<>();
    try (View view = of.view()) {
      Iterator<StorageSnapshot.Row> rows = view.rows().scan(new byte[0], new byte[] {'~'});
      while (rows.hasNext()) {
        String kind = String.valueOf((char) rows.next().key()[0]);
        if (!kind.equals("r") && !kind.equals("y")) { // of the database, whatever is written
          keys.add(kind);
        }
      }
    }
    return keys;
  }

  @Test
  void author_batch_isKeptWithTimeAndReason() {
    RevisionId first = putBy("alice", "because", null, "{'n': 1}");
    RevisionId second = putBy("bob", null, first, "{'n': 2}");
    RevisionId third = database.put("a", second, json("{'n': 3}"));
    reopen();

    assertThat(provenance(first)).contains(new Provenance("alice", at(NOW, 0), "because"));
    assertThat(provenance(second)).contains(new Provenance("bob", at(NOW, 1), null));
    assertThat(provenance(third)).isEmpty();
    assertThat(database.history("a").provenances()).containsOnlyKeys(first, second);
    assertThat(DatabaseCheck.of(checkpoint()).problems()).isEmpty();
  }

  private Path checkpoint() {
    Path copy = folder.resolve("copy");
    database.checkpoint(copy);
    return copy;
  }

  @Test
  void author_none_costsNoRow() {
    RevisionId first = database.put("a", json("{'n': 1}"));
    database.put("a", first, json("{'n': 2}"));

    assertThat(rowKeys(database)).containsExactly("b", "b", "c", "h", "m", "u");

    putBy("alice", null, database.get("a").orElseThrow().revision(), "{'n': 3}");
    assertThat(rowKeys(database)).containsExactly("b", "b", "b", "c", "h", "m", "p", "u", "z");
  }

  @Test
  void author_systemClockSetBackAndReopened_goesOnBeyondAllTimes() {
    RevisionId first = putBy("alice", null, null, "{'n': 1}");
    now = NOW - 1_000_000;
    reopen();
    RevisionId second = putBy("alice", null, first, "{'n': 2}");

    assertThat(provenance(second).orElseThrow().time()).isEqualTo(at(NOW, 1));
  }

  @Test
  void author_peersClockAhead_isFollowedUpToADay() {
    long day = HybridTime.MAX_AHEAD.toMillis();
    RevisionId far = graft("1-far", Map.of(), at(NOW + day + 1, 0));
    RevisionId afterFar = putBy("alice", null, far, "{'n': 1}");
    RevisionId near = graft("1-near", Map.of(), at(NOW + day, 7));
    reopen();
    RevisionId afterNear = putBy("alice", null, near, "{'n': 2}");

    assertThat(provenance(far).orElseThrow().time()).isEqualTo(at(NOW + day + 1, 0));
    assertThat(provenance(afterFar).orElseThrow().time()).isEqualTo(at(NOW, 0));
    assertThat(provenance(afterNear).orElseThrow().time()).isEqualTo(at(NOW + day, 8));
  }

  private RevisionId graft(String leaf, Map<RevisionId, Provenance> more, HybridTime time) {
    RevisionId id = RevisionId.parse(leaf);
    Map<RevisionId, Provenance> told = new HashMap<>(more);
    told.put(id, new Provenance("peer", time, null));
    database.write(
        new WriteBatch().graft("a", new RevisionPath(List.of(id), false), json("{}"), told));
    return id;
  }

  @Test
  void graft_twoAccountsOfOneRevision_theEarlierCounts() {
    RevisionId revision = graft("1-x", Map.of(), at(NOW, 5));
    graft("1-x", Map.of(), at(NOW, 9));
    assertThat(provenance(revision).orElseThrow().time()).isEqualTo(at(NOW, 5));

    graft("1-x", Map.of(), at(NOW, 3));
    assertThat(provenance(revision).orElseThrow().time()).isEqualTo(at(NOW, 3));
  }

  @Test
  void graft_provenanceOfAncestorsAndOthers_onlyThatOfThePathIsKept() {
    RevisionId parent = RevisionId.parse("1-p");
    RevisionId leaf = RevisionId.parse("2-l");
    RevisionId other = RevisionId.parse("1-other");
    Provenance ann = new Provenance("ann", null, null);
    database.write(
        new WriteBatch()
            .graft(
                "a",
                new RevisionPath(List.of(leaf, parent), false),
                json("{}"),
                Map.of(parent, ann, leaf, ann, other, ann)));

    assertThat(database.history("a").provenances()).containsOnlyKeys(parent, leaf);
    assertThat(DatabaseCheck.of(checkpoint()).problems()).isEmpty();
  }

  @Test
  void prune_revisionThatIsForgotten_takesItsProvenanceAlong() {
    options = DatabaseOptions.DEFAULT.withRetention(3, 1);
    reopen();
    RevisionId revision = null;
    for (int i = 0; i < 10; i++) {
      revision = putBy("alice", "edit " + i, revision, "{'n': " + i + "}");
    }

    assertThat(rowKeys(database))
        .containsExactly("b", "b", "c", "h", "m", "p", "p", "p", "s", "u", "z");
    assertThat(database.history("a").entries())
        .hasSize(3)
        .allMatch(e -> e.provenance().isPresent());
  }

  @Test
  void transact_authorAndReason_areKept() {
    database.transact(
        transaction -> {
          transaction.put("a", json("{'n': 1}"));
          transaction.author("alice");
          transaction.reason("moved");
          return transaction.put("b", json("{}"));
        });

    for (String id : List.of("a", "b")) {
      Provenance told = database.history(id).entries().get(0).provenance().orElseThrow();
      assertThat(told.author()).isEqualTo("alice");
      assertThat(told.reason()).isEqualTo("moved");
    }
  }

  @Test
  void salvage_andRestoreOfACheckpoint_keepProvenance() {
    RevisionId first = putBy("alice", "because", null, "{'n': 1}");
    RevisionId second = putBy("bob", null, first, "{'n': 2}");
    Map<RevisionId, Provenance> told = database.history("a").provenances();
    Path copy = checkpoint();

    DatabaseSalvage.Report report = DatabaseSalvage.save(copy, folder.resolve("saved"));
    ClosedDatabase.restore(copy, folder.resolve("restored"));

    assertThat(report.losses()).isEmpty();
    assertThat(told).containsOnlyKeys(first, second);
    for (String name : List.of("saved", "restored")) {
      try (Database other = Database.open(folder.resolve(name))) {
        assertThat(other.history("a").provenances()).isEqualTo(told);
      }
    }
  }

  @Test
  void entries_branches_tellWhatEachRevisionIs() {
    RevisionId first = database.put("a", json("{'n': 1}"));
    RevisionId second = database.put("a", first, json("{'n': 2}"));
    RevisionId conflict = graftChild("2-0", first, false);
    RevisionId closed = graftChild("2-00", first, true);

    List<HistoryEntry> entries = database.history("a").entries();

    assertThat(entries)
        .extracting(HistoryEntry::revision)
        .containsExactly(second, first, conflict, closed);
    assertThat(entries)
        .extracting(HistoryEntry::standing)
        .containsExactly(Standing.WINNER, Standing.ANCESTOR, Standing.CONFLICT, Standing.CLOSED);
    assertThat(entries).extracting(HistoryEntry::parent).containsExactly(first, null, first, first);
    assertThat(entries)
        .extracting(HistoryEntry::deleted)
        .containsExactly(false, false, false, true);
    assertThat(entries).allMatch(HistoryEntry::hasBody);
    assertThat(database.history("none").entries()).isEmpty();
  }

  private RevisionId graftChild(String leaf, RevisionId parent, boolean deleted) {
    RevisionId id = RevisionId.parse(leaf);
    database.write(
        new WriteBatch().graft("a", new RevisionPath(List.of(id, parent), deleted), json("{}")));
    return id;
  }

  @Test
  void forEach_visitorThatHasEnough_isToldNoMore() {
    RevisionId first = database.put("a", json("{'n': 1}"));
    RevisionId second = database.put("a", first, json("{'n': 2}"));
    List<RevisionId> seen = new ArrayList<>();

    database
        .history("a")
        .forEach(
            entry -> {
              seen.add(entry.revision());
              return false;
            });

    assertThat(seen).containsExactly(second);
  }

  @Test
  void restore_oldRevision_isANewOneWithItsBody() {
    RevisionId first = database.put("a", json("{'n': 1}"));
    RevisionId second = database.put("a", first, json("{'n': 2}"));

    RevisionId restored = database.history("a").restore(first, "alice");

    assertThat(database.get("a").orElseThrow().body()).isEqualTo(json("{'n': 1}"));
    assertThat(database.tree("a").path(restored).stream().map(r -> r.id()))
        .containsExactly(restored, second, first);
    assertThat(provenance(restored))
        .contains(new Provenance("alice", at(NOW, 0), "restored " + first));
    assertThat(database.history("a").restore(restored)).isEqualTo(restored);
    assertThat(database.lastSequence()).isEqualTo(3);
  }

  @Test
  void restore_deletedDocument_isBack() {
    RevisionId first = database.put("a", json("{'n': 1}"));
    RevisionId deleted = database.delete("a", first);

    RevisionId restored = database.history("a").restore(first);

    assertThat(restored.generation()).isEqualTo(3);
    assertThat(database.get("a").orElseThrow().body()).isEqualTo(json("{'n': 1}"));
    assertThatThrownBy(() -> database.history("a").restore(deleted))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("delete the document instead");
  }

  @Test
  void restore_whatIsNotThere_saysWhatToDo() {
    RevisionId revision = database.put("a", json("{'n': 0}"));
    RevisionId first = revision;
    for (int i = 1; i <= 6; i++) {
      revision = database.put("a", revision, json("{'n': " + i + "}"));
    }

    assertThatThrownBy(() -> database.history("a").restore(first))
        .isInstanceOf(BodyNotKeptException.class)
        .hasMessage(
            "the body of this revision is not kept: a backup or a peer may have it: "
                + "document=a, revision="
                + first);
    assertThatThrownBy(() -> database.history("a").restore(RevisionId.parse("1-unknown")))
        .isInstanceOf(NoSuchRevisionException.class)
        .hasMessageContaining("document=a, revision=1-unknown");
    assertThatThrownBy(() -> database.history("none").restore(first))
        .isInstanceOf(NoSuchRevisionException.class);
  }

  @Test
  void retention_smallerThanBefore_countsWithTheNextWriteAndWithCompact() {
    RevisionId revision = database.put("a", json("{'n': 0}"));
    database.put("b", json("{}"));
    for (int i = 1; i <= 9; i++) {
      revision = database.put("a", revision, json("{'n': " + i + "}"));
    }
    options = DatabaseOptions.DEFAULT.withRetention(4, 0);
    reopen();
    assertThat(bodies("a")).isEqualTo(6);

    database.compact();

    assertThat(bodies("a")).isEqualTo(1);
    assertThat(database.history("a").entries()).hasSize(4);
    assertThat(database.lastSequence()).isEqualTo(11);
    assertThat(rowKeys(database)).containsExactly("b", "b", "c", "c", "h", "h", "m", "s", "u");

    options = DatabaseOptions.DEFAULT.withRetention(2, 1);
    reopen();
    database.put("a", revision, json("{'n': 10}"));
    assertThat(bodies("a")).isEqualTo(2);
    assertThat(database.history("a").entries()).hasSize(2);
  }

  private long bodies(String id) {
    return database.history(id).entries().stream().filter(HistoryEntry::hasBody).count();
  }

  @Test
  void pin_editsBeyondEveryLimit_keepsWhatWasCurrent() {
    options = DatabaseOptions.DEFAULT.withRetention(3, 0);
    reopen();
    RevisionId revision = database.put("a", json("{'n': 0}"));
    RevisionId pinned = revision;
    long sequence = database.pins().pin("fork");
    for (int i = 1; i <= 10; i++) {
      revision = database.put("a", revision, json("{'n': " + i + "}"));
    }
    reopen();

    assertThat(database.pins().all()).isEqualTo(Map.of("fork", sequence));
    assertThat(database.tree("a").get(pinned)).isEmpty();
    assertThat(database.pins().at("a", sequence).orElseThrow().body()).isEqualTo(json("{'n': 0}"));
    assertThat(database.get("a", pinned)).isPresent();
    assertThat(DatabaseCheck.of(checkpoint()).problems()).isEmpty();

    database.pins().unpin("fork");
    revision = database.put("a", revision, json("{'n': 11}"));
    assertThat(database.get("a", pinned)).isEmpty();
    assertThat(rowKeys(database)).containsExactly("b", "c", "h", "m", "s", "u");
  }

  @Test
  void pin_theSequenceOfThePast_onlyIfAllIsKept() {
    options = DatabaseOptions.DEFAULT.withRetention(100, 2);
    reopen();
    RevisionId revision = database.put("a", json("{'n': 1}"));
    for (int i = 2; i <= 6; i++) {
      revision = database.put("a", revision, json("{'n': " + i + "}"));
    }

    database.pins().pin("kept", 4);
    assertThat(database.pins().at("a", 4).orElseThrow().body()).isEqualTo(json("{'n': 4}"));
    assertThatThrownBy(() -> database.pins().pin("gone", 3))
        .isInstanceOf(NotRetainedException.class)
        .hasMessage(
            "what was current then is not all kept: take a later sequence, or keep more bodies: "
                + "document=a, sequence=3");
    assertThatThrownBy(() -> database.pins().pin("kept", 3))
        .isInstanceOf(NotRetainedException.class);
    assertThatThrownBy(() -> database.pins().pin("later", 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the sequence is between 0 and 6: 7");
    assertThat(database.pins().all()).isEqualTo(Map.of("kept", 4L));
    database.pins().pin("kept");
    assertThat(database.pins().all()).isEqualTo(Map.of("kept", 6L));
  }

  @Test
  void salvage_pinnedBodiesBesideTheTree_areNoNewConflicts() {
    options = DatabaseOptions.DEFAULT.withRetention(2, 0);
    reopen();
    RevisionId revision = database.put("a", json("{'n': 0}"));
    database.pins().pin("fork");
    for (int i = 1; i <= 5; i++) {
      revision = database.put("a", revision, json("{'n': " + i + "}"));
    }

    DatabaseSalvage.Report report = DatabaseSalvage.save(checkpoint(), folder.resolve("saved"));

    assertThat(report.losses()).isEmpty();
    try (Database saved = Database.open(folder.resolve("saved"))) {
      assertThat(saved.tree("a").leaves().stream().map(r -> r.id()).collect(Collectors.toList()))
          .containsExactly(revision);
    }
  }
}
