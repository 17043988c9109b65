package dev.stave.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.Vectors;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What CouchDB answers, Stave answers: with the selector, and with the index. */
class SelectorVectorsTest {

  static Stream<JsonNode> matching() {
    return Vectors.read("selector.json").filter(vector -> !vector.has("error"));
  }

  static Stream<JsonNode> refused() {
    return Vectors.read("selector.json").filter(vector -> vector.has("error"));
  }

  @ParameterizedTest
  @MethodSource("matching")
  void matches_vector_isAsExpected(JsonNode vector) {
    Selector selector = Selector.of(vector.get("selector"));

    for (JsonNode document : vector.path("matches")) {
      assertThat(selector.matches("d", document)).as("%s: %s", vector, document).isTrue();
      assertThat(found(selector, document)).as("%s: %s, index", vector, document).isTrue();
    }
    for (JsonNode document : vector.path("fails")) {
      assertThat(selector.matches("d", document)).as("%s: %s", vector, document).isFalse();
      assertThat(found(selector, document)).as("%s: %s, index", vector, document).isFalse();
    }
  }

  private static boolean found(Selector selector, JsonNode document) {
    try (Database database = Database.inMemory()) {
      database.put("d", JsonObject.parse(document.toString()));
      return !database.find(Query.of(selector)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void of_wrongVector_isRefusedByCouchDbsName(JsonNode vector) {
    assertThatThrownBy(() -> Selector.of(vector.get("selector")))
        .as(vector.toString())
        .isInstanceOfSatisfying(
            InvalidSelectorException.class,
            e -> assertThat(e.code()).isEqualTo(vector.get("error").textValue()))
        .hasMessageStartingWith(vector.get("reason").textValue());
  }
}
