package dev.stave.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.merge.MergePolicy;
import dev.stave.merge.Strategy;
import dev.stave.review.Comment.Verdict;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Conflicts that are merged as they come. */
class AutomaticMergingTest {

  private final Database database = Database.inMemory();
  private final MergeRequests requests = MergeRequests.of(database);
  private final Map<String, MergeOutcome> outcomes = new ConcurrentHashMap<>();

  @AfterEach
  void close() {
    database.close();
  }

  private AutomaticMerging start() {
    return AutomaticMerging.start(requests, (request, o) -> outcomes.put(request.document(), o));
  }

  private void conflict(String id, String here, String there) {
    RevisionId first = database.put(id, JsonObject.parse("{\"n\": 1}"));
    database.put(id, first, JsonObject.parse(here));
    JsonObject body = JsonObject.parse(there);
    RevisionId other = RevisionId.of(first, false, body.sharedTree());
    database.write(
        new WriteBatch().graft(id, new RevisionPath(List.of(other, first), false), body));
  }

  @Test
  void start_openOnesAndThoseThatCome_areMergedIfTheyFit() {
    conflict("before", "{\"n\": 1, \"x\": 1}", "{\"n\": 1, \"y\": 1}");
    try (AutomaticMerging merging = start()) {
      conflict("later", "{\"n\": 1, \"x\": 1}", "{\"n\": 1, \"y\": 1}");
      conflict("clash", "{\"n\": 2}", "{\"n\": 3}");
      merging.await();

      assertThat(requests.open()).extracting(MergeRequest::document).containsExactly("clash");
      assertThat(outcomes.get("before")).isInstanceOf(MergeOutcome.Merged.class);
      assertThat(outcomes.get("later")).isInstanceOf(MergeOutcome.Merged.class);
      assertThat(outcomes.get("clash"))
          .isEqualTo(new MergeOutcome.Held(List.of("there are clashes")));
    }
  }

  @Test
  void rules_thatAreSetLater_settleWhatWasHeld() {
    try (AutomaticMerging merging = start()) {
      conflict("clash", "{\"n\": 2}", "{\"n\": 3}");
      merging.await();
      assertThat(requests.count()).isEqualTo(1);

      requests.setRules(new ReviewRules(MergePolicy.NONE.with("n", Strategy.Plain.MAX), List.of()));
      merging.await();

      assertThat(requests.count()).isZero();
      assertThat(database.get("clash").orElseThrow().body())
          .isEqualTo(JsonObject.parse("{\"n\": 3}"));
    }
  }

  @Test
  void review_thatApproves_letsItBeMerged() {
    requests.setRules(ReviewRules.NONE.with(ReviewRules.Required.by("editor", "{}")));
    try (AutomaticMerging merging = start()) {
      conflict("a", "{\"n\": 1, \"x\": 1}", "{\"n\": 1, \"y\": 1}");
      merging.await();
      assertThat(outcomes.get("a")).isInstanceOf(MergeOutcome.Held.class);

      requests.review(requests.open().get(0), "eve", "editor", Verdict.APPROVE, "");
      merging.await();

      assertThat(outcomes.get("a")).isInstanceOf(MergeOutcome.Merged.class);
    }
  }

  @Test
  void close_ended_mergesNoMore() {
    start().close();
    conflict("a", "{\"n\": 1, \"x\": 1}", "{\"n\": 1, \"y\": 1}");

    assertThat(requests.count()).isEqualTo(1);
  }

  @Test
  void watch_openedAndSettled_isToldInOrder() {
    conflict("a", "{\"n\": 2}", "{\"n\": 3}");
    List<String> told = new CopyOnWriteArrayList<>();
    try (MergeRequestWatch watch = requests.watch(r -> told.add(r.document() + " " + r.state()))) {
      watch.await();
      conflict("b", "{\"n\": 1, \"x\": 1}", "{\"n\": 1, \"y\": 1}");
      watch.await();
      requests.mergeByPolicy(requests.openOf("b").orElseThrow());
      MergeRequest clash = requests.openOf("a").orElseThrow();
      requests.close(clash, clash.sides().get(0), "iko", null);
      database.put("c", JsonObject.parse("{}"));
      watch.await();
    }

    assertThat(told).containsExactly("a OPEN", "b OPEN", "b MERGED_BY_POLICY", "a CLOSED");
  }
}
