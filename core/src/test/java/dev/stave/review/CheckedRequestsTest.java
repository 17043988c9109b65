package dev.stave.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.merge.MergePolicy;
import dev.stave.review.Comment.Verdict;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody who may not write everything: nothing of a merge request goes around that. */
class CheckedRequestsTest {

  private static final class MayNotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MayNotException(String id) {
      super(id);
    }
  }

  private static final JsonObject NOTHING = JsonObject.parse("{}");

  private final Database database = Database.inMemory();
  private final List<String> asked = new ArrayList<>();
  private final MergeRequests refused =
      MergeRequests.of(database)
          .checkedBy(
              (id, parent, deleted, body) -> {
                throw new MayNotException(id);
              });
  private final MergeRequests allowed =
      MergeRequests.of(database)
          .checkedBy((id, parent, deleted, body) -> asked.add(id + " " + parent + " " + deleted));

  private RevisionId first;

  @BeforeEach
  void conflict() {
    first = database.put("a", JsonObject.parse("{\"x\":1,\"y\":1}"));
    database.put("a", first, JsonObject.parse("{\"x\":2,\"y\":1}"));
    JsonObject body = JsonObject.parse("{\"x\":1,\"y\":2}");
    RevisionId theirs = RevisionId.of(first, false, body.sharedTree());
    database.write(
        new WriteBatch().graft("a", new RevisionPath(List.of(theirs, first), false), body));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void everyWrite_ofOneWhoMayNot_throwsAndChangesNothing() {
    MergeRequest open = refused.open().get(0);
    RevisionId keep = open.sides().get(0);
    long before = database.lastSequence();

    List<Runnable> writes =
        List.of(
            () -> refused.merge(open, Map.of(), "eve", null),
            () -> refused.merge(open, JsonObject.parse("{}"), "eve", null),
            () -> refused.merge(open, Map.of(), "eve", null, new WriteBatch().put("b", NOTHING)),
            () -> refused.mergeByPolicy(open),
            () -> refused.close(open, keep, "eve", null),
            () -> refused.comment(open, "eve", "hm"),
            () -> refused.review(open, "eve", null, Verdict.APPROVE, ""),
            () -> refused.setRules(new ReviewRules(MergePolicy.NONE, List.of())));
    for (Runnable write : writes) {
      assertThatThrownBy(write::run).isInstanceOf(MayNotException.class);
    }

    assertThat(database.lastSequence()).isEqualTo(before);
  }

  @Test
  void undo_ofOneWhoMayNot_throwsAndChangesNothing() {
    allowed.merge(allowed.open().get(0), Map.of(), "ada", null);
    MergeRequest settled = allowed.of("a").get(0);
    long before = database.lastSequence();

    assertThatThrownBy(() -> refused.undo(settled, "eve", null))
        .isInstanceOf(MayNotException.class);

    assertThat(database.lastSequence()).isEqualTo(before);
  }

  @Test
  void merge_ofOneWhoMay_isAskedOfTheMergeAndOfEachSideThatItCloses() {
    MergeRequest open = allowed.open().get(0);

    allowed.merge(open, Map.of(), "ada", null);

    assertThat(asked)
        .containsExactly(
            "a " + open.sides().get(0) + " false", "a " + open.sides().get(1) + " true");
    assertThat(database.get("a").map(Document::body).orElseThrow())
        .isEqualTo(JsonObject.parse("{\"x\":2,\"y\":2}"));
  }

  @Test
  void mergeOfAFork_ofOneWhoMayNot_throwsAndChangesNothing() {
    try (Database fork = database.fork("f")) {
      fork.put("b", JsonObject.parse("{}"));

      assertThatThrownBy(() -> refused.fork(fork).merge("eve", null))
          .isInstanceOf(MayNotException.class)
          .hasMessage("b");
    }

    assertThat(database.get("b")).isEmpty();
  }
}
