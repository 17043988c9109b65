package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Retention;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.storage.StorageClosedException;
import dev.stave.storage.StorageException;
import dev.stave.storage.StorageStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoint, restore, check, salvage and compact, on a database with history and conflicts. */
class MaintenanceTest {

  private static final int DOCUMENTS = 300;

  @TempDir Path folder;
  private Path original;

  private static JsonObject body(int i, String what) {
    return JsonObject.parse(
        "{\"n\":"
            + i
            + ",\"what\":\""
            + what
            + "\",\"text\":\""
            + "lorem ".repeat(i % 200)
            + "\"}");
  }

  private static String id(int i) {
    return "doc-" + i;
  }

  /** Documents, some updated, some deleted, some in conflict; half in segments, half in the log. */
  @BeforeEach
  void write() {
    original = folder.resolve("original");
    try (Database database = Database.open(original)) {
      for (int i = 0; i < DOCUMENTS; i++) {
        RevisionId first = database.put(id(i), body(i, "first"));
        if (i % 3 == 0) {
          database.put(id(i), first, body(i, "second"));
        }
        if (i % 7 == 0) {
          RevisionId other = RevisionId.parse("2-" + "f".repeat(32));
          database.write(
              new WriteBatch()
                  .graft(id(i), new RevisionPath(List.of(other, first), false), body(i, "other")));
        }
        if (i % 10 == 1) {
          database.delete(id(i), database.get(id(i)).orElseThrow().revision());
        }
        if (i == DOCUMENTS / 2) {
          database.compact();
        }
      }
      database.putLocal("mine", body(1, "local"));
    }
  }

