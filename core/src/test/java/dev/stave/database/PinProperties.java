package dev.stave.database;

import static dev.stave.database.DatabaseTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.revision.RevisionTree;
import dev.stave.storage.Durability;
import dev.stave.storage.FileStorage;
import dev.stave.storage.StorageSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * What was current at a pinned sequence can be read for as long as the pin is there, whatever is
 * edited, deleted, grafted and reopened meanwhile; without pins no more is kept than is to be.
 */
class PinProperties {

  private static final DatabaseOptions NO_WAITING =
      DatabaseOptions.DEFAULT.withDurability(Durability.NONE);
  private static final List<String> IDS = List.of("a", "b", "c");

  @Property(tries = 40)
  void pins_anyEditsAndReopenings_keepWhatWasCurrent(
      @ForAll Random random,
      @ForAll @IntRange(min = 2, max = 6) int revisions,
      @ForAll @IntRange(min = 0, max = 2) int bodies)
      throws Exception {
    Path folder = Files.createTempDirectory("pins");
    try {
      Run run = new Run(folder.resolve("db"), random, revisions, bodies);
      for (int step = 0; step < 80; step++) {
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
    private final DatabaseOptions options;
    private final Map<String, Long> pins = new HashMap<>();
    private final Map<String, Map<String, List<Document>>> expected = new HashMap<>();
    private Database database;
    private int edits;

    Run(Path folder, Random random, int revisions, int bodies) {
      this.folder = folder;
      this.random = random;
      this.options = DatabaseOptions.DEFAULT.withRetention(revisions, bodies);
      this.database = open();
    }

    private Database open() {
      return Database.opened(FileStorage.open(folder, NO_WAITING.storage()), options, 1 << 20);
    }

    void step() {
      int what = random.nextInt(12);
      String name = "pin " + random.nextInt(3);
      if (what == 0) {
        pins.put(name, database.pins().pin(name));
        expected.put(name, current());
      } else if (what == 1 && random.nextBoolean()) {
        database.pins().unpin(name);
        pins.remove(name);
        expected.remove(name);
      } else if (what == 2 && random.nextInt(3) == 0) {
        database.close();
        database = open();
      } else {
        edit(IDS.get(random.nextInt(IDS.size())));
      }
      assertPinsHold();
    }

    private Map<String, List<Document>> current() {
      return IDS.stream().collect(Collectors.toMap(id -> id, this::leaves));
    }

    private List<Document> leaves(String id) {
      return database.tree(id).leaves().stream()
          .map(leaf -> database.get(id, leaf.id()).orElseThrow())
          .collect(Collectors.toList());
    }

    private void edit(String id) {
      List<Revision> known = new ArrayList<>(database.tree(id).revisions());
      String body = "{'edit': " + edits++ + "}";
      WriteBatch batch = new WriteBatch();
      List<RevisionId> missing = database.tree(id).missingBases();
      if (!missing.isEmpty() && random.nextBoolean()) {
        batch.base(new Document(id, missing.get(0), false, json(body)));
      } else if (known.isEmpty()) {
        batch.put(id, json(body));
      } else {
        Revision at = known.get(random.nextInt(known.size()));
        boolean delete = random.nextInt(4) == 0;
        if (!database.tree(id).isLeaf(at.id())) {
          graft(batch, id, at.id(), delete, body);
        } else if (delete && !at.deleted()) {
          batch.delete(id, at.id(), json(body));
        } else {
          batch.put(id, at.id(), json(body));
        }
      }
      database.writeEach(batch);
    }

    /** A branch of one that is no leaf any more, which only a peer can make. */
    private void graft(WriteBatch batch, String id, RevisionId at, boolean deleted, String body) {
      List<RevisionId> path = new ArrayList<>();
      path.add(new RevisionId(at.generation() + 1, "peer" + edits));
      database.tree(id).path(at).stream()
          .limit(1 + random.nextInt(3))
          .forEach(revision -> path.add(revision.id()));
      batch.graft(id, new RevisionPath(path, deleted), json(body));
    }

    private void assertPinsHold() {
      assertThat(database.pins().all()).isEqualTo(pins);
      pins.forEach(
          (name, sequence) -> {
            for (String id : IDS) {
              List<Document> then = expected.get(name).get(id);
              assertThat(database.pins().leavesAt(id, sequence)).as(name).isEqualTo(then);
              Optional<Document> winner = then.stream().findFirst().filter(d -> !d.deleted());
              assertThat(database.pins().at(id, sequence)).isEqualTo(winner);
              then.forEach(d -> assertThat(database.get(id, d.revision())).contains(d));
            }
          });
    }

    void end() {
      pins.keySet().forEach(name -> database.pins().unpin(name));
      database.compact();
      long kept = 0;
      for (String id : IDS) {
        RevisionTree tree = database.tree(id);
        assertThat(tree.pinned()).isEmpty();
        assertThat(tree.forgetBodies(database.retention().bodies())).isEqualTo(tree);
        kept += tree.revisions().stream().filter(Revision::hasBody).count();
      }
      assertThat(bodyRows()).isEqualTo(kept);
      database.close();
      assertThat(DatabaseCheck.of(folder).problems()).isEmpty();
    }

    private long bodyRows() {
      try (View view = database.view()) {
        Iterator<StorageSnapshot.Row> rows =
            view.rows().scan(DocumentRows.bodyKey(0), DocumentRows.bodyKey(Long.MAX_VALUE));
        long count = 0;
        for (; rows.hasNext(); rows.next()) {
          count++;
        }
        return count;
      }
    }
  }
}
