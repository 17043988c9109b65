package dev.stave.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.merge.MergePolicy;
import dev.stave.merge.Strategy;
import dev.stave.review.ForkRequest.Keep;
import dev.stave.review.ForkedDocument.Standing;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fork that comes home. */
class ForkRequestTest {

  @TempDir Path folder;
  private Database parent;
  private Database fork;
  private MergeRequests requests;

  @BeforeEach
  void open() {
    parent = Database.open(folder.resolve("main"));
    requests = MergeRequests.of(parent);
    for (String id : List.of("both", "clash", "edited", "kept", "removed", "theirs")) {
      parent.put(id, JsonObject.parse("{\"n\": 1, \"m\": 1}"));
    }
    fork = parent.fork("draft");
  }

  @AfterEach
  void close() {
    fork.close();
    parent.close();
  }

  private static void set(Database database, String id, String json) {
    Document old = database.get(id).orElseThrow();
    database.write(
        new WriteBatch().put(id, old.revision(), JsonObject.parse(json)).author("alice"));
  }

  private static void remove(Database database, String id) {
    database.delete(id, database.get(id).orElseThrow().revision());
  }

  private Map<String, Standing> standings() {
    return requests.fork(fork).documents().stream()
        .collect(Collectors.toMap(ForkedDocument::id, ForkedDocument::standing));
  }

  private void writeEverywhere() {
    fork.put("new", JsonObject.parse("{}"));
    set(fork, "both", "{\"n\": 2, \"m\": 1}");
    set(parent, "both", "{\"n\": 1, \"m\": 2}");
    set(fork, "clash", "{\"n\": 2, \"m\": 5}");
    set(parent, "clash", "{\"n\": 3, \"m\": 1}");
    set(fork, "edited", "{\"n\": 7}");
    set(fork, "edited", "{\"n\": 8}");
    remove(fork, "kept");
    set(parent, "kept", "{\"n\": 9}");
    remove(fork, "removed");
    set(parent, "theirs", "{\"n\": 4}");
  }

  @Test
  void documents_writtenOnEitherSide_areEachPreviewed() {
    writeEverywhere();

    assertThat(standings())
        .containsOnly(
            Map.entry("new", Standing.NEW),
            Map.entry("both", Standing.MERGES),
            Map.entry("clash", Standing.OPEN),
            Map.entry("edited", Standing.FORWARD),
            Map.entry("kept", Standing.DELETED_AND_EDITED),
            Map.entry("removed", Standing.FORWARD),
            Map.entry("theirs", Standing.PARENT_ONLY));
    assertThat(parent.changes(6, 100)).hasSize(4); // nothing was written
  }

  @Test
  void merge_all_takesWhatFitsAndLeavesTheRestToPeople() {
    writeEverywhere();
    long before = parent.lastSequence();

    ForkRequest.Merged merged = requests.fork(fork).merge("bob", "the draft is done");

    assertThat(merged.taken()).containsExactlyInAnyOrder("new", "both", "edited", "removed");
    assertThat(merged.open()).containsExactly("clash");
    assertThat(merged.left()).containsExactly("kept");
    assertThat(parent.get("both").orElseThrow().body())
        .isEqualTo(JsonObject.parse("{\"n\": 2, \"m\": 2}"));
    assertThat(parent.get("edited").orElseThrow().body()).isEqualTo(JsonObject.parse("{\"n\": 8}"));
    assertThat(parent.get("removed")).isEmpty();
    assertThat(parent.get("kept").orElseThrow().body()).isEqualTo(JsonObject.parse("{\"n\": 9}"));
    assertThat(requests.open()).extracting(MergeRequest::document).containsExactly("clash");
    assertThat(requests.preview(requests.open().get(0)).result().clashes()).hasSize(1);
    assertThat(parent.lastSequence()).isGreaterThan(before);
    assertThat(parent.checkIndex()).isEmpty();
    assertThat(parent.history("edited").provenances()).hasSize(2); // alice's edits, who made them
    assertThat(standings())
        .containsEntry("both", Standing.SAME)
        .containsEntry("new", Standing.SAME)
        .containsEntry("kept", Standing.DELETED_AND_EDITED);
    assertThat(requests.fork(fork).merge("bob", null).taken()).doesNotContain("both", "edited");
  }

  @Test
  void merge_chosenPart_takesThatAlone() {
    writeEverywhere();

    ForkRequest.Merged merged =
        requests.fork(fork).merge(List.of("edited", "theirs", "nobody"), "bob", null);

    assertThat(merged.taken()).containsExactly("edited");
    assertThat(parent.get("new")).isEmpty();
    assertThat(standings()).containsEntry("both", Standing.MERGES);
  }

