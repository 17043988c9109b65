package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.sync.peer.Scope;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RememberedScopesTest {

  private static final int SCOPES = 300;

  /** A replica and a job of the same database each have their own. */
  @Test
  void add_byTwoOfOneDatabaseAtOnce_forgetsNone() {
    Database database = Database.inMemory();

    IntStream.range(0, SCOPES)
        .parallel()
        .forEach(
            i -> new RememberedScopes(database).add("peer", List.of(Scope.ids(List.of("d" + i)))));

    assertThat(new RememberedScopes(database).add("peer", List.of())).hasSize(SCOPES);
  }
}
