package dev.stave.database;

import static dev.stave.database.DatabaseTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.changes.Change;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.document.InvalidDocumentException;
import dev.stave.query.Query;
import dev.stave.query.Selector;
import dev.stave.review.MergeRequests;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.storage.MemoryStorage;
import dev.stave.storage.StorageSnapshot;
import dev.stave.watch.Watch;
import dev.stave.watch.WatchEvent;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PurgeTest {

  private MemoryStorage storage = new MemoryStorage();
  private Database database = Database.opened(storage, DatabaseOptions.DEFAULT, 1 << 20);

  @AfterEach
  void close() {
    assertThat(problems()).isEmpty();
    database.close();
  }

  private List<String> problems() {
    try (View view = database.view()) {
      List<String> problems = new ArrayList<>(DatabaseCheck.problems(view.rows()));
      problems.addAll(database.checkIndex());
      return problems;
    }
  }

  /** What a power cut leaves: the index is where its last table was. */
  private void reopenAsAfterACrash(long indexBytes) {
    storage = storage.copy();
    database.close();
    database = Database.opened(storage, DatabaseOptions.DEFAULT, indexBytes);
  }

  private List<RevisionId> purge(String id, RevisionId... leaves) {
    PurgeResult result = database.purge(Map.of(id, List.of(leaves)));
    assertThat(result.purgeSequence()).isEqualTo(database.purges().sequence());
    return result.revisions().get(id);
  }

  private RevisionId graft(String id, String leaf, RevisionId parent, String body) {
    RevisionId revision = RevisionId.parse(leaf);
    List<RevisionId> path = parent == null ? List.of(revision) : List.of(revision, parent);
    database.write(new WriteBatch().graft(id, new RevisionPath(path, false), json(body)));
    return revision;
  }

  private List<String> found(String selector) {
    return database.find(Query.where(json(selector).toString())).stream()
        .map(Document::id)
        .collect(Collectors.toList());
  }

  private List<String> changed() {
    return database.changes(0, 100).stream().map(Change::id).collect(Collectors.toList());
  }

  private String rowKinds() {
    TreeSet<String> kinds = new TreeSet<>();
    try (View view = database.view()) {
      Iterator<StorageSnapshot.Row> rows = view.rows().scan(new byte[0], new byte[] {'~'});
      rows.forEachRemaining(row -> kinds.add(String.valueOf((char) row.key()[0])));
    }
    return String.join("", kinds);
  }

  @Test
  void purge_theOnlyLeaf_leavesNothingOfTheDocument() {
    RevisionId first =
        ((WriteResult.Written)
                database.write(new WriteBatch().author("ann").put("a", json("{'n': 1}"))).get(0))
            .revision();
    RevisionId second = database.put("a", first, json("{'n': 2}"));
    RevisionId other = database.put("b", json("{'n': 2}"));

    assertThat(purge("a", second)).containsExactly(second);

    assertThat(database.get("a")).isEmpty();
    assertThat(database.get("a", first)).isEmpty();
    assertThat(database.tree("a").leaves()).isEmpty();
    assertThat(database.history("a").entries()).isEmpty();
    assertThat(found("{'n': 2}")).containsExactly("b");
    assertThat(changed()).containsExactly("b");
    assertThat(database.count()).isEqualTo(1);
    assertThat(database.lastSequence()).isEqualTo(4);
    assertThat(purge("b", other)).containsExactly(other);
    assertThat(rowKinds()).isEqualTo("gjmnuyz"); // what was there tells of no document
  }

  @Test
  void purge_tombstone_isCountedNoMore() {
    RevisionId first = database.put("a", json("{}"));
    RevisionId deleted = database.delete("a", first);

    assertThat(purge("a", deleted)).containsExactly(deleted);

    assertThat(database.deletedCount()).isZero();
    assertThat(database.count()).isZero();
    assertThat(database.put("a", json("{}"))).isEqualTo(first); // begins anew
  }

  @Test
  void purge_whatIsNoLeafOrNotKnown_changesNothing() {
    RevisionId first = database.put("a", json("{'n': 1}"));
    RevisionId second = database.put("a", first, json("{'n': 2}"));
    long before = database.lastSequence();

    PurgeResult result =
        database.purge(
            Map.of("a", List.of(first, RevisionId.parse("2-unknown")), "none", List.of(first)));

    assertThat(result).isEqualTo(new PurgeResult(0, Map.of("a", List.of(), "none", List.of())));
    assertThat(database.lastSequence()).isEqualTo(before);
    assertThat(database.get("a").orElseThrow().revision()).isEqualTo(second);
    assertThat(purge("a", second, second, first)).containsExactly(second);
    assertThat(database.purge(Map.of())).isEqualTo(new PurgeResult(1, Map.of()));
    assertThatThrownBy(() -> purge("_a", second)).isInstanceOf(InvalidDocumentException.class);
  }

  @Test
  void purge_theWinner_anotherLeafWins() {
    RevisionId root = database.put("a", json("{'n': 0}"));
    RevisionId loser = graft("a", "2-a", root, "{'n': 1}");
    RevisionId winner = graft("a", "2-b", root, "{'n': 2}");
    long before = database.lastSequence();
    assertThat(MergeRequests.of(database).count()).isEqualTo(1);

    assertThat(purge("a", winner)).containsExactly(winner);

    assertThat(database.get("a").orElseThrow().revision()).isEqualTo(loser);
    assertThat(found("{'n': 1}")).containsExactly("a");
    assertThat(found("{'n': 2}")).isEmpty();
    assertThat(database.changes(0, 10)).containsExactly(new Change(before + 1, "a", loser, false));
    assertThat(database.tree("a").get(root)).isPresent();
    assertThat(database.tree("a").get(winner)).isEmpty();
    assertThat(MergeRequests.of(database).count()).isZero();
  }

  @Test
  void purge_aLoser_theFeedTellsOfTheWinnerAgain() {
    RevisionId root = database.put("a", json("{'n': 0}"));
    RevisionId loser = graft("a", "2-a", root, "{'n': 1}");
    RevisionId winner = graft("a", "2-b", root, "{'n': 2}");
    long before = database.lastSequence();

    assertThat(purge("a", loser)).containsExactly(loser);

    assertThat(database.changes(before, 10))
        .containsExactly(new Change(before + 1, "a", winner, false));
    assertThat(found("{'n': 2}")).containsExactly("a");
    assertThat(database.get("a", loser)).isEmpty();
  }

  @Test
  void purge_aLiveLeafBesideATombstone_theDocumentIsDeleted() {
    RevisionId root = database.put("a", json("{'n': 0}"));
    RevisionId live = graft("a", "2-a", root, "{'n': 1}");
    RevisionId deleted = RevisionId.parse("2-b");
    database.write(
        new WriteBatch()
            .graft("a", new RevisionPath(List.of(deleted, root), true), json("{'n': 2}")));

    assertThat(purge("a", live)).containsExactly(live);

    assertThat(database.get("a")).isEmpty();
    assertThat(database.deletedCount()).isEqualTo(1);
    assertThat(changed()).containsExactly("a");
    assertThat(found("{'n': 1}")).isEmpty();
  }

  @Test
  void purge_aLongHistory_takesAllOfItsRows() {
    RevisionId revision = database.put("a", json("{}"));
    for (int i = 0; i < 200; i++) {
      revision = database.put("a", revision, json("{'n': " + i + "}"));
    }
    assertThat(rowKinds()).contains("q");

    RevisionId branch = graft("a", "1-branch", null, "{}");
    assertThat(purge("a", revision)).containsExactly(revision);
    assertThat(rowKinds()).isEqualTo("bchjmnuy");
    assertThat(purge("a", branch)).containsExactly(branch);
    assertThat(rowKinds()).isEqualTo("gjmnuy");
  }

  @Test
  void purge_aBranchOfManyThatAreApart_takesTheRowOfTheTree() {
    List<RevisionId> branches = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      branches.add(graft("a", "1-" + i, null, "{}"));
    }
    assertThat(rowKinds()).contains("t");

    purge("a", branches.subList(1, 300).toArray(new RevisionId[0]));

    assertThat(rowKinds()).isEqualTo("bchjmnuy");
    assertThat(database.get("a").orElseThrow().revision()).isEqualTo(branches.get(0));
  }

  @Test
  void purge_theLastWhoRefersToAttachment_itsBytesGo() throws Exception {
    Attachment attachment;
    RevisionId a;
    RevisionId b;
    try (AttachmentUpload upload =
        database.attachments().store("text/plain", new ByteArrayInputStream(new byte[9]))) {
      attachment = upload.finish();
      a = database.put("a", json("{}"), Map.of("x", attachment));
      b = database.put("b", json("{}"), Map.of("y", attachment));
    }

    purge("a", a);
    assertThat(database.attachments().has(attachment)).isTrue();
    purge("b", b);
    assertThat(database.attachments().has(attachment)).isFalse();
    assertThat(rowKinds()).doesNotContain("d").doesNotContain("a");
  }

  @Test
  void purge_thenReplicatedAgain_isBack() {
    RevisionId revision = database.put("a", json("{'n': 1}"));
    purge("a", revision);

    assertThat(graft("a", revision.toString(), null, "{'n': 1}")).isEqualTo(revision);

    assertThat(database.get("a").orElseThrow().revision()).isEqualTo(revision);
    assertThat(found("{'n': 1}")).containsExactly("a");
    reopenAsAfterACrash(0);
    assertThat(found("{'n': 1}")).containsExactly("a");
  }

  @Test
  void purge_beforeTheIndexIsWritten_isKnownToItWhenTheDatabaseIsOpenedAgain() {
    reopenAsAfterACrash(0);
    RevisionId revision = database.put("a", json("{'n': 1}"));
    RevisionId kept = database.put("b", json("{'n': 1}"));
    reopenAsAfterACrash(1 << 20);
    purge("a", revision);

    reopenAsAfterACrash(0);

    assertThat(found("{'n': 1}")).containsExactly("b");
    assertThat(problems()).isEmpty();
    database.put("b", kept, json("{'n': 2}"));
    reopenAsAfterACrash(0);
    reopenAsAfterACrash(0);
    assertThat(rowKinds()).doesNotContain("g"); // the index has it in its tables
    assertThat(found("{'n': 1}")).isEmpty();
  }

  @Test
  void purge_inABatch_seesWhatIsBeforeItAndIsSeenByWhatIsBehindIt() {
    RevisionId one = database.put("a", json("{'n': 1}"));
    List<WriteResult> results =
        database.write(
            new WriteBatch()
                .put("b", json("{'n': 1}"))
                .purge("b", List.of(one))
                .purge("a", List.of(one))
                .put("a", json("{'n': 3}"))
                .putLocal("scope", json("{}")));

    assertThat(results.get(1)).isEqualTo(new WriteResult.Purged("b", List.of(one), 1));
    assertThat(results.get(2)).isEqualTo(new WriteResult.Purged("a", List.of(one), 2));
    assertThat(database.tree("a").revisions()).hasSize(1);
    assertThat(found("{'n': 3}")).containsExactly("a");
    assertThat(found("{'n': 1}")).isEmpty();
    assertThat(changed()).containsExactly("a");
  }

  @Test
  void purge_designDocument_isGone() {
    RevisionId revision = database.put("_design/a", json("{'views': {}}"));
    purge("_design/a", revision);
    assertThat(database.get("_design/a")).isEmpty();
    assertThat(database.count()).isZero();
  }

  @Test
  void purge_aSchema_isInForceNoMore() {
    String id = "stave.schema.s";
    RevisionId schema =
        database.put(id, json("{'stave': 'schema', 'schema': {'required': ['name']}}"));
    assertThatThrownBy(() -> database.put("a", json("{}"))).hasMessageContaining("name");

    purge(id, schema);

    assertThat(database.put("a", json("{}")).generation()).isEqualTo(1);
  }

  @Test
  void purge_withWatches_tellsThem() throws Exception {
    RevisionId root = database.put("a", json("{'n': 1}"));
    RevisionId loser = graft("a", "2-a", root, "{'n': 1, 'm': 1}");
    RevisionId winner = graft("a", "2-b", root, "{'n': 1, 'm': 2}");
    try (Watch watch = database.watch(Selector.parse("{\"n\": 1}"), document -> {})) {
      purge("a", winner);
      WatchEvent.Changed changed = (WatchEvent.Changed) next(watch);
      assertThat(changed.document().revision()).isEqualTo(loser);
      purge("a", loser);
      assertThat(next(watch)).isEqualTo(new WatchEvent.Removed(database.lastSequence(), "a"));
    }
  }

  private static WatchEvent next(Watch watch) throws InterruptedException {
    return watch.poll(Duration.ofSeconds(10)).orElseThrow();
  }

  @Test
  void purge_ofWhatATransactionFound_hasItRunAgain() {
    RevisionId revision = database.put("a", json("{'n': 1}"));
    database.put("b", json("{'n': 1}"));
    List<Integer> sizes = new ArrayList<>();

    database.transact(
        transaction -> {
          sizes.add(transaction.find(Query.where("{\"n\": 1}")).size());
          if (sizes.size() == 1) {
            purge("a", revision);
          }
          transaction.put("sum", json("{'sum': " + sizes.get(sizes.size() - 1) + "}"));
          return null;
        });

    assertThat(sizes).containsExactly(2, 1);
    assertThat(found("{'sum': 1}")).containsExactly("sum");
  }

  @Test
  void purge_ofAForksParentAndOfAFork_theOtherIsUntouched() {
    RevisionId revision = database.put("a", json("{'n': 1}"));
    long before = database.lastSequence();
    try (Database fork = database.fork("f")) {
      purge("a", revision);
      assertThat(fork.get("a")).isPresent();
      assertThat(fork.purges().sequence()).isZero();
    }
    RevisionId again = database.put("a", json("{'n': 1}"));
    try (Database fork = database.fork("g");
        Database then = database.forks().create("h", before)) {
      fork.purge(Map.of("a", List.of(again)));
      assertThat(fork.purges().sequence()).isEqualTo(2);
      assertThat(database.get("a")).isPresent();
      assertThat(then.get("a")).isEmpty(); // as if it had never been
    }
  }

  @Test
  void since_newestPurges_areToldUpToTheLimit() {
    List<RevisionId> revisions = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      revisions.add(database.put("d" + i, json("{}")));
      purge("d" + i, revisions.get(i));
    }
    Purges purges = database.purges();
    assertThat(purges.limit()).isEqualTo(1_000);
    assertThat(purges.since(3, 10))
        .contains(
            List.of(
                new Purge(4, 8, "d3", List.of(revisions.get(3))),
                new Purge(5, 10, "d4", List.of(revisions.get(4)))));
    assertThat(purges.since(0, 2).orElseThrow()).extracting(Purge::id).containsExactly("d0", "d1");
    assertThat(purges.since(5, 10)).contains(List.of());
    assertThat(purges.since(6, 10)).isEmpty(); // of another database

    purges.setLimit(2);

    assertThat(purges.all()).extracting(Purge::purgeSequence).containsExactly(4L, 5L);
    assertThat(purges.since(3, 10)).isPresent();
    assertThat(purges.since(2, 10)).isEmpty();
    reopenAsAfterACrash(1 << 20);
    assertThat(database.purges().limit()).isEqualTo(2);
    purge("e", database.put("e", json("{}")));
    assertThat(database.purges().all()).extracting(Purge::id).containsExactly("d4", "e");
    assertThat(database.purges().sequence()).isEqualTo(6);
  }

  @Test
  void setLimit_outsideItsBounds_isRefused() {
    Purges purges = database.purges();
    purges.setLimit(1);
    assertThat(purges.limit()).isEqualTo(1);
    purges.setLimit(Purges.MAX_LIMIT);
    assertThat(purges.limit()).isEqualTo(Purges.MAX_LIMIT);
    assertThatThrownBy(() -> purges.setLimit(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the limit of purges is between 1 and 1000000, and not 0");
    assertThatThrownBy(() -> purges.setLimit(Purges.MAX_LIMIT + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(purges.limit()).isEqualTo(Purges.MAX_LIMIT);
  }

  @Test
  void purge_aPinnedRevision_isNotKeptForThePin() {
    RevisionId root = database.put("a", json("{'n': 0}"));
    RevisionId left = graft("a", "2-a", root, "{'n': 1}");
    long pin = database.pins().pin("p");
    graft("a", "2-b", root, "{'n': 2}");

    purge("a", left);

    assertThat(database.get("a", left)).isEmpty();
    assertThat(database.pins().at("a", pin).map(Document::revision)).isEqualTo(Optional.of(root));
  }
}
