package dev.stave.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.query.KindShapes.KindShape;
import dev.stave.query.KindShapes.PathTypes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KindShapesTest {

  private final Database database = Database.inMemory();

  @AfterEach
  void close() {
    database.close();
  }

  private void put(String id, String json) {
    database.put(id, JsonObject.parse(json));
  }

  /** By kind, the paths with their types and counts. */
  private Map<String, Map<String, String>> shapes(int most) {
    Map<String, Map<String, String>> shapes = new LinkedHashMap<>();
    for (KindShape kind : database.kindShapes("type", most).kinds()) {
      Map<String, String> paths = new TreeMap<>();
      for (PathTypes path : kind.paths()) {
        paths.put(
            path.path().toString(),
            path.types().stream().sorted().toList() + " " + path.documents());
      }
      shapes.put(kind.name() + " " + kind.documents(), paths);
    }
    return shapes;
  }

  @Test
  void kindShapes_documentsOfSeveralKinds_eachHasItsOwnPaths() {
    put("a", "{\"type\":\"x\",\"n\":1,\"l\":[1,\"a\"]}");
    put("b", "{\"type\":\"x\",\"n\":\"a\"}");
    put("c", "{\"type\":\"y\",\"n\":true}");
    put("d", "{\"n\":{}}");
    put("e", "{\"type\":7}");

    assertThat(shapes(9))
        .isEqualTo(
            Map.of(
                "x 2",
                Map.of(
                    "_id", "[string] 2",
                    "type", "[string] 2",
                    "n", "[number, string] 2",
                    "l", "[array] 1",
                    "l[]", "[number, string] 2"),
                "y 1",
                Map.of("_id", "[string] 1", "type", "[string] 1", "n", "[boolean] 1"),
                "null 2",
                Map.of("_id", "[string] 2", "type", "[number] 1", "n", "[object] 1")));
    assertThat(database.kindShapes("type", 9).sequence()).isEqualTo(database.lastSequence());
  }

  @Test
  void kindShapes_moreKindsThanAreWanted_tellsOfTheLargest() {
    put("a", "{\"type\":\"x\"}");
    put("b", "{\"type\":\"y\"}");
    put("c", "{\"type\":\"y\"}");
    put("d", "{}");

    assertThat(shapes(1).keySet()).containsExactly("y 2", "null 1");
    assertThat(shapes(2).keySet()).containsExactly("x 1", "y 2", "null 1");
  }

  @Test
  void kindShapes_deletedAndChangedDocuments_areNotThere() {
    put("a", "{\"type\":\"x\",\"old\":1}");
    database.put("a", database.get("a").orElseThrow().revision(), JsonObject.parse("{\"new\":1}"));
    database.delete("b", database.put("b", JsonObject.parse("{\"type\":\"z\"}")));

    assertThat(shapes(9))
        .isEqualTo(Map.of("null 1", Map.of("_id", "[string] 1", "new", "[number] 1")));
  }

  @Test
  void kindShapes_noDocuments_isEmpty() {
    assertThat(database.kindShapes("type", 9).kinds()).isEmpty();
  }

  @Test
  void kindShapes_listOfKinds_isOfNoKind() {
    put("a", "{\"type\":[\"x\",\"y\"]}");

    assertThat(shapes(9).keySet()).containsExactly("null 1");
  }
}
