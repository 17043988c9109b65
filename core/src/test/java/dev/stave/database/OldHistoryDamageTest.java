package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.storage.FileStorage;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A document of a hundred revisions, a part of whose history is lost, or too much. */
class OldHistoryDamageTest {

  @TempDir private Path folder;
  private Path path;

  @BeforeEach
  void write() {
    path = folder.resolve("db");
    try (Database database = Database.open(path)) {
      RevisionId revision = database.put("a", JsonObject.parse("{\"n\": 0}"));
      for (int i = 1; i < 100; i++) {
        revision = database.put("a", revision, JsonObject.parse("{\"n\": " + i + "}"));
      }
    }
    assertThat(DatabaseCheck.of(path).problems()).isEmpty();
  }

  private void change(StorageBatch batch) {
    try (FileStorage storage = FileStorage.open(path, StorageOptions.DEFAULT)) {
      storage.commit(batch);
    }
  }

  @Test
  void chunkIsLost_checkTellsAndSalvageSavesTheRest() {
    StorageBatch batch = new StorageBatch();
    batch.delete(DocumentRows.chunkKey("a", 2));
    change(batch);

    assertThat(DatabaseCheck.of(path).problems())
        .containsExactly("document a: a history without its chunk 2: a");
    DatabaseSalvage.Report report = DatabaseSalvage.save(path, folder.resolve("saved"));
    assertThat(report.losses())
        .singleElement()
        .asString()
        .contains("its oldest revisions are lost");
    assertThat(report.documents()).isEqualTo(1);
    try (Database saved = Database.open(folder.resolve("saved"))) {
      assertThat(saved.get("a").orElseThrow().body()).isEqualTo(JsonObject.parse("{\"n\": 99}"));
      assertThat(saved.history("a").entries()).hasSizeBetween(8, 24);
    }
    assertThat(DatabaseCheck.of(folder.resolve("saved")).problems()).isEmpty();
  }

  @Test
  void chunkIsLost_newestRevisionIsReadAndEdited() {
    StorageBatch batch = new StorageBatch();
    batch.delete(DocumentRows.chunkKey("a", 2));
    change(batch);

    try (Database database = Database.open(path)) {
      Document newest = database.get("a").orElseThrow();
      assertThat(database.put("a", newest.revision(), JsonObject.parse("{}")).generation())
          .isEqualTo(101);
      assertThatThrownBy(() -> database.tree("a")).hasMessageContaining("chunk 2");
    }
  }

  @Test
  void chunkOfNobody_checkTells() {
    StorageBatch batch = new StorageBatch();
    batch.put(DocumentRows.chunkKey("a", 6), new byte[1]);
    batch.put(DocumentRows.chunkKey("b", 0), new byte[1]);
    change(batch);

    assertThat(DatabaseCheck.of(path).problems())
        .containsExactly(
            "document a: chunk 6 of its history is one too many",
            "document b: chunk 0 of its history is one too many");
  }
}