  @Test
  void merge_forkGoesOn_isMergedAgain() {
    set(fork, "both", "{\"n\": 2, \"m\": 1}");
    requests.fork(fork).merge("bob", null);
    set(fork, "both", "{\"n\": 3, \"m\": 1}");
    set(parent, "both", "{\"n\": 2, \"m\": 4}");

    requests.fork(fork).merge("bob", null);

    assertThat(parent.get("both").orElseThrow().body())
        .isEqualTo(JsonObject.parse("{\"n\": 3, \"m\": 4}"));
  }

  @Test
  void merge_deletedAgainstEdited_isWhatThePolicySays() {
    requests.setRules(
        new ReviewRules(MergePolicy.NONE.otherwise(Strategy.Plain.PREFER_DELETED), List.of()));
    remove(fork, "kept");
    set(parent, "kept", "{\"n\": 9}");

    assertThat(requests.fork(fork).merge("bob", null).taken()).containsExactly("kept");

    assertThat(parent.get("kept")).isEmpty();
  }

  @Test
  void merge_manyEditsOnBothSides_stillKnowsTheBase() {
    for (int i = 2; i < 12; i++) { // more than bodies are kept
      set(fork, "both", "{\"n\": " + i + ", \"m\": 1}");
      set(parent, "both", "{\"n\": 1, \"m\": " + i + "}");
    }

    requests.fork(fork).merge("bob", null);

    assertThat(parent.get("both").orElseThrow().body())
        .isEqualTo(JsonObject.parse("{\"n\": 11, \"m\": 11}"));
  }

