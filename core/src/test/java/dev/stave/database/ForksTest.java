package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.revision.RevisionId;
import dev.stave.storage.StorageInUseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForksTest {

  @TempDir Path folder;

  private static JsonObject city(String name) {
    return JsonObject.parse("{\"city\":\"" + name + "\"}");
  }

  private static List<String> in(Database database, String city) {
    return database.find(Query.where("{\"city\":\"" + city + "\"}")).stream()
        .map(Document::id)
        .sorted()
        .toList();
  }

  private Database open(boolean inMemory) {
    return inMemory ? Database.inMemory() : Database.open(folder.resolve("orders"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fork_writtenOnBothSides_eachSeesItsOwn(boolean inMemory) {
    try (Database parent = open(inMemory)) {
      RevisionId first = parent.put("o-1", city("Paris"));
      try (Database fork = parent.fork("draft")) {
        fork.put("o-1", first, city("Lyon"));
        fork.put("o-2", city("Rome"));
        parent.put("o-3", city("Oslo"));

        assertThat(in(fork, "Lyon")).containsExactly("o-1");
        assertThat(in(fork, "Oslo")).isEmpty();
        assertThat(in(parent, "Paris")).containsExactly("o-1");
        assertThat(in(parent, "Rome")).isEmpty();
        assertThat(fork.uuid()).isNotEqualTo(parent.uuid());
        assertThat(fork.lastSequence()).isEqualTo(3);
        assertThat(parent.lastSequence()).isEqualTo(2);
        assertThat(fork.changes(1, 10)).hasSize(2);
        assertThat(fork.checkIndex()).isEmpty();
        assertThat(parent.checkIndex()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void open_forkOfAForkWrittenTo_hasWhatWasWritten(boolean inMemory) {
    try (Database parent = open(inMemory)) {
      parent.put("o-1", city("Paris"));
      try (Database fork = parent.fork("a");
          Database deeper = fork.fork("b")) {
        deeper.put("o-2", city("Rome"));
      }
      try (Database fork = parent.forks().open("a");
          Database deeper = fork.forks().open("b")) {
        assertThat(in(deeper, "Rome")).containsExactly("o-2");
        assertThat(in(deeper, "Paris")).containsExactly("o-1");
        assertThat(in(fork, "Rome")).isEmpty();
        assertThat(fork.forks().list())
            .singleElement()
            .satisfies(
                known -> {
                  assertThat(known.name()).isEqualTo("b");
                  assertThat(known.parent()).isEqualTo(fork.uuid());
                  assertThat(known.sequence()).isEqualTo(1);
                  assertThat(known.depth()).isEqualTo(2);
                });
      }
      assertThat(parent.forks().list()).extracting(Fork::name).containsExactly("a");
      assertThat(parent.forks().list()).extracting(Fork::depth).containsExactly(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fork_nameTaken_isRefused(boolean inMemory) {
    try (Database parent = open(inMemory)) {
      parent.fork("draft").close();

      assertThatThrownBy(() -> parent.fork("draft"))
          .isInstanceOf(ForkException.class)
          .hasMessage("there is a fork of that name: drop it first: fork=draft");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void drop_openOrWithForks_isRefusedAndChangesNothing(boolean inMemory) {
    try (Database parent = open(inMemory)) {
      Database fork = parent.fork("a");
      assertThatThrownBy(() -> parent.forks().drop("a")).isInstanceOf(StorageInUseException.class);
      assertThatThrownBy(() -> parent.forks().open("a")).isInstanceOf(StorageInUseException.class);
      Database deeper = fork.fork("b");
      fork.close();
      assertThatThrownBy(() -> parent.forks().drop("a"))
          .isInstanceOf(ForkException.class)
          .hasMessageContaining("fork=a, forks=[b]");
      assertThatThrownBy(() -> parent.forks().dropWithForks("a"))
          .isInstanceOf(StorageInUseException.class);
      deeper.close();
      parent.forks().open("a").close();

      parent.forks().dropWithForks("a");

      assertThat(parent.forks().list()).isEmpty();
      assertThatThrownBy(() -> parent.forks().open("a"))
          .isInstanceOf(ForkException.class)
          .hasMessage("there is no fork of that name: fork=a");
      parent.fork("a").close();
      parent.forks().drop("a");
      assertThat(parent.forks().list()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "0",
        "draft-2_b",
        "a2345678901234567890123456789012345678901234567890123456789_-64"
      })
  void fork_legalName_isMade(String name) {
    try (Database parent = open(false)) {
      parent.fork(name).close();

      assertThat(parent.forks().list()).extracting(Fork::name).containsExactly(name);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "A",
        "-a",
        "_a",
        "a.partial",
        "a b",
        "a\n",
        "a\u0000",
        "é",
        "a23456789012345678901234567890123456789012345678901234567890123-65"
      })
  void anyDoor_illegalName_isRefused(String name) {
    try (Database parent = open(false)) {
      parent.put("o-1", city("Paris"));

      assertThatThrownBy(() -> parent.fork(name)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> parent.forks().create(name, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> parent.forks().open(name))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> parent.forks().drop(name))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> parent.forks().dropWithForks(name))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(folder.resolve("orders").resolve("forks")).doesNotExist();
    }
  }

  @Test
  void fork_parentCompactedClosedAndDeleted_staysWhole() throws IOException {
    Path moved = folder.resolve("moved");
    try (Database parent = open(false)) {
      for (int i = 0; i < 2_000; i++) {
        parent.put("o-" + i, city("Paris"));
      }
      parent.compact();
      parent.put("o-2000", city("Paris"));
      try (Database fork = parent.fork("draft")) {
        for (int i = 0; i < 2_000; i++) {
          parent.delete("o-" + i, parent.get("o-" + i).orElseThrow().revision());
        }
        parent.compact();
        parent.compact();
        assertThat(fork.count()).isEqualTo(2_001);
        assertThat(fork.checkIndex()).isEmpty();
      }
    }
    Files.move(folder.resolve("orders").resolve("forks").resolve("draft"), moved);
    DatabaseFolders.delete(folder.resolve("orders"));

    assertThat(DatabaseCheck.of(moved).isWhole()).isTrue();
    try (Database alone = Database.open(moved)) {
      assertThat(alone.count()).isEqualTo(2_001);
      assertThat(in(alone, "Paris")).hasSize(2_001);
    }
  }

  @Test
  void fork_takenAgainAndAgain_takesAFewFilesEachAndNoRoom() throws IOException {
    try (Database parent = open(false)) {
      for (int i = 0; i < 500; i++) {
        parent.put("o-" + i, city("Paris ".repeat(100)));
      }
      for (int i = 0; i < 60; i++) {
        parent.put("more-" + i, city("Rome"));
        parent.fork("f" + i).close();
      }
      Path last = folder.resolve("orders").resolve("forks").resolve("f59");
      try (Stream<Path> files = Files.list(last)) {
        assertThat(files.count()).isLessThan(40);
      }
      try (Database fork = parent.forks().open("f59")) {
        assertThat(fork.count()).isEqualTo(560);
      }
    }
  }

  @Test
  void checkpointAndRestore_databaseWithForks_areWithoutThem() {
    Path backup = folder.resolve("backup");
    try (Database parent = open(false)) {
      parent.put("o-1", city("Paris"));
      parent.fork("draft").close();
      parent.checkpoint(backup);
    }
    ClosedDatabase.restore(folder.resolve("orders"), folder.resolve("restored"));

    for (Path copy : List.of(backup, folder.resolve("restored"))) {
      try (Database database = Database.open(copy)) {
        assertThat(database.count()).isEqualTo(1);
        assertThat(database.forks().list()).isEmpty();
        database.fork("own").close();
        assertThat(database.forks().list()).extracting(Fork::depth).containsExactly(1);
      }
    }
    assertThat(DatabaseCheck.of(folder.resolve("orders")).isWhole()).isTrue();
    assertThat(DatabaseCheck.of(folder.resolve("orders/forks/draft")).isWhole()).isTrue();
  }

  @Test
  void checkpoint_ofAFork_isNoFork() {
    Path backup = folder.resolve("backup");
    try (Database parent = open(false)) {
      parent.put("o-1", city("Paris"));
      try (Database fork = parent.fork("draft")) {
        fork.put("o-2", city("Rome"));
        fork.checkpoint(backup);
      }
    }
    try (Database copy = Database.open(backup)) {
      assertThat(copy.count()).isEqualTo(2);
      copy.fork("own").close();
      assertThat(copy.forks().list()).extracting(Fork::depth).containsExactly(1);
    }
  }

  @Test
  void create_leftoversOfACrash_areNotListedAndDeleted() throws IOException {
    Path forks = folder.resolve("orders").resolve("forks");
    try (Database parent = open(false)) {
      parent.put("o-1", city("Paris"));
      Files.createDirectories(forks.resolve("half.partial"));
      Files.write(forks.resolve("half.partial").resolve("0000000001.log"), new byte[100]);
      Files.createDirectories(forks.resolve("gone.dropped").resolve("forks").resolve("below"));
      assertThat(parent.forks().list()).isEmpty();

      parent.fork("half").close();

      assertThat(parent.forks().list()).extracting(Fork::name).containsExactly("half");
      try (Stream<Path> left = Files.list(forks)) {
        assertThat(left).containsExactly(forks.resolve("half"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void create_atAnEarlierSequence_hasTheDocumentsOfThen(boolean inMemory) {
    try (Database parent = open(inMemory)) {
      RevisionId first = parent.put("changed", city("Paris"));
      RevisionId deleted = parent.put("deleted", city("Paris"));
      parent.put("kept", city("Paris"));
      long then = parent.lastSequence();
      parent.put("changed", first, city("Lyon"));
      parent.delete("deleted", deleted);
      parent.put("new", city("Paris"));

      try (Database fork = parent.forks().create("then", then)) {
        assertThat(in(fork, "Paris")).containsExactly("changed", "deleted", "kept");
        assertThat(fork.tree("changed").leaves()).hasSize(1);
        assertThat(fork.get("changed").orElseThrow().revision()).isEqualTo(first);
        assertThat(fork.tree("new").leaves()).isEmpty();
        assertThat(fork.count()).isEqualTo(3);
        assertThat(fork.checkIndex()).isEmpty();
        fork.put("new", city("Rome"));
      }
      try (Database fork = parent.forks().open("then")) {
        assertThat(in(fork, "Paris")).containsExactly("changed", "deleted", "kept");
        assertThat(in(fork, "Rome")).containsExactly("new");
        assertThat(fork.checkIndex()).isEmpty();
      }
      assertThat(parent.forks().list()).extracting(Fork::sequence).containsExactly(then);
      assertThat(in(parent, "Paris")).containsExactly("kept", "new");
    }
  }

  /** Who made a revision that came later was left there, of one that the fork does not have. */
  @Test
  void create_atAnEarlierSequence_isNotToldWhoMadeWhatCameLater() {
    try (Database parent = Database.inMemory()) {
      RevisionId first = parent.put("a", JsonObject.parse("{}"));
      parent.write(new WriteBatch().put("a", first, JsonObject.parse("{\"n\":1}")).author("bob"));

      try (Database early = parent.forks().create("early", 1);
          View view = early.view()) {
        assertThat(early.history("a").provenances()).isEmpty();
        assertThat(DatabaseCheck.problems(view.rows())).isEmpty();
      }
    }
  }

  @Test
  void create_atASequenceWhoseBodiesAreGone_namesDocumentAndEarliest() {
    try (Database parent = open(false)) {
      RevisionId last = parent.put("busy", city("0"));
      for (int i = 1; i < 10; i++) {
        last = parent.put("busy", last, city("" + i));
      }
      assertThatThrownBy(() -> parent.forks().create("then", 2))
          .isInstanceOf(ForkException.class)
          .hasMessageContaining("document=busy, sequence=2, earliest=5");
      assertThat(parent.forks().list()).isEmpty();

      try (Database fork = parent.forks().create("then", 5)) {
        assertThat(in(fork, "4")).containsExactly("busy");
      }
    }
  }

  @Test
  void create_atASequenceThatIsNone_isRefused() {
    try (Database parent = open(false)) {
      parent.put("o-1", city("Paris"));

      for (long sequence : new long[] {-1, 2}) {
        assertThatThrownBy(() -> parent.forks().create("then", sequence))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("a fork is made at a sequence from 0 to the last, 1: " + sequence);
      }
      try (Database fork = parent.forks().create("then", 0)) {
        assertThat(fork.count()).isZero();
        assertThat(in(fork, "Paris")).isEmpty();
      }
    }
  }
}
