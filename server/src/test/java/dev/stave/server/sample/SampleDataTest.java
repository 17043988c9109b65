package dev.stave.server.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.document.Document;
import dev.stave.query.Query;
import dev.stave.server.databases.Databases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleDataTest {

  @TempDir Path folder;

  @Test
  void sample_twice_isTheSameToTheLastRevision() {
    List<Document> first = sample("first");
    List<Document> second = sample("second");

    assertThat(first).hasSize(SampleData.DOCUMENTS).isEqualTo(second);
  }

  private List<Document> sample(String data) {
    List<Document> documents = new ArrayList<>();
    try (Databases databases = Databases.open(folder.resolve(data))) {
      SampleData.createIfAbsent(databases);
      databases.find(SampleData.DATABASE).orElseThrow().forEach(IdRange.ALL, documents::add);
    }
    return documents;
  }

  @Test
  void sample_conflicts_areWhereTheyAreSaidToBe() {
    try (Databases databases = Databases.open(folder)) {
      SampleData.createIfAbsent(databases);
      Database database = databases.find(SampleData.DATABASE).orElseThrow();

      List<String> inConflict = new ArrayList<>();
      database.forEach(
          IdRange.ALL,
          document -> {
            if (!database.tree(document.id()).conflicts().isEmpty()) {
              inConflict.add(document.id());
            }
            return true;
          });

      assertThat(inConflict).hasSize(SampleData.CONFLICTS).contains(SampleData.conflicting(0));
    }
  }

  @Test
  void sample_data_isIrregular() {
    try (Databases databases = Databases.open(folder)) {
      SampleData.createIfAbsent(databases);
      Database database = databases.find(SampleData.DATABASE).orElseThrow();

      for (String selector :
          List.of(
              "{\"access\": \"by boat\"}",
              "{\"access.road\": true}",
              "{\"automated\": null}",
              "{\"automated\": \"unknown\"}",
              "{\"automated\": {\"$gt\": 1990}}",
              "{\"tags\": {\"$exists\": false}}",
              "{\"keepers[].remark\": {\"$exists\": true}}")) {
        assertThat(database.find(Query.where(selector)))
            .as(selector)
            .hasSizeBetween(5, SampleData.DOCUMENTS - 5);
      }
    }
  }

  @Test
  void sample_databaseThatTheUserChanged_isLeftAlone() {
    try (Databases databases = Databases.open(folder)) {
      SampleData.createIfAbsent(databases);
      Database database = databases.find(SampleData.DATABASE).orElseThrow();
      Document document = database.get("lh-001").orElseThrow();
      database.delete("lh-001", document.revision());

      SampleData.createIfAbsent(databases);

      assertThat(database.count()).isEqualTo(SampleData.DOCUMENTS - 1);
    }
  }
}
