package dev.stave.server.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.database.DatabaseFacts;
import dev.stave.database.DatabaseOptions;
import dev.stave.document.InvalidDocumentException;
import dev.stave.json.JsonObject;
import dev.stave.storage.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabasesTest {

  private static final DatabaseName NAME = new DatabaseName("a/b+c");

  @TempDir Path folder;

  @Test
  void databases_closedAndOpenedAgain_areThere() {
    String uuid;
    try (Databases databases = Databases.open(folder)) {
      uuid = databases.uuid();
      databases.create(NAME).orElseThrow().put("x", JsonObject.parse("{}"));
      assertThat(databases.create(NAME)).isEmpty();
    }

    try (Databases databases = Databases.open(folder)) {
      assertThat(databases.uuid()).isEqualTo(uuid);
      assertThat(databases.list()).containsExactly(NAME);
      assertThat(databases.find(NAME).orElseThrow().count()).isEqualTo(1);
      assertThat(databases.find(NAME)).containsSame(databases.find(NAME).orElseThrow());
      assertThat(databases.create(NAME)).isEmpty();
      assertThat(databases.find(new DatabaseName("other"))).isEmpty();
      assertThat(databases.fileBytes(NAME)).isPositive();
    }
  }

  @Test
  void drop_database_freesTheNameAndLeavesNothing() throws IOException {
    try (Databases databases = Databases.open(folder)) {
      Database first = databases.create(NAME).orElseThrow();
      first.put("x", JsonObject.parse("{}"));

      assertThat(databases.drop(NAME)).isTrue();
      assertThat(databases.drop(NAME)).isFalse();
      assertThat(databases.list()).isEmpty();
      assertThat(databases.create(NAME).orElseThrow().count()).isZero();
      assertThat(databases.drop(NAME)).isTrue();
      assertThat(folder).isDirectoryNotContaining(file -> file.toString().contains("dropped"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".dropped-1", ".temporary-1"})
  void open_afterACrashInTheMiddleOfADropOrABackup_tidiesUp(String name) throws IOException {
    Path left = Files.createDirectories(folder.resolve(name).resolve("deep"));
    Files.writeString(left.resolve("file"), "x");

    Databases.open(folder).close();

    assertThat(folder.resolve(name)).doesNotExist();
  }

  @Test
  void backup_ofADatabase_isThatMomentAndNoDatabaseAndGoneAfterwards() throws IOException {
    try (Databases databases = Databases.open(folder)) {
      Database database = databases.create(NAME).orElseThrow();
      database.put("x", JsonObject.parse("{}"));
      try (BackupFiles files = databases.backup(database)) {
        database.put("y", JsonObject.parse("{}"));

        assertThat(databases.list()).containsExactly(NAME);
        List<Path> found = files.files();
        assertThat(found.get(found.size() - 1)).hasFileName("MANIFEST");
        Path copy = found.get(0).getParent();
        assertThat(DatabaseFacts.of(copy).documents()).isEqualTo(1);
      }
      assertThat(folder).isDirectoryNotContaining(file -> file.toString().contains("temporary"));
    }
  }

  @Test
  void open_withOptions_opensEachDatabaseWithThem() {
    DatabaseOptions small = DatabaseOptions.DEFAULT.withMaxDocumentBytes(10);
    try (Databases databases = Databases.open(folder, small)) {
      Database made = databases.create(NAME).orElseThrow();
      assertThatThrownBy(() -> made.put("x", JsonObject.parse("{\"a\":\"too long\"}")))
          .isInstanceOf(InvalidDocumentException.class);
    }
    try (Databases databases = Databases.open(folder, small)) {
      Database found = databases.find(NAME).orElseThrow();
      assertThatThrownBy(() -> found.put("x", JsonObject.parse("{\"a\":\"too long\"}")))
          .isInstanceOf(InvalidDocumentException.class);
    }
  }

  /** A refused second opening closed its descriptor of LOCK, and with it dropped the lock. */
  @Test
  void open_refusedInThisProcess_staysLockedForOthers() throws Exception {
    try (Databases databases = Databases.open(folder)) {
      assertThat(databases.list()).isEmpty();
      assertThatThrownBy(() -> Databases.open(folder)).hasMessageContaining("in use");
      assertThatThrownBy(() -> DatabaseFiles.openToRead(folder)).hasMessageContaining("in use");

      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Opener.class.getName(),
                  folder.toString())
              .redirectErrorStream(true)
              .start();

      assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("the data folder is in use");
    }
    Databases.open(folder).close();
  }

  /** Says whether it could open the data folder. */
  static final class Opener {
    public static void main(String[] arguments) {
      try (Databases databases = Databases.open(Path.of(arguments[0]))) {
        System.out.println("opened " + databases.uuid());
      } catch (DataFolderException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void list_otherThingsInTheFolder_areNoDatabases() throws IOException {
    try (Databases databases = Databases.open(folder)) {
      databases.create(new DatabaseName("good"));
      Files.writeString(folder.resolve("file"), "x");
      for (String other : List.of("Upper", "a b", "a%2", "%61", "empty")) {
        Files.createDirectory(folder.resolve(other));
      }

      assertThat(databases.list()).containsExactly(new DatabaseName("good"));
      assertThat(databases.find(new DatabaseName("file"))).isEmpty();
      assertThat(databases.find(new DatabaseName("empty"))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"notes.txt", "MANIFEST", "0000000001.log"})
  void folderOfSomethingElse_isNeverTouched(String name) throws IOException {
    DatabaseName precious = new DatabaseName("precious");
    try (Databases databases = Databases.open(folder)) {
      Path place = Files.createDirectory(folder.resolve("precious"));
      Files.writeString(place.resolve("keep"), "me");
      Path file = Files.writeString(place.resolve(name), "x");

      assertThat(databases.list()).isEmpty();
      assertThat(databases.find(precious)).isEmpty();
      assertThat(databases.drop(precious)).isFalse();
      assertThatThrownBy(() -> databases.create(precious))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("not a Stave database");
      assertThat(file).hasContent("x");
      assertThat(place.resolve("keep")).hasContent("me");
    }
  }

  @Test
  void create_overAnUnfinishedCreation_finishesIt() throws IOException {
    try (Databases databases = Databases.open(folder)) {
      Path begun = Files.createDirectory(folder.resolve("begun"));
      Files.createFile(begun.resolve("LOCK"));

      assertThat(databases.drop(new DatabaseName("begun"))).isFalse();
      assertThat(databases.create(new DatabaseName("begun"))).isPresent();
      assertThat(databases.drop(new DatabaseName("begun"))).isTrue();
    }
  }

  @Test
  void find_databaseThatLostItsManifest_saysSo() throws IOException {
    try (Databases databases = Databases.open(folder)) {
      databases.create(NAME).orElseThrow().put("x", JsonObject.parse("{}"));
    }
    Files.delete(folder.resolve(NAME.folder()).resolve("MANIFEST"));

    try (Databases databases = Databases.open(folder)) {
      assertThat(databases.list()).containsExactly(NAME);
      assertThatThrownBy(() -> databases.find(NAME)).hasMessageContaining("the MANIFEST is lost");
    }
  }

  /** Files were looked for by names that they do not have any more. */
  @Test
  void find_databaseWhoseManifestIsGarbage_isOneAllTheSame() throws IOException {
    try (Databases databases = Databases.open(folder)) {
      databases.create(NAME).orElseThrow().put("x", JsonObject.parse("{}"));
      databases.find(NAME).orElseThrow().compact();
    }
    Files.writeString(folder.resolve(NAME.folder()).resolve("MANIFEST"), "garbage");

    try (Databases databases = Databases.open(folder)) {
      assertThat(databases.list()).containsExactly(NAME);
      assertThat(databases.drop(NAME)).isTrue();
    }
  }

  @Test
  void open_folderOfSomethingElse_isRefusedAndLeftAsItIs() throws IOException {
    Files.createDirectory(folder.resolve("photos"));

    assertThatThrownBy(() -> Databases.open(folder))
        .isInstanceOf(DataFolderException.class)
        .hasMessage("not a data folder of Stave, for it holds photos: path=" + folder);
    assertThat(Databases.openExisting(folder)).isEmpty();

    assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("photos"));
  }

  @Test
  void open_folderOfDatabasesOnly_becomesADataFolder() throws IOException {
    try (Databases databases = Databases.open(folder)) {
      databases.create(NAME);
    }
    Files.delete(folder.resolve("UUID"));
    Files.delete(folder.resolve("LOCK"));

    try (Databases databases = Databases.open(folder)) {
      assertThat(databases.list()).containsExactly(NAME);
    }
  }

  @Test
  void open_inUseOrAFile_saysSoInOneLine() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    try (Databases databases = Databases.open(folder.resolve("data"))) {
      assertThat(databases.list()).isEmpty();
      assertThatThrownBy(() -> Databases.open(folder.resolve("data")))
          .isInstanceOf(DataFolderException.class)
          .hasMessageContaining("in use")
          .hasMessageNotContaining("\n");
    }
    assertThatThrownBy(() -> Databases.open(file))
        .isInstanceOf(DataFolderException.class)
        .hasMessageContaining("is a file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a1_-", "a/b", "a$(x)+y", "z"})
  void name_legal_isAFolderAndBack(String text) {
    DatabaseName name = new DatabaseName(text);

    assertThat(name.folder()).matches("[a-z0-9_%A-F-]+");
    assertThat(DatabaseName.ofFolder(name.folder())).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "A", "1a", "_a", ".", "..", "a.b", "a/../b", "a\\b", "a b", "é", "a\0"})
  void name_illegal_isRefused(String text) {
    assertThatThrownBy(() -> new DatabaseName(text))
        .isInstanceOf(IllegalDatabaseNameException.class)
        .hasMessageStartingWith("Name: '");
  }

  @Test
  void name_ofManySlashes_fitsIntoAFolderName() {
    assertThat(new DatabaseName("a" + "/".repeat(79)).folder()).hasSize(238);
    assertThatThrownBy(() -> new DatabaseName("a" + "/".repeat(80)))
        .isInstanceOf(IllegalDatabaseNameException.class);
  }
}