  @Test
  void merge_forkOfAFork_goesThroughItsParent() {
    try (Database second = fork.fork("deeper")) {
      set(second, "both", "{\"n\": 5, \"m\": 1}");
      MergeRequests ofFork = MergeRequests.of(fork);

      ofFork.fork(second).merge("iko", null);
      requests.fork(fork).merge("iko", null);

      assertThat(parent.get("both").orElseThrow().body())
          .isEqualTo(JsonObject.parse("{\"n\": 5, \"m\": 1}"));
      assertThatThrownBy(() -> requests.fork(second)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void merge_forkAtAnEarlierSequence_startsFromThere() {
    RevisionId old = parent.get("both").orElseThrow().revision();
    long then = parent.lastSequence();
    set(parent, "both", "{\"n\": 1, \"m\": 6}");
    try (Database past = parent.forks().create("past", then)) {
      assertThat(past.get("both").orElseThrow().revision()).isEqualTo(old);
      set(past, "both", "{\"n\": 6, \"m\": 1}");

      assertThat(requests.fork(past).documents())
          .filteredOn(document -> document.standing() != Standing.PARENT_ONLY)
          .extracting(ForkedDocument::id)
          .containsExactly("both");
      requests.fork(past).merge("bob", null);

      assertThat(parent.get("both").orElseThrow().body())
          .isEqualTo(JsonObject.parse("{\"n\": 6, \"m\": 6}"));
    }
  }

  @Test
  void fork_ofAnotherDatabase_isRefused() {
    try (Database other = Database.inMemory()) {
      assertThatThrownBy(() -> requests.fork(other)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void settle_editedInTheForkDeletedHere_isEitherWay() {
    set(fork, "kept", "{\"n\": 9}");
    remove(parent, "kept");
    set(fork, "both", "{\"n\": 8}");
    remove(parent, "both");
    ForkRequest request = requests.fork(fork);
    assertThat(request.merge("bob", null).left()).containsExactlyInAnyOrder("kept", "both");

    assertThat(request.settle("kept", Keep.EDITED, "bob", "we need it").taken())
        .containsExactly("kept");
    assertThat(request.settle("both", Keep.DELETED, "bob", null).taken()).containsExactly("both");

    assertThat(parent.get("kept").orElseThrow().body()).isEqualTo(JsonObject.parse("{\"n\": 9}"));
    assertThat(parent.get("both")).isEmpty();
    assertThat(standings())
        .containsEntry("kept", Standing.SAME)
        .containsEntry("both", Standing.SAME);
    assertThat(requests.count()).isZero();
    assertThat(parent.checkIndex()).isEmpty();
  }

  @Test
  void settle_deletedInTheForkEditedHere_isEitherWay() {
    remove(fork, "kept");
    set(parent, "kept", "{\"n\": 9}");
    remove(fork, "both");
    set(parent, "both", "{\"n\": 8}");
    ForkRequest request = requests.fork(fork);

    request.settle("kept", Keep.EDITED, "bob", null);
    request.settle("both", Keep.DELETED, "bob", "it is done");

    assertThat(parent.get("kept").orElseThrow().body()).isEqualTo(JsonObject.parse("{\"n\": 9}"));
    assertThat(parent.get("both")).isEmpty();
    assertThat(standings())
        .containsEntry("kept", Standing.SAME)
        .containsEntry("both", Standing.SAME);
    RevisionId end = parent.tree("both").winner().orElseThrow().id();
    assertThat(parent.history("both").provenances().get(end).reason()).isEqualTo("it is done");
  }

  @Test
  void settle_whatIsNotDeletedAndEdited_isRefused() {
    set(fork, "both", "{\"n\": 8}");

    assertThatThrownBy(() -> requests.fork(fork).settle("both", Keep.EDITED, "bob", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("FORWARD: both");
    assertThatThrownBy(() -> requests.fork(fork).settle("nobody", Keep.EDITED, "bob", null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void merge_deletedHereAndAConflictInTheFork_isNotBroughtBackUnasked() {
    RevisionId base = fork.get("kept").orElseThrow().revision();
    set(fork, "kept", "{\"n\": 2, \"m\": 1}");
    JsonObject other = JsonObject.parse("{\"n\": 1, \"m\": 3}");
    RevisionId beside = RevisionId.of(base, false, other.tree());
    fork.write(
        new WriteBatch().graft("kept", new RevisionPath(List.of(beside, base), false), other));
    remove(parent, "kept");
    ForkRequest request = requests.fork(fork);

    assertThat(request.merge("bob", null).left()).containsExactly("kept");
    assertThat(parent.get("kept")).isEmpty();
    assertThat(request.settle("kept", Keep.EDITED, "bob", null).open()).containsExactly("kept");
    assertThat(requests.mergeByPolicy(requests.openOf("kept").orElseThrow()))
        .isInstanceOf(MergeOutcome.Merged.class);
    assertThat(parent.get("kept").orElseThrow().body())
        .isEqualTo(JsonObject.parse("{\"n\": 2, \"m\": 3}"));
  }

  @Test
  void documents_aFunctionOfTheUserFails_saySo() {
    MergePolicy policy = MergePolicy.NONE.with("**", new Strategy.Function("mine"));
    requests.setRules(new ReviewRules(policy, List.of()));
    requests =
        requests.with(
            Map.of(
                "mine",
                (path, base, sides) -> {
                  throw new UnsupportedOperationException("not today");
                }));
    remove(fork, "kept");
    set(parent, "kept", "{\"n\": 9}");
    set(fork, "both", "{\"n\": 8, \"m\": 1}");
    set(parent, "both", "{\"n\": 9, \"m\": 1}");

    List<ForkedDocument> documents = requests.fork(fork).documents();

    assertThat(documents)
        .extracting(ForkedDocument::standing)
        .contains(Standing.DELETED_AND_EDITED, Standing.OPEN);
    for (ForkedDocument each : documents) {
      each.preview()
          .ifPresent(
              preview -> assertThat(preview.held()).anyMatch(why -> why.contains("not today")));
    }
    assertThat(documents).filteredOn(each -> each.preview().isPresent()).hasSize(2);
    assertThat(requests.fork(fork).merge("bob", null).left()).containsExactly("kept");
  }

  @Test
  void documents_deletedAgainstEdited_showWhatEachSideDid() {
    remove(fork, "kept");
    set(parent, "kept", "{\"n\": 9, \"m\": 1}");

    Preview preview = requests.fork(fork).documents().get(0).preview().orElseThrow();

    assertThat(preview.held()).containsExactly("there are clashes");
    assertThat(preview.sides().get(0).diff().toJson().toString()).contains("\"/n\"");
    assertThat(preview.sides().get(1).value().isMissingNode()).isTrue();
    assertThat(preview.toJson().path("branches").get(1).has("body")).isFalse();
    assertThat(preview.toJson().path("branches").get(1).path("diff").toString())
        .contains("\"path\":\"\",\"kind\":\"removed\"");
  }

  @Test
  void merge_rulesThatCannotBeRead_leavesWhatBothWroteToPeople() {
    writeEverywhere();
    parent.put(ReviewRules.DOCUMENT, JsonObject.parse("{\"policy\": {\"nope\": 1}}"));

    ForkRequest.Merged merged = requests.fork(fork).merge("bob", null);

    assertThat(merged.taken()).containsExactlyInAnyOrder("new", "edited", "removed");
    assertThat(merged.open()).containsExactlyInAnyOrder("both", "clash");
    assertThat(requests.preview(requests.openOf("both").orElseThrow()).held())
        .anyMatch(why -> why.startsWith("the rules cannot be read"));
  }
}
