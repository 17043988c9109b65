package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.DatabaseCheck;
import dev.stave.database.SmallDatabases;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.storage.RecordingDisk.Call;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power fails, or the process is killed, at each moment of a database's work, purges above all.
 *
 * <p>Strategy: as {@link PowerLossTest}, with a database on the storage: documents with conflicts
 * and attachments are written, edited and purged, one leaf or all.
 *
 * <p>Invariants: the database opens, is whole, its index too, and holds what it held before or
 * after the commit that was under way; purges are all there or not at all.
 */
class PurgePowerTest {

  private static final long SEED = Long.getLong("stave.power.seed", 11);
  private static final int IDS = 6;
  private static final long MEMTABLE = 6_000;

  @TempDir Path folders;

  private final Random random = new Random(SEED);

  /** All that is to be seen of the documents and of what was purged. */
  private static String contents(Database database) {
    Map<String, Object> contents = new TreeMap<>();
    for (int i = 0; i < IDS; i++) {
      String id = "d" + i;
      contents.put(
          id,
          database.tree(id).revisions().stream()
              .map(r -> r.id() + " " + r.deleted() + " " + database.get(id, r.id()))
              .collect(Collectors.toList()));
    }
    contents.put("counts", List.of(database.count(), database.deletedCount()));
    contents.put("changes", database.changes(0, 100));
    contents.put("purges", database.purges().all());
    contents.put(
        "found",
        database.find(Query.where("{\"n\": {\"$gte\": 0}}")).stream()
            .map(Document::id)
            .sorted()
            .collect(Collectors.toList()));
    contents.put("attachments", database.attachments().totals());
    return contents.toString();
  }

  private void step(Database database) throws IOException {
    String id = "d" + random.nextInt(IDS);
    List<RevisionId> leaves =
        database.tree(id).leaves().stream().map(Revision::id).collect(Collectors.toList());
    JsonObject body = JsonObject.parse("{\"n\": " + random.nextInt(1_000) + "}");
    int what = random.nextInt(6);
    if (leaves.isEmpty() || what == 0) {
      RevisionId stranger = new RevisionId(1, "s" + random.nextInt(100_000));
      database.write(
          new WriteBatch().graft(id, new RevisionPath(List.of(stranger), what == 1), body));
    } else if (what <= 2) {
      leaves.removeIf(leaf -> random.nextInt(3) == 0);
      database.purge(Map.of(id, leaves));
    } else if (what == 3) {
      try (var upload =
          database
              .attachments()
              .store("text/plain", new ByteArrayInputStream(new byte[100 + random.nextInt(5)]))) {
        database.put(id, leaves.get(0), body, Map.of("a", upload.finish()));
      }
    } else {
      database.put(id, leaves.get(random.nextInt(leaves.size())), body);
    }
  }

  @Test
  void purge_powerCutAtAnyBoundary_isWholeOrNotAtAll() throws IOException {
    Path folder = Files.createDirectory(folders.resolve("run"));
    RecordingDisk disk = new RecordingDisk(folder);
    NavigableMap<Integer, Set<String>> allowedFrom = new TreeMap<>(); // by the number of calls
    try (Database database =
        SmallDatabases.on(FileStorage.open(folder, StorageOptions.DEFAULT, disk, MEMTABLE))) {
      String now = contents(database);
      for (int i = 0; i < 70; i++) {
        String before = now;
        int first = disk.tape().size();
        step(database);
        now = contents(database);
        allowedFrom.put(first, new HashSet<>(List.of(before, now)));
        allowedFrom.put(disk.tape().size(), Set.of(now));
      }
    }
    PowerCut cut = new PowerCut(disk);
    int calls = 0;
    int checks = 0;
    for (Call call : disk.tape()) {
      cut.pass(call);
      calls++;
      Map.Entry<Integer, Set<String>> allowed = allowedFrom.floorEntry(calls - 1);
      if (allowed != null && random.nextInt(3) == 0) {
        for (PowerCut.Luck luck : PowerCut.Luck.values()) {
          String when = checks++ + " " + luck + " after " + call;
          check(folder, cut.tree(luck, random), allowed.getValue(), when);
        }
      }
    }
    System.out.println("PurgePowerTest: " + disk.tape().size() + " calls, " + checks + " checks");
    assertThat(checks).isGreaterThan(200);
  }

  private void check(Path run, Map<Path, byte[]> files, Set<String> allowed, String when)
      throws IOException {
    Path folder = folders.resolve("cut-" + when.substring(0, when.indexOf(' ')));
    List<Path> written = new ArrayList<>();
    for (Map.Entry<Path, byte[]> file : files.entrySet()) {
      Path to = folder.resolve(run.relativize(file.getKey()).toString());
      Files.createDirectories(to.getParent());
      Files.write(to, file.getValue());
      written.add(to);
    }
    try {
      try (Database database =
          SmallDatabases.on(
              FileStorage.open(folder, StorageOptions.DEFAULT, new UnsyncedDisk(), MEMTABLE))) {
        assertThat(allowed).contains(contents(database));
        assertThat(database.checkIndex()).isEmpty();
      }
      assertThat(DatabaseCheck.of(folder).problems()).isEmpty();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(when + " " + written + " seed " + SEED, e);
    }
  }
}
