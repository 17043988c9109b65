package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.revision.RevisionId;
import dev.stave.storage.CorruptStaveException;
import dev.stave.storage.StorageClosedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexOnDiskTest {

  @TempDir Path folder;

  private Path path() {
    return folder.resolve("db");
  }

  private static void write(Database database, int from, int to) {
    for (int i = from; i < to; i++) {
      database.put("d" + i, JsonObject.parse("{\"n\": " + i + ", \"even\": " + (i % 2 == 0) + "}"));
    }
  }

  private List<Path> tables() throws IOException {
    try (Stream<Path> files = Files.list(path())) {
      return files.filter(file -> file.toString().endsWith(".table")).collect(Collectors.toList());
    }
  }

  private static int count(Database database, String selector) {
    return database.find(Query.where(selector)).size();
  }

  @Test
  void open_afterTablesWereWritten_findsAllAndWritesNoneAnew() throws IOException {
    try (Database database = SmallDatabases.open(path(), 0)) {
      write(database, 0, 100);
      database.put("d7", winner(database, "d7"), JsonObject.parse("{\"n\": 1000}"));
      database.delete("d8", winner(database, "d8"));
    }
    List<Path> before = tables();
    assertThat(before).isNotEmpty();

    try (Database database = Database.open(path())) {
      assertThat(count(database, "{\"even\": true}")).isEqualTo(49);
      assertThat(count(database, "{\"n\": 7}")).isZero();
      assertThat(count(database, "{\"n\": {\"$gte\": 99}}")).isEqualTo(2);
      assertThat(database.checkIndex()).isEmpty();
    }
    assertThat(tables()).containsExactlyElementsOf(before);
    assertThat(DatabaseCheck.of(path()).problems()).isEmpty();
  }

  private static RevisionId winner(Database database, String id) {
    return database.get(id).orElseThrow().revision();
  }

  @Test
  void open_documentsChangedBehindTheTables_areTakenInOnce() {
    try (Database database = SmallDatabases.open(path(), 0)) {
      write(database, 0, 50);
    }
    try (Database database = Database.open(path())) { // its part in memory is not worth a table
      for (int i = 0; i < 50; i += 3) {
        database.put("d" + i, winner(database, "d" + i), JsonObject.parse("{\"n\": -1}"));
      }
      database.delete("d1", winner(database, "d1"));
      write(database, 50, 60);
    }
    try (Database database = Database.open(path())) {
      assertThat(count(database, "{\"n\": -1}")).isEqualTo(17);
      assertThat(count(database, "{\"n\": {\"$gte\": 0}}")).isEqualTo(60 - 17 - 1);
      assertThat(database.checkIndex()).isEmpty();
    }
    assertThat(DatabaseCheck.of(path()).problems()).isEmpty();
  }

  @Test
  void checkpointAndRestore_takeTheIndexAlong() {
    Path copy = folder.resolve("copy");
    try (Database database = SmallDatabases.open(path(), 0)) {
      write(database, 0, 30);
      database.checkpoint(copy);
      write(database, 30, 40);
    }
    ClosedDatabase.restore(copy, folder.resolve("restored"));
    try (Database database = Database.open(folder.resolve("restored"))) {
      assertThat(database.stats().tables()).isPositive();
      assertThat(count(database, "{\"n\": {\"$gte\": 0}}")).isEqualTo(30);
      assertThat(database.checkIndex()).isEmpty();
    }
  }

  @Test
  void find_damagedTable_namesTheFileAndDropIndexMakesItAnew() throws IOException {
    try (Database database = SmallDatabases.open(path(), 0)) {
      write(database, 0, 300);
    }
    for (Path table : tables()) {
      byte[] bytes = Files.readAllBytes(table);
      bytes[40] ^= 1;
      Files.write(table, bytes);
    }
    assertThatThrownBy(
            () -> {
              try (Database database = Database.open(path())) {
                count(database, "{\"n\": {\"$gte\": 0}}");
              }
            })
        .isInstanceOf(CorruptStaveException.class)
        .hasMessageContaining(".table");
    assertThat(DatabaseCheck.of(path()).problems()).isNotEmpty();

    ClosedDatabase.dropIndex(path());
    try (Database database = Database.open(path())) {
      assertThat(count(database, "{\"n\": {\"$gte\": 0}}")).isEqualTo(300);
    }
    assertThat(DatabaseCheck.of(path()).problems()).isEmpty();
  }

  @Test
  void rebuildIndex_besideWriters_isTheIndexOfTheDocuments() throws Exception {
    try (Database database = SmallDatabases.open(path(), 100_000)) {
      write(database, 0, 2_000);
      Thread writer =
          new Thread(
              () -> {
                for (int i = 0; i < 2_000; i += 2) {
                  database.put("d" + i, winner(database, "d" + i), JsonObject.parse("{\"n\": -1}"));
                }
              });
      writer.start();
      int rebuilds = 0;
      while (writer.isAlive() || rebuilds == 0) {
        database.rebuildIndex();
        assertThat(database.checkIndex()).isEmpty();
        assertThat(count(database, "{\"n\": {\"$exists\": true}}")).isEqualTo(2_000);
        rebuilds++;
      }
      writer.join();
      database.rebuildIndex();
      assertThat(count(database, "{\"n\": -1}")).isEqualTo(1_000);
      assertThat(database.checkIndex()).isEmpty();
    }
    assertThat(DatabaseCheck.of(path()).problems()).isEmpty();
    try (Stream<Path> files = Files.list(path())) {
      assertThat(files.filter(file -> file.toString().endsWith(".tmp"))).isEmpty();
    }
  }

  @Test
  void find_closedDatabase_saysSo() {
    Database database = SmallDatabases.open(path(), 0);
    write(database, 0, 5);
    database.close();

    assertThatThrownBy(() -> count(database, "{}")).isInstanceOf(StorageClosedException.class);
    assertThatThrownBy(database::rebuildIndex).isInstanceOf(StorageClosedException.class);
    assertThatThrownBy(database::checkIndex).isInstanceOf(StorageClosedException.class);
  }

  @Test
  void checkIndex_indexThatIsWrong_saysAtWhichPath() {
    try (Database database = SmallDatabases.inMemory(0)) {
      write(database, 0, 5);
      try (Searchable snapshot = database.searchable()) {
        write(database, 5, 6);
        try (Searchable later = database.searchable()) {
          assertThat(new Searchable(later.view(), snapshot.index()).problemsOfIndex())
              .anyMatch(line -> line.contains("lacks 1 documents"))
              .anyMatch(line -> line.contains("at the path n the index has 5 values"));
        }
      }
    }
  }
}
