package dev.stave.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.database.HistoryEntry;
import dev.stave.database.StaleRevisionException;
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
import dev.stave.validation.RefusedDocumentException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A conflict from the first look to the last word. */
class MergeRequestsTest {

  private final Database database = Database.inMemory();
  private final MergeRequests requests = MergeRequests.of(database);

  @AfterEach
  void close() {
    database.close();
  }

  /** Two edits of one revision: here, and as a peer would send it. Returns the revision before. */
  private RevisionId conflict(String id, String base, String here, String there) {
    RevisionId first = database.put(id, JsonObject.parse(base));
    database.put(id, first, JsonObject.parse(here));
    graft(id, first, there);
    return first;
  }

  private RevisionId graft(String id, RevisionId parent, String json) {
    JsonObject body = JsonObject.parse(json);
    RevisionId revision = RevisionId.of(parent, false, body.sharedTree());
    database.write(
        new WriteBatch().graft(id, new RevisionPath(List.of(revision, parent), false), body));
    return revision;
  }

  private MergeRequest only() {
    assertThat(requests.count()).isEqualTo(1);
    List<MergeRequest> open = requests.open();
    assertThat(open).hasSize(1);
    return open.get(0);
  }

  private List<RevisionId> liveLeaves(String id) {
    return database.tree(id).leaves().stream()
        .filter(leaf -> !leaf.deleted())
        .map(Revision::id)
        .collect(Collectors.toList());
  }

  @Test
  void open_noConflict_isNone() {
    database.put("a", JsonObject.parse("{}"));

    assertThat(requests.open()).isEmpty();
    assertThat(requests.openOf("a")).isEmpty();
    assertThat(requests.of("nobody")).isEmpty();
    assertThat(requests.get("a@")).isEmpty();
  }

  @Test
  void mergeByPolicy_editsOfDifferentFields_areBothThere() {
    RevisionId base =
        conflict(
            "a",
            "{\"city\": \"Paris\", \"n\": 1, \"old\": true}",
            "{\"city\": \"Lyon\", \"n\": 1}",
            "{\"city\": \"Paris\", \"n\": 2, \"old\": true}");
    MergeRequest request = only();

    assertThat(request.base()).isEqualTo(base);
    assertThat(request.sides()).containsExactlyElementsOf(liveLeaves("a"));
    MergeOutcome outcome = requests.mergeByPolicy(request);

    Document merged = database.get("a").orElseThrow();
    assertThat(merged.body()).isEqualTo(JsonObject.parse("{\"city\": \"Lyon\", \"n\": 2}"));
    assertThat(outcome).isEqualTo(new MergeOutcome.Merged(merged.revision()));
    assertThat(liveLeaves("a")).containsExactly(merged.revision());
    assertThat(requests.open()).isEmpty();
    MergeRequest settled = requests.get(request.id()).orElseThrow();
    assertThat(settled.state()).isEqualTo(State.MERGED_BY_POLICY);
    assertThat(settled.result()).isEqualTo(merged.revision());
    assertThat(settled.sides()).isEqualTo(request.sides());
    assertThat(requests.mergeByPolicy(request)).isEqualTo(new MergeOutcome.Outdated());
  }

  @Test
  void merge_clash_takesWhatThePersonChose() {
    conflict("a", "{\"n\": 1, \"m\": 1}", "{\"n\": 2, \"m\": 1}", "{\"n\": 3, \"m\": 5}");
    MergeRequest request = only();
    Preview preview = requests.preview(request);

    assertThat(preview.held()).containsExactly("there are clashes");
    assertThat(requests.mergeByPolicy(request))
        .isEqualTo(new MergeOutcome.Held(List.of("there are clashes")));
    assertThat(preview.result().clashes()).hasSize(1);
    assertThat(preview.sides().get(0).diff().toJson().toString()).contains("/n");
    JsonPointer place = JsonPointer.parse("/n");
    RevisionId merge =
        requests.merge(
            request,
            Map.of(place, new Resolution.Put(JsonObject.parse("{\"v\": 7}").tree().get("v"))),
            "alice",
            "we agreed");

    assertThat(database.get("a").orElseThrow().body())
        .isEqualTo(JsonObject.parse("{\"n\": 7, \"m\": 5}"));
    MergeRequest settled = requests.of("a").get(0);
    assertThat(settled.state()).isEqualTo(State.MERGED_BY_HAND);
    assertThat(settled.result()).isEqualTo(merge);
    assertThat(settled.told().orElseThrow().author()).isEqualTo("alice");
    assertThat(settled.told().orElseThrow().reason()).isEqualTo("we agreed");
  }

