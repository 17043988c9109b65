package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.Scope;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Two databases that were the same, and are edited apart.
 *
 * <p>Strategy: a thousand documents that both have; then up to six edits on either side: new
 * documents anywhere (also with ids beyond the basic plane), updates, deletions, conflicts.
 *
 * <p>Invariants: they are the same exactly if all leaves of all documents are; else the difference
 * that is named is the first in the order of ids, with the leaves of both; whichever is asked
 * first, and by digests or by the feed alone.
 */
class ComparisonLaws {

  private static final int DOCUMENTS = 1_000;
  private static Database base;

  @BeforeContainer
  static void fill() {
    base = Database.inMemory();
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < DOCUMENTS; i++) {
      batch.put("d" + i, JsonObject.parse("{\"n\":" + i + "}"));
    }
    base.write(batch);
  }

  @AfterContainer
  static void close() {
    base.close();
  }

  private static void edit(Database database, Random random) {
    for (int i = random.nextInt(7); i > 0; i--) {
      String id = "d" + random.nextInt(DOCUMENTS);
      Optional<Document> found = database.get(id);
      JsonObject body = JsonObject.parse("{\"edit\":" + random.nextInt(3) + "}");
      switch (random.nextInt(4)) {
        case 0 -> {
          String made = List.of("\uD83D\uDE00", "\uFF5E", "a", "zz").get(random.nextInt(4));
          if (database.tree(made + i).leaves().isEmpty()) {
            database.put(made + i, body);
          }
        }
        case 1 -> found.ifPresent(it -> database.put(id, it.revision(), body));
        case 2 -> found.ifPresent(it -> database.delete(id, it.revision()));
        default -> {
          RevisionId stranger = RevisionId.parse("1-" + "abc".repeat(1 + random.nextInt(2)));
          database.write(
              new WriteBatch().graft(id, new RevisionPath(List.of(stranger), false), body));
        }
      }
    }
  }

  private static Map<String, Set<RevisionId>> contents(Database database) {
    Map<String, Set<RevisionId>> contents = new TreeMap<>(Peer.ID_ORDER);
    database.forEachTree(
        IdRange.ALL,
        (id, tree) -> {
          Set<RevisionId> leaves = new HashSet<>();
          for (Revision leaf : tree.leaves()) {
            leaves.add(leaf.id());
          }
          return contents.put(id, leaves) == null;
        });
    return contents;
  }

  /** Null if there is none. */
  private static String firstDifference(Database one, Database other) {
    Map<String, Set<RevisionId>> mine = contents(one);
    Map<String, Set<RevisionId>> theirs = contents(other);
    Set<String> ids = new java.util.TreeSet<>(Peer.ID_ORDER);
    ids.addAll(mine.keySet());
    ids.addAll(theirs.keySet());
    return ids.stream()
        .filter(id -> !mine.getOrDefault(id, Set.of()).equals(theirs.getOrDefault(id, Set.of())))
        .findFirst()
        .orElse(null);
  }

  /** As a database that has no word for digests: only its feed is asked. */
  private static Peer withoutDigests(Peer of) {
    Set<String> unknown = Set.of("split", "digests", "leaves");
    return (Peer)
        Proxy.newProxyInstance(
            Peer.class.getClassLoader(),
            new Class<?>[] {Peer.class},
            (proxy, method, arguments) -> {
              if (unknown.contains(method.getName())) {
                return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, arguments);
              }
              try {
                return method.invoke(of, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Property(tries = 60)
  void compare_namesTheFirstDifference(@ForAll long seed, @ForAll boolean byFeed) {
    Random random = new Random(seed);
    try (Database one = Database.inMemory();
        Database other = Database.inMemory()) {
      Replication.run(base, one);
      Replication.run(base, other);
      edit(one, random);
      edit(other, random);
      String expected = firstDifference(one, other);
      Peer first = LocalPeer.of(one);
      Peer second = byFeed ? withoutDigests(LocalPeer.of(other)) : LocalPeer.of(other);

      List<Comparison> found = new ArrayList<>();
      for (int few : List.of(1, 64)) {
        found.add(new DigestComparison(first, second, Scope.ALL, few).run());
      }
      Comparison reversed = Comparison.of(second, first, Scope.ALL);

      for (Comparison each : found) {
        if (expected == null) {
          assertThat(each).isEqualTo(new Comparison.Same(contents(one).size())).isEqualTo(reversed);
        } else {
          Comparison.Different difference = (Comparison.Different) each;
          assertThat(difference.document()).isEqualTo(expected);
          assertThat(Set.copyOf(difference.one()))
              .isEqualTo(contents(one).getOrDefault(expected, Set.of()));
          assertThat(Set.copyOf(difference.other()))
              .isEqualTo(contents(other).getOrDefault(expected, Set.of()));
          assertThat(reversed)
              .isEqualTo(new Comparison.Different(expected, difference.other(), difference.one()));
        }
      }
    }
  }

  @Property(tries = 20)
  void compare_inScope_looksAtNothingElse(@ForAll long seed) {
    Random random = new Random(seed);
    try (Database one = Database.inMemory();
        Database other = Database.inMemory()) {
      Replication.run(base, one);
      Replication.run(base, other);
      edit(one, random);
      edit(other, random);
      String expected = firstDifference(one, other);
      if (expected == null) {
        return;
      }
      List<String> others = new ArrayList<>();
      contents(base).keySet().stream().filter(id -> !id.equals(expected)).forEach(others::add);

      assertThat(
              Comparison.of(LocalPeer.of(one), LocalPeer.of(other), Scope.ids(List.of(expected))))
          .isInstanceOf(Comparison.Different.class);
      if (Comparison.of(LocalPeer.of(one), LocalPeer.of(other), Scope.ids(others))
          instanceof Comparison.Different difference) {
        assertThat(difference.document()).isNotEqualTo(expected);
      }
      Scope none = Scope.selector("{\"nowhere\": 1}");
      assertThat(Comparison.of(LocalPeer.of(one), LocalPeer.of(other), none))
          .isEqualTo(new Comparison.Same(0));
    }
  }
}
