package dev.stave.database;

import static dev.stave.database.DatabaseTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.bytes.Bytes;
import dev.stave.database.HistoryEntry.Standing;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.storage.Durability;
import dev.stave.storage.MemoryStorage;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import dev.stave.storage.Tables;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Documents with more history than anybody wants to have. */
class LongHistoryTest {

  /** A hundred thousand in the profile "proof". */
  private static final int EDITS = Integer.getInteger("stave.history.edits", 3_000);

  /** So many of the leaves come in a commit of their own: two thousand in the profile "proof". */
  private static final int COMMITS = Integer.getInteger("stave.history.commits", 100);

  @TempDir private Path folder;

  private static RevisionPath path(boolean deleted, String... newestFirst) {
    return new RevisionPath(
        List.of(newestFirst).stream().map(RevisionId::parse).collect(Collectors.toList()), deleted);
  }

  /** A client of another database crashed over this. */
  @Test
  void threeHundredDeletedConflicts_documentIsWhatItIs() {
    try (Database database = Database.open(folder.resolve("db"))) {
      database.write(new WriteBatch().graft("a", path(false, "2-a", "1-a"), json("{'n': 1}")));
      for (int i = 0; i < 300; i++) {
        String leaf = "3-" + i;
        database.write(new WriteBatch().graft("a", path(false, "2-" + i, "1-a"), json("{}")));
        database.write(new WriteBatch().graft("a", path(true, leaf, "2-" + i, "1-a"), json("{}")));
      }

      List<HistoryEntry> history = database.history("a").entries();

      assertThat(database.get("a").orElseThrow().revision()).hasToString("2-a");
      assertThat(database.tree("a").conflicts()).isEmpty();
      assertThat(history).hasSize(602);
      assertThat(history.stream().filter(e -> e.standing() == Standing.CLOSED)).hasSize(300);
      RevisionId next = database.put("a", RevisionId.parse("2-a"), json("{'n': 2}"));
      assertThat(database.get("a").orElseThrow().revision()).isEqualTo(next);
      assertThat(database.count()).isEqualTo(1);
    }
    assertThat(DatabaseCheck.of(folder.resolve("db")).problems()).isEmpty();
  }