  @Test
  void merge_withMore_isOneCommitOrNothing() {
    RevisionId visit = database.put("visit", JsonObject.parse("{\"in\": \"north\"}"));
    conflict("a", "{}", "{\"in\": \"south\"}", "{\"m\": 3}");
    JsonObject south = JsonObject.parse("{\"in\": \"south\"}");
    MergeRequest request = only();
    long before = database.lastSequence();
    WriteBatch stale = new WriteBatch().put("visit", south); // as if there were none

    assertThatThrownBy(() -> requests.merge(request, Map.of(), "alice", "moved", stale))
        .isInstanceOf(StaleRevisionException.class);
    assertThat(only()).isEqualTo(request);
    WriteBatch more = new WriteBatch().put("visit", visit, south);
    RevisionId merge = requests.merge(request, Map.of(), "alice", "moved", more);

    assertThat(database.get("a").orElseThrow().revision()).isEqualTo(merge);
    assertThat(database.get("visit").orElseThrow().body()).isEqualTo(south);
    assertThat(database.changes(before, 10))
        .hasSize(2)
        .extracting(Change::together)
        .containsOnly(database.lastSequence());
    HistoryEntry moved = database.history("visit").entries().get(0);
    assertThat(moved.provenance().orElseThrow().author()).isEqualTo("alice");
  }

  @Test
  void merge_sideEditedMeanwhile_isRefusedAndWritesNothing() {
    conflict("a", "{}", "{\"n\": 2}", "{\"m\": 3}");
    MergeRequest request = only();
    database.put("a", request.sides().get(1), JsonObject.parse("{\"k\": 9}"));
    List<RevisionId> before = liveLeaves("a");

    assertThatThrownBy(() -> requests.merge(request, Map.of(), "alice", null))
        .isInstanceOf(StaleRevisionException.class);

    assertThat(liveLeaves("a")).isEqualTo(before);
    assertThat(requests.mergeByPolicy(only())).isInstanceOf(MergeOutcome.Merged.class);
  }

  @Test
  void undo_merge_bringsBothSidesBackAndIsNotMergedAgain() {
    conflict("a", "{\"n\": 1}", "{\"n\": 1, \"x\": 1}", "{\"n\": 1, \"y\": 1}");
    MergeRequest request = only();
    List<JsonObject> sides =
        request.sides().stream()
            .map(side -> database.get("a", side).orElseThrow().body())
            .collect(Collectors.toList());
    requests.mergeByPolicy(request);

    MergeRequest again = requests.undo(requests.of("a").get(0), "iko", "not yet").orElseThrow();

    assertThat(again.state()).isEqualTo(State.OPEN);
    assertThat(again.id()).isEqualTo(request.id());
    assertThat(again.sides())
        .extracting(side -> database.get("a", side).orElseThrow().body())
        .containsExactlyInAnyOrderElementsOf(sides);
    assertThat(requests.mergeByPolicy(again))
        .isEqualTo(new MergeOutcome.Held(List.of("what settled it was undone")));
    requests.merge(again, Map.of(), "iko", "now");
    assertThat(database.get("a").orElseThrow().body())
        .isEqualTo(JsonObject.parse("{\"n\": 1, \"x\": 1, \"y\": 1}"));
    assertThat(requests.open()).isEmpty();
  }

