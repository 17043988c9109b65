package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.json.JsonObject;
import dev.stave.query.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {

  private static void put(Database database, String id, String json) {
    database.put(id, JsonObject.parse(json.replace('\'', '"')));
  }

  private static Shape.PathShape at(Shape shape, String path) {
    return shape.paths().stream()
        .filter(each -> each.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1 << 20})
  void shape_documentsOfAllKinds_hasPathsTypesAndValues(long indexBytes) {
    try (Database database = SmallDatabases.inMemory(indexBytes)) {
      put(database, "a", "{'n': 5, 'tags': ['x', 'y', 3], 'in': {'deep': null}}");
      put(database, "b", "{'n': 1.50, 'tags': [], 'in': {'deep': true}}");
      put(database, "c", "{'n': '7', 'gone': 1}");
      put(database, "d", "{'n': 5, 'tags': ['x']}");
      put(database, "e", "{'n': 12345678901234567890}");
      database.put(
          "c", database.get("c").orElseThrow().revision(), JsonObject.parse("{\"n\": \"8\"}"));

      Shape shape = database.shape();

      assertThat(shape.documents()).isEqualTo(5);
      assertThat(shape.paths().stream().map(Shape.PathShape::path))
          .containsExactly("_id", "in", "in.deep", "n", "tags", "tags[]");
      assertThat(at(shape, "n").types()).isEqualTo(Map.of("number", 4L, "string", 1L));
      assertThat(at(shape, "n").smallest().toString()).isEqualTo("[1.5, 5, 12345678901234567890]");
      assertThat(at(shape, "n").largest().toString()).isEqualTo("[\"8\", 12345678901234567890, 5]");
      assertThat(at(shape, "in.deep").types()).isEqualTo(Map.of("null", 1L, "boolean", 1L));
      assertThat(at(shape, "in").types()).isEqualTo(Map.of("object", 2L));
      assertThat(at(shape, "in").smallest()).isEmpty();
      assertThat(at(shape, "tags").types()).isEqualTo(Map.of("array", 3L));
      assertThat(at(shape, "tags[]").types()).isEqualTo(Map.of("number", 1L, "string", 2L));
    }
  }

  @Test
  void shape_noDocuments_isEmpty() {
    try (Database database = Database.inMemory()) {
      assertThat(database.shape()).isEqualTo(new Shape(0, List.of(), List.of(), 0));
    }
  }
}
