package dev.stave.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.DatabaseCheck;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.review.MergeOutcome.Merged;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ManyLeavesTest {

  private static final int LEAVES = 10_000;

  @TempDir private Path folder;

  /** It took more than a minute: each edit of the batch looked at all the leaves. */
  @Test
  @Timeout(60)
  void mergeByPolicy_tenThousandLeaves_allGoInOneCommit() {
    RevisionId root = RevisionId.parse("1-a");
    try (Database database = Database.open(folder.resolve("db"))) {
      WriteBatch batch = new WriteBatch();
      batch.graft("a", new RevisionPath(List.of(root), false), JsonObject.parse("{\"n\": 0}"));
      for (int i = 0; i < LEAVES; i++) {
        RevisionPath path = new RevisionPath(List.of(RevisionId.parse("2-" + i), root), false);
        batch.graft("a", path, JsonObject.parse("{\"n\": 0, \"m" + i % 100 + "\": 1}"));
      }
      database.write(batch);
      MergeRequests requests = MergeRequests.of(database);
      MergeRequest request = requests.openOf("a").orElseThrow();
      assertThat(request.sides()).hasSize(LEAVES);

      assertThat(requests.mergeByPolicy(request)).isInstanceOf(Merged.class);

      assertThat(requests.openOf("a")).isEmpty();
      assertThat(database.get("a").orElseThrow().body().tree()).hasSize(101);
      assertThat(database.tree("a").leaves()).hasSize(LEAVES);
    }
    assertThat(DatabaseCheck.of(folder.resolve("db")).problems()).isEmpty();
  }
}
