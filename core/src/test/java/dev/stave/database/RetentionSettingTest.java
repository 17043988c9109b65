package dev.stave.database;

import static dev.stave.database.DatabaseTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.revision.Retention;
import dev.stave.revision.RevisionId;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionSettingTest {

  @TempDir private Path folder;

  private Database open(DatabaseOptions options) {
    return Database.open(folder.resolve("db"), options);
  }

  private Database open() {
    return open(DatabaseOptions.DEFAULT);
  }

  private static int historyOf20(Database database, String id) {
    RevisionId revision = database.put(id, json("{}"));
    for (int i = 1; i < 20; i++) {
      revision = database.put(id, revision, json("{'n': " + i + "}"));
    }
    return database.tree(id).revisions().size();
  }

  @Test
  void setRetention_whileItRuns_countsAtOnceAndWhenItIsOpenedAgain() {
    try (Database database = open()) {
      assertThat(database.retention()).isEqualTo(Retention.DEFAULT);
      assertThat(historyOf20(database, "a")).isEqualTo(20);
      database.setRetention(new Retention(7, 2));
      assertThat(historyOf20(database, "b")).isEqualTo(7);
      assertThat(database.tree("a").revisions()).hasSize(20); // nobody has written it
      database.compact();
      assertThat(database.tree("a").revisions()).hasSize(7);
    }
    try (Database database = open()) {
      assertThat(database.retention()).isEqualTo(new Retention(7, 2));
      assertThat(historyOf20(database, "c")).isEqualTo(7);
      try (Database fork = database.fork("f")) {
        assertThat(fork.retention()).isEqualTo(new Retention(7, 2));
      }
    }
    assertThat(DatabaseCheck.of(folder.resolve("db")).problems()).isEmpty();
  }

  @Test
  void open_withARetention_setsIt() {
    open().close();
    open(DatabaseOptions.DEFAULT.withRetention(5, 1)).close();
    try (Database database = open()) {
      assertThat(database.retention()).isEqualTo(new Retention(5, 1));
      database.setRetention(new Retention(8, 1));
    }
    try (Database database = open(DatabaseOptions.DEFAULT.withRetention(6, 6))) {
      assertThat(database.retention()).isEqualTo(new Retention(6, 6));
    }
  }

  @Test
  void setRetention_atItsBounds_isTakenAndBeyondThemRefused() {
    try (Database database = open()) {
      database.setRetention(new Retention(Retention.MIN_REVISIONS, 0));
      assertThat(historyOf20(database, "a")).isEqualTo(2);
      database.setRetention(new Retention(Retention.MAX_REVISIONS, Retention.MAX_REVISIONS));
      assertThat(historyOf20(database, "b")).isEqualTo(20);
      assertThatThrownBy(() -> new Retention(1, 0)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Retention(100_001, 0))
          .hasMessage("revisions is between 2 and 100000, and not 100001");
    }
  }

  @Test
  void setRetention_fewerBodiesThanEver_isKnownToForksOfThePast() {
    try (Database database = open()) {
      database.setRetention(new Retention(1_000, 0));
      historyOf20(database, "a");
      database.setRetention(Retention.DEFAULT);
      assertThatThrownBy(() -> database.forks().create("then", 18))
          .isInstanceOf(ForkException.class); // its body is not kept, near as it is
    }
  }
}
