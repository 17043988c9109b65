package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.json.JsonObject;
import dev.stave.revision.Graft;
import dev.stave.revision.Retention;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.revision.RevisionTree;
import dev.stave.storage.Durability;
import dev.stave.storage.StorageSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/**
 * A database, which keeps what is old of histories apart, has the trees that are had by keeping all
 * of each in memory: under edits, grafts anywhere, purges, pruning, pins, reopening and forks.
 */
class OldHistoryProperties {

  private static final List<String> IDS = List.of("a", "a\u00ff", "b");

  @Property(tries = 12)
  void anyEdits_treesAndHistoryAreThoseKeptWhole(
      @ForAll Random random,
      @ForAll @IntRange(min = 20, max = 150) int revisions,
      @ForAll @IntRange(min = 0, max = 8) int bodies,
      @ForAll @IntRange(min = 6, max = 80) int branching,
      @ForAll boolean pinning)
      throws Exception {
    Path folder = Files.createTempDirectory("old");
    try {
      Run run = new Run(folder.resolve("db"), random, new Retention(revisions, bodies), branching);
      run.pinning = pinning;
      for (int step = 0; step < 60; step++) {
        run.step();
      }
      run.end();
    } finally {
      DatabaseFolders.delete(folder);
    }
  }

  private static final class Run {
    private final Path folder;
    private final Random random;
    private final int branching;
    private final DatabaseOptions options;
    private final Retention retention;
    private final Map<String, RevisionTree> trees = new HashMap<>(); // as they are to be
    private final Map<String, Long> pins = new HashMap<>();
    private final TreeMap<Long, Map<String, List<RevisionId>>> leaves = new TreeMap<>(); // of then
    private Database database;
    private boolean pinning;
    private long last;
    private int texts;

    Run(Path folder, Random random, Retention retention, int branching) {
      this.folder = folder;
      this.random = random;
      this.branching = branching;
      this.retention = retention;
      this.options =
          DatabaseOptions.DEFAULT
              .withDurability(Durability.NONE)
              .withRetention(retention.revisions(), retention.bodies());
      this.database = Database.open(folder, options);
      IDS.forEach(id -> trees.put(id, RevisionTree.EMPTY));
    }

    void step() {
      switch (random.nextInt(16)) {
        case 0 -> {
          database.close();
          database = Database.open(folder, options);
        }
        case 1 -> {
          if (pinning) {
            pin();
          }
        }
        case 2 -> fork();
        case 3 -> {
          if (random.nextInt(3) == 0) {
            purge();
          }
        }
        default -> write();
      }
      IDS.forEach(this::assertSame);
    }

    private void pin() {
      String name = "p" + random.nextInt(3);
      if (pins.remove(name) != null) {
        database.pins().unpin(name);
      } else {
        pins.put(name, database.pins().pin(name));
      }
    }

    /** Some edits of one document, as one commit. */
    private void write() {
      String id = IDS.get(random.nextInt(IDS.size()));
      RevisionTree before = trees.get(id);
      RevisionTree tree = before;
      int edits = 1 + random.nextInt(12);
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < edits; i++) {
        JsonObject body = JsonObject.parse("{\"n\": " + texts++ + "}");
        RevisionTree grown =
            random.nextInt(branching) > 0 || tree.leaves().isEmpty()
                ? put(tree, id, body, batch)
                : graft(tree, id, body, batch);
        if (grown != tree) {
          tree = moved(tree, grown);
        }
      }
      database.write(batch);
      long[] pinned = pins.values().stream().mapToLong(pin -> pin).distinct().toArray();
      trees.put(id, tree.retain(before, retention, pinned));
      assertThat(database.lastSequence()).isEqualTo(last);
      Map<String, List<RevisionId>> now = new HashMap<>();
      trees.forEach((each, of) -> now.put(each, ids(of.leaves())));
      leaves.put(last, now);
    }

    private void purge() {
      String id = IDS.get(random.nextInt(IDS.size()));
      RevisionTree before = trees.get(id);
      List<RevisionId> purged = ids(before.leaves());
      purged.removeIf(leaf -> purged.size() > 1 && random.nextInt(3) > 0);
      Map<String, List<RevisionId>> gone = database.purge(Map.of(id, purged)).revisions();
      assertThat(gone).isEqualTo(Map.of(id, purged));
      RevisionTree left = before.loaded().purge(purged);
      if (left == before) {
        return;
      }
      last++;
      leaves.clear(); // what was then is without them too
      Optional<Revision> winner = left.winner();
      if (winner.isPresent()
          && !winner.map(Revision::id).equals(before.winner().map(Revision::id))) {
        left = left.withBodyAt(winner.get().id(), last);
      }
      long[] pinned = pins.values().stream().mapToLong(pin -> pin).distinct().toArray();
      trees.put(id, left.retain(left, retention, pinned));
      assertThat(database.lastSequence()).isEqualTo(last);
      Statistics.label("purges").collect(winner.isPresent() ? "branches" : "documents");
    }