  @Test
  void close_oneSide_isKeptAndTheOtherIsNotMerged() {
    conflict("a", "{\"n\": 1}", "{\"n\": 1, \"x\": 1}", "{\"n\": 1, \"y\": 1}");
    MergeRequest request = only();
    RevisionId keep = request.sides().get(1);
    JsonObject kept = database.get("a", keep).orElseThrow().body();

    requests.close(request, keep, "bob", "the other is a mistake");

    assertThat(database.get("a").orElseThrow().body()).isEqualTo(kept);
    MergeRequest closed = requests.of("a").get(0);
    assertThat(closed.state()).isEqualTo(State.CLOSED);
    assertThat(closed.result()).isEqualTo(keep);
    assertThat(closed.told().orElseThrow().author()).isEqualTo("bob");
    assertThat(requests.undo(closed, "bob", null).orElseThrow().sides()).hasSize(2);
  }

  @Test
  void review_required_holdsTheMergeBackUntilSomebodyApproves() {
    requests.setRules(
        ReviewRules.NONE.with(ReviewRules.Required.by("editor", "{\"kind\": \"law\"}")));
    conflict("a", "{\"kind\": \"law\"}", "{\"kind\": \"law\", \"x\": 1}", "{\"y\": 1}");
    MergeRequest request = only();

    assertThat(requests.preview(request).held()).containsExactly("it needs an approval by editor");
    requests.review(request, "iko", "author", Verdict.APPROVE, "");
    requests.review(request, "eve", "editor", Verdict.REQUEST_CHANGES, "hm");
    assertThat(requests.preview(request).held()).hasSize(1);
    requests.review(request, "eve", "editor", Verdict.APPROVE, "fine now");

    assertThat(requests.comments(request)).extracting(Comment::author).contains("iko", "eve");
    assertThat(requests.mergeByPolicy(request)).isInstanceOf(MergeOutcome.Merged.class);
    assertThat(requests.comments(requests.of("a").get(0))).hasSize(3);
  }

  @Test
  void rules_ofTheDatabase_areADocumentThatReadsBack() {
    ReviewRules rules =
        new ReviewRules(
                MergePolicy.NONE.with("items[].quantity", Strategy.Plain.COUNTER), List.of())
            .with(ReviewRules.Required.by("editor", "{\"n\": {\"$gt\": 1}}"));

    requests.setRules(rules);
    requests.setRules(rules);

    assertThat(requests.rules().toJson()).isEqualTo(rules.toJson());
    assertThat(database.get(ReviewRules.DOCUMENT)).isPresent();
  }

  @Test
  void mergeByPolicy_counterAfterAMergeOnAnotherPeer_countsEachDeltaOnce() {
    requests.setRules(
        new ReviewRules(MergePolicy.NONE.with("n", Strategy.Plain.COUNTER), List.of()));
    RevisionId base = conflict("a", "{\"n\": 10}", "{\"n\": 11}", "{\"n\": 12}");
    requests.mergeByPolicy(only());
    assertThat(database.get("a").orElseThrow().body()).isEqualTo(JsonObject.parse("{\"n\": 13}"));

    graft("a", base, "{\"n\": 15}"); // a third edit of the same revision
    requests.mergeByPolicy(only());

    assertThat(database.get("a").orElseThrow().body()).isEqualTo(JsonObject.parse("{\"n\": 18}"));
  }

  @Test
  void mergeByPolicy_resultThatASchemaRefuses_staysOpenAndSaysSo() {
    database.put(
        "stave.schema.sum",
        JsonObject.parse(
            "{\"stave\": \"schema\", \"schema\": {\"not\": {\"required\": [\"x\", \"y\"]}}}"));
    conflict("a", "{\"n\": 1}", "{\"n\": 1, \"x\": 1}", "{\"n\": 1, \"y\": 1}");
    MergeRequest request = only();

    MergeOutcome outcome = requests.mergeByPolicy(request);

    assertThat(outcome).isInstanceOf(MergeOutcome.Held.class);
    assertThat(((MergeOutcome.Held) outcome).reasons().get(0)).startsWith("it is refused at ");
    assertThat(requests.open()).hasSize(1);
    assertThatThrownBy(() -> requests.merge(request, Map.of(), "alice", null))
        .isInstanceOf(RefusedDocumentException.class);
    assertThat(liveLeaves("a")).hasSize(2);
  }
}