  private static Map<String, String> contents(Database database) {
    Map<String, String> contents = new TreeMap<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      String document = database.get(id(i)).map(d -> d.revision() + " " + d.body()).orElse("-");
      String conflicts = database.tree(id(i)).conflicts().toString();
      contents.put(id(i), document + conflicts.replaceAll("sequence=[0-9]+", ""));
    }
    database.getLocal("mine").ifPresent(local -> contents.put("_local/mine", local.toString()));
    return contents;
  }

  private static Map<String, String> contents(Path path) {
    try (Database database = Database.open(path)) {
      return contents(database);
    }
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(original)) {
      return files.filter(file -> file.toString().endsWith(ending)).collect(Collectors.toList());
    }
  }

  @Test
  void checkpoint_whileWritingGoesOn_isExactlyThatMoment() {
    Path copy = folder.resolve("copies/one");
    Map<String, String> then;
    try (Database database = Database.open(original)) {
      then = contents(database);
      database.checkpoint(copy);
      database.put("later", body(1, "later"));
      database.compact();

      assertThat(contents(copy)).isEqualTo(then);
      assertThat(database.get("later")).isPresent();
    }
    try (Database database = Database.open(copy)) {
      assertThat(database.get("later")).isEmpty();
      database.put("only here", body(2, "here"));
    }
    try (Database database = Database.open(original)) {
      assertThat(database.get("only here")).isEmpty();
    }
    assertThat(DatabaseCheck.of(copy).problems()).isEmpty();
    assertThat(DatabaseCheck.of(original).problems()).isEmpty();
  }

  @Test
  void checkpoint_whereSomethingIs_isRefusedAndLeavesIt() throws IOException {
    Path occupied = Files.createDirectory(folder.resolve("occupied"));
    Files.write(occupied.resolve("a.txt"), new byte[1]);
    try (Database database = Database.open(original)) {
      assertThatThrownBy(() -> database.checkpoint(occupied))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("not empty");
      assertThatThrownBy(() -> database.checkpoint(occupied.resolve("a.txt")))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("a file is there already");
    }
    assertThat(occupied).isDirectoryContaining("glob:**a.txt");
    assertThat(Files.list(folder)).containsExactlyInAnyOrder(original, occupied);
  }

  @Test
  void checkpoint_ofADatabaseInMemory_isUnsupported() {
    try (Database database = Database.inMemory()) {
      assertThatThrownBy(() -> database.checkpoint(folder.resolve("x")))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void restore_aCheckpoint_isADatabaseOfItsOwn() {
    Path backup = folder.resolve("backup");
    Path restored = folder.resolve("restored");
    String uuid;
    try (Database database = Database.open(original)) {
      uuid = database.uuid();
      database.checkpoint(backup);
    }

    ClosedDatabase.restore(backup, restored);

    assertThat(contents(restored)).isEqualTo(contents(original));
    try (Database one = Database.open(backup);
        Database two = Database.open(restored)) {
      assertThat(List.of(uuid, one.uuid(), two.uuid())).doesNotHaveDuplicates();
    }
  }

  @Test
  void check_wholeDatabase_findsNothing() {
    DatabaseCheck.Report report = DatabaseCheck.of(original);

    assertThat(report.problems()).isEmpty();
    assertThat(report.documents()).isEqualTo(DOCUMENTS);
    assertThat(report.revisions()).isGreaterThan(DOCUMENTS);
  }

  @Test
  void check_openDatabase_isRefused() {
    try (Database database = Database.open(original)) {
      assertThatThrownBy(() -> DatabaseCheck.of(original)).hasMessageContaining("open already");
    }
  }

  @Test
  void check_anyFlippedBit_isFoundAndNamed() throws IOException {
    Random random = new Random(5);
    for (Path file : files("")) {
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < 40 && whole.length > 0; i++) {
        byte[] damaged = whole.clone();
        damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, damaged);

        assertThat(DatabaseCheck.of(original).problems())
            .as("%s", file)
            .anyMatch(problem -> problem.contains(file.getFileName().toString()));
      }
      Files.write(file, whole);
    }
    assertThat(DatabaseCheck.of(original).problems()).isEmpty();
  }

  @Test
  void check_filesMissing_namesEach() throws IOException {
    List<Path> bodies = files(".bodies");
    for (Path file : bodies) {
      Files.delete(file);
    }
    assertThat(DatabaseCheck.of(original).problems())
        .containsExactlyInAnyOrderElementsOf(
            bodies.stream()
                .map(file -> "the file is missing: file=" + file + ", offset=0")
                .collect(Collectors.toList()));

    Files.delete(original.resolve("MANIFEST"));

    assertThat(DatabaseCheck.of(original).problems())
        .containsExactly(
            "the file is missing: file=" + original.resolve("MANIFEST") + ", offset=0");
  }

  /** A manifest of a later version was told to be damaged. */
  @Test
  void check_manifestOfAnotherProgram_isRefused() throws IOException {
    Files.write(original.resolve("MANIFEST"), "Manifest-Version: 1.0\n".getBytes("US-ASCII"));

    assertThatThrownBy(() -> DatabaseCheck.of(original))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("not a Stave database");
  }

  @Test
  void facts_ofADatabaseNobodyHasOpen_areItsOwn() {
    DatabaseFacts facts = DatabaseFacts.of(original);

    try (Database database = Database.open(original)) {
      assertThat(facts.documents()).isEqualTo(database.count());
      assertThat(facts.deleted()).isEqualTo(database.deletedCount());
      StorageStats stats = database.stats();
      assertThat(facts.storage().diskBytes()).isEqualTo(stats.diskBytes());
      assertThat(facts.storage().segments()).isEqualTo(stats.segments()).isPositive();
      assertThatThrownBy(() -> DatabaseFacts.of(original)).hasMessageContaining("open already");
    }
  }

  /** The lock of a folder without its manifest was refused to those, too, who only read. */
  @Test
  void salvage_manifestLost_savesTheRest() throws IOException {
    Files.delete(original.resolve("MANIFEST"));

    DatabaseSalvage.Report report = DatabaseSalvage.save(original, folder.resolve("saved"));

    assertThat(report.damages()).hasSize(1);
    assertThat(report.documents()).isEqualTo(DOCUMENTS);
    assertThat(files("")).anyMatch(file -> file.endsWith("LOCK"));
  }

  @Test
  void salvage_thatFails_leavesNothing() {
    Path saved = folder.resolve("saved");
    try (Database database = Database.open(original)) {
      assertThatThrownBy(() -> DatabaseSalvage.save(original, saved))
          .hasMessageContaining("open already");
      assertThat(database.count()).isPositive();
    }
    assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("original"));
  }

  @Test
  void salvage_wholeDatabase_savesAll() {
    Path saved = folder.resolve("saved");
    DatabaseSalvage.Report report = DatabaseSalvage.save(original, saved);

    assertThat(report.damages()).isEmpty();
    assertThat(report.losses()).isEmpty();
    assertThat(report.documents()).isEqualTo(DOCUMENTS);
    assertThat(contents(saved)).isEqualTo(contents(original));
  }

  @Test
  void salvage_damageAnywhere_savesTheRestAndNamesWhatIsLost() throws IOException {
    Map<String, String> before = contents(original);
    Random random = new Random(6);
    List<Path> files = new ArrayList<>();
    for (String ending : List.of(".rows", ".bodies", ".log", "MANIFEST")) {
      files.addAll(files(ending));
    }
    for (Path file : files) {
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < 6; i++) {
        byte[] damaged = whole.clone();
        damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, damaged);
        Path saved = folder.resolve("saved");

        DatabaseSalvage.Report report = DatabaseSalvage.save(original, saved);

        assertThat(report.damages()).as("%s", file).isNotEmpty();
        Map<String, String> after = contents(saved);
        long same =
            before.entrySet().stream()
                .filter(e -> e.getValue().equals(after.get(e.getKey())))
                .count();
        assertThat(same).as("%s", report).isGreaterThan(DOCUMENTS * 2 / 3);
        assertThat(DatabaseCheck.of(saved).problems()).isEmpty();
        delete(saved);
      }
      Files.write(file, whole);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.collect(Collectors.toList())) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Test
  void compact_ofADatabaseNobodyHasOpen_keepsAll() {
    Map<String, String> before = contents(original);

    ClosedDatabase.compact(original);

    assertThat(DatabaseFacts.of(original).storage().segments()).isEqualTo(1);
    assertThat(contents(original)).isEqualTo(before);
  }

  /** Closing told whoever compacted of the pace of its thread, or that an executor was shut. */
  @Test
  void compact_closedMeanwhile_saysSo() throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      Database database = Database.open(original);
      List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
      Thread compacting = new Thread(database::compact);
      compacting.setUncaughtExceptionHandler((thread, e) -> failures.add(e));
      database.put("new " + i, body(i, "new"));
      compacting.start();
      LockSupport.parkNanos(i * 200_000L);
      database.close();
      compacting.join();

      assertThat(failures)
          .allSatisfy(e -> assertThat(e).isInstanceOf(StorageClosedException.class));
    }
    assertThat(DatabaseCheck.of(original).problems()).isEmpty();
  }

  @Test
  void compact_afterManyUpdates_givesTheRoomBack() {
    Path path = folder.resolve("updates");
    try (Database database =
        Database.open(path, DatabaseOptions.DEFAULT.withMemoryBytes(1 << 20))) {
      RevisionId[] revisions = new RevisionId[50];
      for (int round = 0; round < 60; round++) {
        for (int i = 0; i < revisions.length; i++) {
          JsonObject body = body(199, "round " + round);
          revisions[i] =
              round == 0 ? database.put(id(i), body) : database.put(id(i), revisions[i], body);
        }
      }
      database.compact();
      StorageStats stats = database.stats();

      assertThat(stats.segments()).isEqualTo(1);
      assertThat(stats.garbageBytes()).isZero();
      // the winner and the bodies that are kept of its ancestors
      long kept = 50L * (1 + Retention.DEFAULT.bodies()) * 1_500;
      assertThat(stats.bodyBytes()).isLessThan(kept);
      assertThat(database.get(id(7)).map(Document::revision)).contains(revisions[7]);
    }
    assertThat(DatabaseCheck.of(path).problems()).isEmpty();
  }
}