    private RevisionTree put(RevisionTree tree, String id, JsonObject body, WriteBatch batch) {
      List<Revision> all = tree.leaves();
      int place = random.nextInt(9) > 0 ? 0 : random.nextInt(Math.max(1, all.size()));
      RevisionId parent = all.isEmpty() ? null : all.get(place).id();
      boolean deleted =
          parent != null && !all.get(place).deleted() && random.nextInt(branching) == 0;
      if (deleted) {
        batch.delete(id, parent, body);
      } else if (parent == null) {
        batch.put(id, body);
      } else {
        batch.put(id, parent, body);
      }
      RevisionId revision = RevisionId.of(parent, deleted, body.sharedTree());
      return tree.extend(new Revision(revision, parent, deleted, last + 1));
    }

    private RevisionTree graft(RevisionTree tree, String id, JsonObject body, WriteBatch batch) {
      List<Revision> known = new ArrayList<>(tree.revisions());
      Revision at = known.get(random.nextInt(known.size()));
      List<RevisionId> path = new ArrayList<>();
      path.add(new RevisionId(at.id().generation() + 1, "g" + texts));
      tree.path(at.id()).stream()
          .limit(random.nextBoolean() ? 3 : 1_000)
          .forEach(revision -> path.add(revision.id()));
      for (int i = 0; random.nextInt(4) == 0 && i < 3; i++) { // more than is known here
        int generation = path.get(path.size() - 1).generation() - 1;
        if (generation > 0 && path.size() > known.size()) {
          path.add(new RevisionId(generation, "r" + generation));
        }
      }
      RevisionPath branch = new RevisionPath(path, random.nextInt(3) == 0);
      batch.graft(id, branch, body);
      Graft graft = tree.graft(branch, last + 1);
      return graft.tree();
    }

    /** What the database does when an older leaf begins to win. */
    private RevisionTree moved(RevisionTree before, RevisionTree grown) {
      last++;
      Revision winner = grown.winner().orElseThrow();
      boolean sameWinner = before.winner().filter(old -> old.id().equals(winner.id())).isPresent();
      if (sameWinner || winner.sequence() == last) {
        return grown;
      }
      last++;
      return grown.withBodyAt(winner.id(), last);
    }

    private static List<RevisionId> ids(List<Revision> revisions) {
      return revisions.stream().map(Revision::id).collect(Collectors.toList());
    }

    private void assertSame(String id) {
      RevisionTree tree = trees.get(id);
      assertThat(database.tree(id)).isEqualTo(tree);
      assertThat(database.tree(id).pinned()).isEqualTo(tree.pinned());
      List<Revision> known = new ArrayList<>(tree.revisions());
      assertThat(
              database.history(id).entries().stream()
                  .map(HistoryEntry::revision)
                  .collect(Collectors.toList()))
          .isEqualTo(ids(known));
      for (Revision revision : known) {
        boolean isKept = revision.hasBody() || tree.withBody(revision.id()).isPresent();
        assertThat(database.get(id, revision.id()).isPresent()).isEqualTo(isKept);
      }
    }

    /** A fork has the same trees, or the leaves of then; and goes on by itself. */
    private void fork() {
      if (leaves.isEmpty()) {
        return;
      }
      boolean isNow = random.nextBoolean();
      List<Long> sequences = new ArrayList<>(leaves.keySet());
      long at = sequences.get(sequences.size() - 1 - random.nextInt(Math.min(4, sequences.size())));
      Database fork;
      try {
        fork = isNow ? database.fork("fork") : database.forks().create("fork", at);
      } catch (ForkException e) {
        Statistics.label("forks").collect("refused");
        return; // it has forgotten what was then
      }
      for (String id : IDS) {
        if (isNow) {
          assertThat(fork.tree(id)).isEqualTo(trees.get(id));
        } else {
          assertThat(ids(fork.tree(id).leaves())).isEqualTo(leaves.get(at).get(id));
        }
        fork.get(id)
            .ifPresent(winner -> fork.put(id, winner.revision(), JsonObject.parse("{\"f\": 1}")));
        assertThat(new HashSet<>(fork.tree(id).revisions()))
            .hasSize(fork.history(id).entries().size());
      }
      Statistics.label("forks").collect(isNow ? "now" : "then");
      Path path = folder.resolve("forks/fork");
      fork.close();
      assertThat(DatabaseCheck.of(path).problems()).isEmpty();
      database.forks().drop("fork");
    }

    void end() {
      try (View view = database.view()) {
        int chunks = 0;
        for (Iterator<StorageSnapshot.Row> all = DocumentRows.chunks(view.rows());
            all.hasNext();
            all.next()) {
          chunks++;
        }
        Statistics.label("chunks").collect(chunks / 5 * 5);
      }
      database.compact();
      long[] pinned = pins.values().stream().mapToLong(pin -> pin).distinct().toArray();
      trees.replaceAll((id, tree) -> tree.retain(tree, retention, pinned));
      IDS.forEach(this::assertSame);
      database.close();
      assertThat(DatabaseCheck.of(folder).problems()).isEmpty();
    }
  }
}
