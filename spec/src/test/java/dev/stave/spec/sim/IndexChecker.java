package dev.stave.spec.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.query.Query;
import java.util.ArrayList;
import java.util.List;

/** The index answers as a scan does. */
final class IndexChecker {

  private final Bug bug;

  IndexChecker(Bug bug) {
    this.bug = bug;
  }

  void check(Node node) {
    Database database = node.database();
    assertThat(database.checkIndex()).as("index: problems at %s", node).isEmpty();
    for (int n = 0; n < Editor.VALUES; n++) {
      int value = n;
      List<String> scanned = new ArrayList<>();
      database.forEach(
          IdRange.ALL,
          document -> {
            if (document.body().sharedTree().path("n").asInt(-1) == value) {
              scanned.add(document.id());
            }
            return true;
          });
      int found = database.find(Query.where("{\"n\": " + value + "}")).size();
      assertThat(bug.found(found)).as("index: n = %s at %s", value, node).isEqualTo(scanned.size());
    }
  }
}
