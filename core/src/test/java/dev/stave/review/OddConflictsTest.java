package dev.stave.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import dev.stave.database.SmallDatabases;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPointer;
import dev.stave.merge.MergePolicy;
import dev.stave.merge.Resolution;
import dev.stave.merge.Strategy;
import dev.stave.review.Comment.Verdict;
import dev.stave.review.MergeRequest.State;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Conflicts of odd shapes, and what others may have written. */
class OddConflictsTest {

  private final Database database = Database.inMemory();
  private final MergeRequests requests = MergeRequests.of(database);
  private final List<Database> others = new ArrayList<>();

  @AfterEach
  void close() {
    database.close();
    others.forEach(Database::close);
  }

  private static JsonObject json(String text) {
    return JsonObject.parse(text.replace('\'', '"'));
  }

  private RevisionId graft(RevisionId parent, boolean deleted, String text) {
    return graft(database, "a", parent, deleted, json(text));
  }

  private static RevisionId graft(
      Database to, String id, RevisionId parent, boolean deleted, JsonObject body) {
    RevisionId revision = RevisionId.of(parent, deleted, body.sharedTree());
    to.write(
        new WriteBatch().graft(id, new RevisionPath(List.of(revision, parent), deleted), body));
    return revision;
  }

  /** A peer that has the leaves of the document alone, as a new one gets them. */
  private Database newPeer() {
    Database peer = Database.inMemory();
    others.add(peer);
    for (Revision leaf : database.tree("a").leaves()) {
      List<RevisionId> path =
          database.tree("a").path(leaf.id()).stream()
              .map(Revision::id)
              .collect(Collectors.toList());
      JsonObject body = database.get("a", leaf.id()).orElseThrow().body();
      peer.write(new WriteBatch().graft("a", new RevisionPath(path, leaf.deleted()), body));
    }
    return peer;
  }

  private void countWithPolicy() {
    requests.setRules(
        new ReviewRules(MergePolicy.NONE.with("n", Strategy.Plain.COUNTER), List.of()));
  }

  private MergeRequest open() {
    return requests.openOf("a").orElseThrow();
  }

  private String body() {
    return database.get("a").orElseThrow().body().toString();
  }

  @Test
  void open_twoShareMoreThanThree_areMergedFirst() {
    countWithPolicy();
    RevisionId base = database.put("a", json("{'n': 10}"));
    RevisionId shared = graft(base, false, "{'n': 11}");
    RevisionId one = graft(shared, false, "{'n': 12}");
    RevisionId two = graft(shared, false, "{'n': 13}");
    RevisionId far = graft(base, false, "{'n': 20}");

    assertThat(open().sides()).containsExactlyInAnyOrder(one, two);
    assertThat(open().base()).isEqualTo(shared);
    requests.mergeByPolicy(open());
    assertThat(open().sides()).contains(far);
    assertThat(open().base()).isEqualTo(base);
    requests.mergeByPolicy(open());

    assertThat(body()).isEqualTo("{\"n\":24}");
  }

  @Test
  void merge_ofOtherBranchesToTheSameBody_isAnotherRevision() {
    countWithPolicy();
    RevisionId base = database.put("a", json("{'n': 10}"));
    RevisionId winner = graft(graft(base, false, "{'n': 11}"), false, "{'n': 13}");
    RevisionId one = graft(base, false, "{'n': 12}");
    RevisionId two = graft(graft(base, false, "{'n': 11, 'x': 1}"), false, "{'n': 12}");

    assertThat(RevisionId.ofMerge(winner, List.of(one), false, json("{'n': 15}").sharedTree()))
        .isNotEqualTo(
            RevisionId.ofMerge(winner, List.of(two), false, json("{'n': 15}").sharedTree()));
    requests.mergeByPolicy(open());

    assertThat(body()).isEqualTo("{\"n\":17}");
  }

  @Test
  void undo_onAPeerThatGetsTheLeavesAlone_isHeldThereToo() {
    RevisionId base = database.put("a", json("{'n': 1}"));
    graft(base, false, "{'n': 1, 'x': 1}");
    graft(base, false, "{'n': 1, 'y': 1}");
    requests.mergeByPolicy(open());
    requests.undo(requests.of("a").get(0), "iko", "not yet");

    MergeRequests there = MergeRequests.of(newPeer());
    MergeRequest again = there.openOf("a").orElseThrow();

    assertThat(again).isEqualTo(open());
    assertThat(there.preview(again).held()).contains("what settled it was undone");
  }