  @Test
  @Timeout(300)
  void tenThousandLeaves_areWrittenReadAndReopened() {
    int leaves = 10_000;
    Path path = folder.resolve("db");
    try (Database database = Database.open(path)) {
      database.write(new WriteBatch().graft("a", path(false, "1-a"), json("{'n': 0}")));
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < leaves - COMMITS; i++) {
        batch.graft("a", path(i % 3 == 0, "2-" + i, "1-a"), json("{'n': " + i + "}"));
      }
      database.write(batch);
      for (int i = leaves - COMMITS; i < leaves; i++) {
        database.write(
            new WriteBatch().graft("a", path(i % 3 == 0, "2-" + i, "1-a"), json("{'n': 1}")));
      }
    }
    try (Database database = Database.open(path)) {
      RevisionId winner = database.get("a").orElseThrow().revision();
      RevisionId next = database.put("a", winner, json("{'n': -1}"));

      assertThat(database.get("a").orElseThrow().revision()).isEqualTo(next);
      AtomicInteger lost = new AtomicInteger();
      database
          .history("a")
          .forEach(
              entry -> {
                lost.addAndGet(entry.standing() == Standing.CONFLICT ? 1 : 0);
                return true;
              });
      assertThat(lost).hasValue(database.tree("a").conflicts().size());
      assertThat(database.tree("a").leaves()).hasSize(leaves);
      for (Revision leaf : database.tree("a").leaves().subList(0, 100)) {
        assertThat(database.get("a", leaf.id())).isPresent();
      }
    }
    assertThat(DatabaseCheck.of(path).problems()).isEmpty();
  }

  @Test
  @Timeout(900)
  void manyEditsOfOneDocument_takeTheRoomOfThoseThatAreKept() {
    Path path = folder.resolve("db");
    DatabaseOptions options =
        DatabaseOptions.DEFAULT.withDurability(Durability.NONE).withMemoryBytes(8 << 20);
    try (Database database = Database.open(path, options)) {
      RevisionId revision = database.put("a", json("{'n': 0}"));
      database.pins().pin("fork");
      for (int i = 1; i < EDITS; i++) {
        revision =
            ((WriteResult.Written)
                    database
                        .write(
                            new WriteBatch()
                                .author("alice")
                                .put("a", revision, json("{'n': " + i + "}")))
                        .get(0))
                .revision();
      }
      assertThat(database.history("a").entries()).hasSize(Math.min(EDITS, 1_000));
      assertThat(database.pins().at("a", 1).orElseThrow().body()).isEqualTo(json("{'n': 0}"));
      database.compact();
      // the tree, a thousand provenances, seven bodies, and what it takes to find them
      assertThat(database.stats().rowBytes() + database.stats().bodyBytes()).isLessThan(110_000);
      assertThat(revision.generation()).isEqualTo(EDITS);
    }
    assertThat(DatabaseCheck.of(path).problems()).isEmpty();
  }

  @Test
  void get_documentOfAThousandRevisions_readsTheRowsOfOneWithoutHistory() {
    CountingStorage storage = new CountingStorage();
    try (Database database = Database.opened(storage, DatabaseOptions.DEFAULT, 1 << 20)) {
      database.put("young", json("{'n': 1}"));
      RevisionId revision = database.put("old", json("{'n': 0}"));
      for (int i = 1; i <= 1_000; i++) {
        revision = database.put("old", revision, json("{'n': " + i + "}"));
      }

      storage.reads.set(0);
      storage.bytes.set(0);
      assertThat(database.get("young")).isPresent();
      int reads = storage.reads.get();
      int bytes = storage.bytes.get();
      storage.reads.set(0);
      storage.bytes.set(0);
      assertThat(database.get("old")).isPresent();

      assertThat(storage.reads).hasValue(reads).hasValue(2);
      assertThat(storage.bytes.get()).isLessThan(bytes + 512); // what the header has of the tree
    }
  }

  @Test
  void put_documentOfAThousandRevisions_readsAndWritesWhatAYoungOneDoes() {
    CountingStorage storage = new CountingStorage();
    try (Database database = Database.opened(storage, DatabaseOptions.DEFAULT, 1 << 20)) {
      edit(database, "young", 24);
      edit(database, "old", 3_000); // pruned at each edit

      storage.forget();
      edit(database, "young", 16);
      int reads = storage.reads.get();
      int bytesRead = storage.bytes.get();
      int rows = storage.written.get();
      int bytes = storage.bytesWritten.get();
      storage.forget();
      edit(database, "old", 16);

      assertThat(storage.written.get()).isEqualTo(rows + 1); // a chunk goes, in sixteen edits
      assertThat(storage.bytesWritten.get()).isLessThan(bytes + 16 * 16);
      assertThat(storage.reads.get()).isLessThanOrEqualTo(reads + 2 * 16); // the chunk that is cut
      assertThat(storage.bytes.get()).isLessThan(bytesRead + 16 * 400);
      assertThat(storage.largest.get()).isLessThan(512); // so a header is a small row
      assertThat(database.history("old").entries()).hasSize(1_000);
    }
  }

  private static void edit(Database database, String id, int times) {
    for (int i = 0; i < times; i++) {
      RevisionId winner = database.get(id).map(Document::revision).orElse(null);
      WriteBatch batch = new WriteBatch();
      JsonObject body = json("{'n': " + i + "}");
      database.write(winner == null ? batch.put(id, body) : batch.put(id, winner, body));
    }
  }

  /** Counts the rows that are read and, of documents, written, and their bytes. */
  private static final class CountingStorage implements Storage {
    private final MemoryStorage rows = new MemoryStorage();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger bytes = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger bytesWritten = new AtomicInteger();
    private final AtomicInteger largest = new AtomicInteger();
    private boolean comparing;

    void forget() {
      List.of(reads, bytes, written, bytesWritten, largest).forEach(count -> count.set(0));
      comparing = true;
    }

    @Override
    public void commit(StorageBatch batch) {
      Map<String, String> before = comparing ? ofDocuments() : Map.of();
      rows.commit(batch);
      Map<String, String> after = comparing ? ofDocuments() : Map.of();
      before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(key -> wrote(0));
      after.forEach(
          (key, value) -> {
            if (!value.equals(before.get(key))) {
              wrote(value.length());
            }
          });
    }

    private void wrote(int length) {
      written.incrementAndGet();
      bytesWritten.addAndGet(length);
      largest.accumulateAndGet(length, Math::max);
    }

    /** Headers, and trees. */
    private Map<String, String> ofDocuments() {
      Map<String, String> found = new HashMap<>();
      try (StorageSnapshot snapshot = rows.snapshot()) {
        for (char prefix : new char[] {'h', 'q', 't'}) {
          byte[] from = {(byte) prefix};
          snapshot
              .scan(from, Bytes.afterPrefix(from))
              .forEachRemaining(row -> found.put(latin(row.key()), latin(row.value())));
        }
      }
      return found;
    }

    private static String latin(byte[] row) {
      return new String(row, StandardCharsets.ISO_8859_1);
    }

    @Override
    public Tables tables() {
      return rows.tables();
    }

    @Override
    public void close() {
      rows.close();
    }

    @Override
    public StorageSnapshot snapshot() {
      StorageSnapshot snapshot = rows.snapshot();
      return new StorageSnapshot() {
        @Override
        public byte[] get(byte[] key) {
          byte[] value = snapshot.get(key);
          reads.incrementAndGet();
          bytes.addAndGet(value == null ? 0 : value.length);
          return value;
        }

        @Override
        public Iterator<Row> scan(byte[] from, byte[] to) {
          return counted(snapshot.scan(from, to));
        }

        @Override
        public Iterator<Row> scanBackward(byte[] from, byte[] to) {
          return counted(snapshot.scanBackward(from, to));
        }

        private Iterator<Row> counted(Iterator<Row> scanned) {
          reads.incrementAndGet();
          return scanned;
        }

        @Override
        public void close() {
          snapshot.close();
        }
      };
    }
  }
}
