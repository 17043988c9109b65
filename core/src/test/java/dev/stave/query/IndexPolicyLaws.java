package dev.stave.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.SmallDatabases;
import dev.stave.policy.IndexPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** {@link IndexLaws} hold under every index policy, and while one takes the place of another. */
class IndexPolicyLaws {

  private static final List<String> PATHS =
      List.of("a", "a.b", "b", "c", "a[]", "*.b", "a[].b", "d\\.e", "0", "*", "a.0", "b[]", "c.*");

  private static IndexPolicy policy(RandomData data) {
    IndexPolicy policy = IndexPolicy.NONE;
    for (int i = data.nextInt(3); i > 0; i--) {
      policy = policy.exclude(PATHS.get(data.nextInt(PATHS.size())));
    }
    if (data.nextInt(2) == 0) {
      policy = policy.maxValuesPerDocument(1 + data.nextInt(6));
    }
    return data.nextInt(3) == 0 ? policy.maxPaths(1 + data.nextInt(12)) : policy;
  }

  @Property(tries = 100)
  void find_underAnyPolicy_isTheScan(@ForAll long seed) {
    RandomData data = new RandomData(seed);
    try (Database database = SmallDatabases.inMemory(data.nextInt(3) * 40_000L)) {
      for (int i = 0; i < 2; i++) {
        database.setIndexPolicy(policy(data));
        IndexLaws.edit(database, data, 10 + data.nextInt(40));
        IndexLaws.ask(database, data);
      }
      database.rebuildIndex();
      IndexLaws.ask(database, data);
      assertThat(database.checkIndex()).isEmpty();
    }
  }

  @Property(tries = 20)
  void find_afterReopeningWithAnotherPolicy_isTheScan(@ForAll long seed) throws IOException {
    RandomData data = new RandomData(seed);
    Path own = Files.createTempDirectory("stave-policy");
    long indexBytes = data.nextInt(3) * 40_000L;
    for (int i = 0; i < 3; i++) {
      IndexPolicy policy = policy(data);
      try (Database database = SmallDatabases.open(own, indexBytes, policy)) {
        IndexLaws.ask(database, data);
        IndexLaws.edit(database, data, 30);
        IndexLaws.ask(database, data);
        assertThat(database.checkIndex()).isEmpty();
        assertThat(database.indexPolicy()).isEqualTo(policy);
      }
    }
    IndexLaws.deleteFolder(own);
  }
}