  @Test
  void undo_thenAnEdit_isStillHeldAndMergedByHandForGood() {
    RevisionId base = database.put("a", json("{'n': 1}"));
    graft(base, false, "{'n': 1, 'x': 1}");
    graft(base, false, "{'n': 1, 'y': 1}");
    requests.mergeByPolicy(open());
    MergeRequest again = requests.undo(requests.of("a").get(0), "iko", null).orElseThrow();
    database.put("a", again.sides().get(1), json("{'n': 1, 'z': 1}"));

    assertThat(requests.preview(open()).held()).containsExactly("what settled it was undone");
    RevisionId merge = requests.merge(open(), json("{'mine': true}"), "iko", null);
    database.put("a", merge, json("{'mine': true, 'k': 1}"));
    graft(merge, false, "{'mine': true, 'l': 1}");

    assertThat(requests.mergeByPolicy(open())).isInstanceOf(MergeOutcome.Merged.class);
    assertThat(requests.of("a"))
        .extracting(MergeRequest::state)
        .containsExactly(State.MERGED_BY_POLICY, State.MERGED_BY_HAND);
  }

  @Test
  void undo_twice_isRefused() {
    RevisionId base = database.put("a", json("{'n': 1}"));
    graft(base, false, "{'n': 2}");
    graft(base, false, "{'n': 3}");
    requests.close(open(), open().sides().get(1), "bob", null);
    MergeRequest closed = requests.of("a").get(0);
    requests.undo(closed, "bob", null);

    assertThatThrownBy(() -> requests.undo(closed, "bob", null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("undone before");
    assertThat(requests.of("a")).hasSize(1);
  }

  @Test
  void undo_closingOfWhichTheKeptSideIsDeleted_bringsTheOtherBack() {
    RevisionId base = database.put("a", json("{'n': 1}"));
    graft(base, false, "{'n': 2}");
    RevisionId other = graft(base, false, "{'n': 3}");
    RevisionId keep =
        open().sides().stream().filter(s -> !s.equals(other)).findFirst().orElseThrow();
    requests.close(open(), keep, "bob", null);
    database.write(new WriteBatch().delete("a", keep));

    assertThat(requests.undo(requests.of("a").get(0), "bob", null)).isEmpty();
    assertThat(body()).isEqualTo("{\"n\":3}");
  }

  @Test
  void close_ofAMerge_isNotTheMergeAndUndoneAlone() {
    RevisionId base = database.put("a", json("{'n': 1}"));
    graft(base, false, "{'x': 1}");
    graft(base, false, "{'n': 1, 'y': 1}");
    RevisionId merge = ((MergeOutcome.Merged) requests.mergeByPolicy(open())).revision();
    RevisionId late = graft(base, false, "{'n': 1, 'late': 1}");
    requests.close(open(), merge, "bob", null);

    List<MergeRequest> all = requests.of("a");
    assertThat(all)
        .extracting(MergeRequest::state)
        .containsExactlyInAnyOrder(State.MERGED_BY_POLICY, State.CLOSED);
    MergeRequest closed =
        all.stream().filter(r -> r.state() == State.CLOSED).findFirst().orElseThrow();
    assertThat(closed.sides()).containsExactly(merge, late);
    assertThat(requests.undo(closed, "bob", null).orElseThrow().sides()).hasSize(2).contains(merge);
  }

  @Test
  void close_sideThatIsEditedElsewhere_isForAPerson() {
    RevisionId base = database.put("a", json("{'n': 1}"));
    graft(base, false, "{'n': 1, 'x': 1}");
    RevisionId wrong = graft(base, false, "{'n': 1, 'y': 1}");
    RevisionId keep =
        open().sides().stream().filter(s -> !s.equals(wrong)).findFirst().orElseThrow();
    requests.close(open(), keep, "bob", "a mistake");
    graft(wrong, false, "{'n': 1, 'y': 2}");

    assertThat(requests.preview(open()).held()).containsExactly("a side of it was closed");
  }

  @Test
  void latest_afterAMergeByPolicy_stillDecides() {
    requests.setRules(
        new ReviewRules(MergePolicy.NONE.otherwise(Strategy.Plain.LATEST), List.of()));
    RevisionId base = database.put("a", json("{'n': 1, 'm': 1}"));
    database.write(new WriteBatch().author("x").put("a", base, json("{'n': 2, 'm': 1}")));
    Database there = Database.inMemory();
    others.add(there);
    there.put("a", json("{'n': 1, 'm': 1}"));
    there.write(new WriteBatch().author("y").put("a", base, json("{'n': 1, 'm': 5}")));
    send(there, base);
    assertThat(requests.mergeByPolicy(open())).isInstanceOf(MergeOutcome.Merged.class);
    Database late = Database.inMemory();
    others.add(late);
    late.put("a", json("{'n': 1, 'm': 1}"));
    late.write(new WriteBatch().author("z").put("a", base, json("{'n': 9, 'm': 1}")));
    send(late, base);

    assertThat(requests.mergeByPolicy(open())).isInstanceOf(MergeOutcome.Merged.class);
    assertThat(body()).isEqualTo("{\"n\":9,\"m\":5}");
  }

  private void send(Database from, RevisionId base) {
    Document document = from.get("a").orElseThrow();
    database.write(
        new WriteBatch()
            .graft(
                "a",
                new RevisionPath(List.of(document.revision(), base), false),
                document.body(),
                from.history("a").provenances()));
  }

  @Test
  void preview_historyWithoutItsBeginning_isHeld() {
    JsonObject one = json("{'x': 1}");
    JsonObject two = json("{'y': 1}");
    database.write(
        new WriteBatch()
            .graft("a", new RevisionPath(List.of(RevisionId.parse("7-aa")), false), one)
            .graft("a", new RevisionPath(List.of(RevisionId.parse("7-bb")), false), two));

    assertThat(requests.preview(open()).held())
        .containsExactly("the body of the base is not kept here");
    requests.merge(open(), json("{'x': 1, 'y': 1}"), "iko", null);
    assertThat(requests.open()).isEmpty();
  }

  @Test
  void tombstones_ofOthersWithOddBodies_sayNothing() {
    RevisionId base = database.put("a", json("{'n': 1}"));
    RevisionId here = graft(base, false, "{'n': 1, 'x': 1}");
    RevisionId there = graft(base, false, "{'n': 1, 'y': 1}");
    List<String> odd =
        List.of(
            "{'merged_into': 7}",
            "{'merged_into': 'none'}",
            "{'merged_into': '9-unknown'}",
            "{'merged_into': '" + base + "'}",
            "{'merged_into': '" + here + "'}",
            "{'closed_for': {}}",
            "{'undoes': 'x', 'sides': 7}",
            "{'undoes': '2-b', 'sides': ['x', 8]}");
    for (String body : odd) {
      graft(there, true, body);
    }
    graft(there, false, "{'n': 1, 'y': 2}");

    assertThat(requests.openOf("a")).isPresent();
    assertThat(requests.of("a")).hasSize(1);
    assertThat(requests.mergeByPolicy(open())).isInstanceOf(MergeOutcome.Merged.class);
    assertThat(database.get("a").orElseThrow().body()).isEqualTo(json("{'n': 1, 'x': 1, 'y': 2}"));
  }

  @Test
  void rules_thatCannotBeRead_holdMergesAndLetPeopleWork() {
    database.put(ReviewRules.DOCUMENT, json("{'policy': {'rules': 7}}"));
    RevisionId base = database.put("a", json("{'n': 1}"));
    graft(base, false, "{'n': 1, 'x': 1}");
    graft(base, false, "{'n': 1, 'y': 1}");

    assertThat(requests.open()).hasSize(1);
    assertThat(((MergeOutcome.Held) requests.mergeByPolicy(open())).reasons())
        .singleElement()
        .asString()
        .startsWith("the rules cannot be read: ");
    requests.merge(open(), Map.of(), "iko", null);
    assertThat(requests.open()).isEmpty();
  }

  @Test
  void function_thatThrows_leavesItToAPersonAndSaysSo() {
    requests.setRules(
        new ReviewRules(MergePolicy.NONE.with("n", new Strategy.Function("own")), List.of()));
    RevisionId base = database.put("a", json("{'n': 1}"));
    graft(base, false, "{'n': 2}");
    graft(base, false, "{'n': 3}");
    MergeRequests failing =
        requests.with(
            Map.of(
                "own",
                (path, value, sides) -> {
                  throw new ArithmeticException("no");
                }));

    assertThat(failing.preview(open()).held())
        .contains(
            "there are clashes", "function own failed at /n: " + new ArithmeticException("no"));
    failing.merge(open(), json("{'n': 4}"), "iko", null);
    assertThat(body()).isEqualTo("{\"n\":4}");
  }

  @Test
  void comments_ofALongOddId_areFound() {
    for (String id : List.of("x".repeat(512), "a@b@", "@", "a@1-b", "\u00e9 \"q\" \\ {}")) {
      RevisionId base = database.put(id, json("{'n': 1}"));
      database.put(id, base, json("{'n': 2}"));
      graft(database, id, base, false, json("{'n': 3}"));
      MergeRequest request = requests.openOf(id).orElseThrow();
      requests.comment(request, "iko", "hm");
      requests.review(request, "eve", null, Verdict.APPROVE, "");

      assertThat(requests.get(request.id())).as(id).isEqualTo(Optional.of(request));
      assertThat(requests.comments(request)).as(id).hasSize(2);
    }
  }

  @Test
  void comments_withOddMembers_areLeftOut() {
    RevisionId base = database.put("a", json("{'n': 1}"));
    graft(base, false, "{'n': 2}");
    graft(base, false, "{'n': 3}");
    String begin = "{'stave': 'comment', 'request': '" + open().id() + "'";
    database.put("c1", json(begin + "}"));
    database.put("c2", json(begin + ", 'author': 7, 'at': '2026-01-01T00:00:00Z'}"));
    database.put("c3", json(begin + ", 'author': 'x', 'at': 'noon'}"));
    String good = ", 'author': 'x', 'at': '2026-01-01T00:00:00Z'";
    database.put("c4", json(begin + good + ", 'sides': ['?']}"));
    database.put("c5", json(begin + good + ", 'verdict': 'perhaps'}"));
    database.put("c6", json(begin + good + ", 'text': 'yes'}"));

    assertThat(requests.comments(open())).extracting(Comment::text).containsExactly("yes");
  }

  @Test
  void merge_amongThreeHundredDeletedConflicts_seesTheLiveOnes() {
    RevisionId base = database.put("a", json("{'n': 1}"));
    graft(base, false, "{'n': 1, 'x': 1}");
    graft(base, false, "{'n': 1, 'y': 1}");
    for (int i = 0; i < 300; i++) {
      graft(graft(base, false, "{'n': 1, 'k': " + i + "}"), true, "{}");
    }

    assertThat(open().sides()).hasSize(2);
    requests.mergeByPolicy(open());
    assertThat(body()).isEqualTo("{\"n\":1,\"x\":1,\"y\":1}");
    assertThat(requests.of("a")).hasSize(1);
  }

  @Test
  void merge_manyLeaves_isOneMerge() {
    RevisionId base = database.put("a", json("{'n': 0}"));
    countWithPolicy();
    WriteBatch batch = new WriteBatch();
    int leaves = Integer.getInteger("stave.review.leaves", 1_000);
    for (int i = 1; i <= leaves; i++) {
      JsonObject body = json("{'n': " + i + "}");
      RevisionId revision = RevisionId.of(base, false, body.sharedTree());
      batch.graft("a", new RevisionPath(List.of(revision, base), false), body);
    }
    database.write(batch);

    assertThat(open().sides()).hasSize(leaves);
    assertThat(requests.mergeByPolicy(open())).isInstanceOf(MergeOutcome.Merged.class);
    assertThat(database.get("a").orElseThrow().body().sharedTree().path("n").asInt())
        .isEqualTo(leaves * (leaves + 1) / 2);
    assertThat(requests.open()).isEmpty();
  }

  @Test
  void preview_aRequestThatWasEditedSince_isHeldAndOutdated() {
    RevisionId base = database.put("a", json("{'n': 1}"));
    graft(base, false, "{'n': 1, 'x': 1}");
    graft(base, false, "{'n': 1, 'y': 1}");
    MergeRequest read = open();
    database.put("a", read.sides().get(0), json("{'n': 1, 'z': 1}"));

    assertThat(requests.preview(read).held())
        .containsExactly("it was changed since: read it again");
    assertThat(requests.mergeByPolicy(read)).isEqualTo(new MergeOutcome.Outdated());
    for (int i = 0; i < 10; i++) { // until the bodies of what was read are gone
      database.put("a", database.get("a").orElseThrow().revision(), json("{'n': " + i + "}"));
    }
    assertThat(requests.mergeByPolicy(read)).isEqualTo(new MergeOutcome.Outdated());
  }

  @Test
  void merge_takesABaseThatIsNotKept_isRefused() {
    Database forgetful = SmallDatabases.inMemory(DatabaseOptions.DEFAULT.withRetention(100, 0));
    others.add(forgetful);
    RevisionId base = forgetful.put("a", json("{'n': 1}"));
    forgetful.put("a", forgetful.put("a", base, json("{'n': 2}")), json("{'n': 3}"));
    graft(forgetful, "a", base, false, json("{'n': 4}"));
    MergeRequests there = MergeRequests.of(forgetful);
    MergeRequest request = there.open().get(0);
    JsonPointer n = JsonPointer.parse("/n");

    assertThatThrownBy(
            () -> there.merge(request, Map.of(n, new Resolution.TakeBase()), "iko", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the base is not kept here")
        .hasMessageContaining("/n");
    there.merge(request, Map.of(n, new Resolution.Take(1)), "iko", null);
    assertThat(forgetful.get("a").orElseThrow().body()).isEqualTo(json("{'n': 4}"));
  }

  @Test
  void merge_byNobody_isRefused() {
    RevisionId base = database.put("a", json("{'n': 1}"));
    graft(base, false, "{'n': 1, 'x': 1}");
    graft(base, false, "{'n': 1, 'y': 1}");

    assertThatThrownBy(() -> requests.merge(open(), Map.of(), null, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("author");
    assertThat(requests.count()).isEqualTo(1);
  }

  @Test
  void preview_aValidatorThatFails_isHeld() {
    Database strict =
        SmallDatabases.inMemory(
            DatabaseOptions.DEFAULT.withValidator(
                document -> {
                  if (document.body().sharedTree().size() == 3) {
                    throw new UnsupportedOperationException("three is too much");
                  }
                  return List.of();
                }));
    others.add(strict);
    RevisionId base = strict.put("a", json("{'n': 1}"));
    graft(strict, "a", base, false, json("{'n': 1, 'x': 1}"));
    graft(strict, "a", base, false, json("{'n': 1, 'y': 1}"));
    MergeRequests there = MergeRequests.of(strict);

    assertThat(there.mergeByPolicy(there.open().get(0)))
        .isEqualTo(
            new MergeOutcome.Held(
                List.of(
                    "a validator failed: java.lang.UnsupportedOperationException: three is too"
                        + " much")));
  }

  @Test
  void base_inABranchThatIsClosed_isKeptHoweverLongThatIs() {
    RevisionId root = database.put("a", json("{'n': 1}"));
    RevisionId x = graft(root, false, "{'n': 1, 'x': 1}");
    RevisionId shared = graft(root, false, "{'n': 1, 'y': 1}");
    RevisionId end = shared;
    RevisionId other = graft(shared, false, "{'n': 1, 'y': 1, 'z': 0}");
    for (int i = 1; i <= 8; i++) {
      end = graft(end, false, "{'n': 1, 'y': 1, 'long': " + i + "}");
      other = graft(other, false, "{'n': 1, 'y': 1, 'z': " + i + "}");
    }
    for (int i = 1; i <= 10; i++) {
      x = graft(x, false, "{'n': 1, 'x': " + i + "}");
    }
    WriteBatch batch = new WriteBatch();
    MergeRequests.addMerge( // as a peer merges it that does not know the third
        new MergeRequest("a", root, List.of(x, end), State.OPEN, null, Optional.empty()),
        json("{'n': 1, 'x': 10, 'y': 1, 'long': 8}").tree(),
        batch);
    database.write(batch);

    assertThat(open().base()).isEqualTo(shared);
    assertThat(requests.preview(open()).isBaseKept()).isTrue();
    assertThat(requests.mergeByPolicy(open())).isInstanceOf(MergeOutcome.Merged.class);
    assertThat(body()).isEqualTo("{\"n\":1,\"y\":1,\"x\":10,\"long\":8,\"z\":8}");
    assertThat(database.get("a", shared)).isEmpty();
  }

  @Test
  void base_whoseBodyIsForgotten_isHeld() {
    Database forgetful = SmallDatabases.inMemory(DatabaseOptions.DEFAULT.withRetention(100, 0));
    others.add(forgetful);
    RevisionId base = forgetful.put("a", json("{'n': 1}"));
    RevisionId here = forgetful.put("a", base, json("{'n': 2}"));
    forgetful.put("a", here, json("{'n': 3}"));
    graft(forgetful, "a", base, false, json("{'n': 1, 'y': 1}"));
    MergeRequests there = MergeRequests.of(forgetful);

    assertThat(there.mergeByPolicy(there.open().get(0)))
        .isEqualTo(
            new MergeOutcome.Held(
                List.of("there are clashes", "the body of the base is not kept here")));
  }
}
