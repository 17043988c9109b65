package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.changes.Change;
import dev.stave.document.InvalidDocumentException;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.query.Selector;
import dev.stave.revision.RevisionId;
import dev.stave.validation.Problem;
import dev.stave.watch.Watch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DesignDocumentTest {

  private static final String ID = "_design/orders";
  private static final JsonObject BODY = JsonObject.parse("{\"n\": 1}");
  private static final Query ALL = Query.where("{\"n\": {\"$gte\": 0}}");

  @TempDir Path folder;

  @Test
  void isADocumentWithAHistory() {
    try (Database database = Database.inMemory()) {
      RevisionId first = database.put(ID, BODY);
      database.put(ID, first, JsonObject.parse("{\"n\": 2}"));
      database.put("a", BODY);

      assertThat(database.get(ID).orElseThrow().revision().generation()).isEqualTo(2);
      assertThat(database.count()).isEqualTo(2);
      assertThat(database.changes(0, 10)).extracting(Change::id).containsExactly(ID, "a");
      assertThat(ids(database, IdRange.ALL)).containsExactly(ID, "a");
    }
  }

  @Test
  void noQueryFindsIt_whateverWasReopenedOrRebuilt() {
    try (Database database = Database.open(folder.resolve("db"))) {
      RevisionId old = database.put(ID, BODY);
      RevisionId gone = database.put("_design/gone", BODY);
      database.put("a", BODY);
      database.put(ID, old, BODY);
      database.delete("_design/gone", gone);
      assertFindsOnlyA(database);
      database.rebuildIndex();
      assertFindsOnlyA(database);
    }
    try (Database database = Database.open(folder.resolve("db"))) {
      assertFindsOnlyA(database);
      database.put("_design/more", BODY);
      assertFindsOnlyA(database);
    }
    try (Database database = Database.open(folder.resolve("db"))) {
      assertFindsOnlyA(database);
    }
    assertThat(DatabaseCheck.of(folder.resolve("db")).problems()).isEmpty();
  }

  private static void assertFindsOnlyA(Database database) {
    assertThat(database.find(ALL)).extracting(d -> d.id()).containsExactly("a");
    assertThat(database.count(Selector.parse("{}"))).isEqualTo(1);
    assertThat(database.checkIndex()).isEmpty();
  }

  @Test
  void noWatchSeesIt() {
    try (Database database = Database.inMemory();
        Watch watch = database.watch(Selector.parse("{}"), document -> {})) {
      database.put(ID, BODY);
      database.put("a", BODY);

      assertThat(watch.poll().orElseThrow().toString()).contains("id=a");
      assertThat(watch.poll()).isEmpty();
    }
  }

  @Test
  void noValidatorLooksAtIt() {
    DatabaseOptions options =
        DatabaseOptions.DEFAULT.withValidator(document -> List.of(Problem.at("", "never", "none")));
    try (Database database = Database.open(folder.resolve("strict"), options)) {
      database.put(ID, BODY);

      assertThat(database.get(ID)).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"_design", "_design/", "_designs/a", "_local/a", "_", "_x"})
  void otherIdsWithAnUnderscore_areRefused(String id) {
    try (Database database = Database.inMemory()) {
      assertThatThrownBy(() -> database.put(id, BODY))
          .isInstanceOf(InvalidDocumentException.class)
          .hasMessageContaining("_design/");
      assertThat(database.lastSequence()).isZero();
    }
  }

  private static List<String> ids(Database database, IdRange range) {
    List<String> ids = new ArrayList<>();
    database.forEach(range, document -> ids.add(document.id()));
    return ids;
  }
}
