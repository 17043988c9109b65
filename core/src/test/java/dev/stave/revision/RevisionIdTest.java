package dev.stave.revision;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.Vectors;
import dev.stave.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevisionIdTest {

  Stream<JsonNode> vectors() {
    return Vectors.read("revision-id.json");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void of_vector_isAsExpected(JsonNode vector) {
    RevisionId parent =
        vector.get("parent").isNull() ? null : RevisionId.parse(vector.get("parent").textValue());
    JsonNode body = JsonObject.parseValue(vector.get("input").textValue().getBytes(UTF_8));

    boolean deleted = vector.get("deleted").booleanValue();
    assertThat(RevisionId.of(parent, deleted, body, vector.path("attachments")))
        .as(vector.get("name").textValue())
        .hasToString(vector.get("expected").textValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1-a", "3-9f2c", "2147483647-0", "12-a-b-c", "1-!~", "7-\"\\"})
  void parse_anyId_isWrittenBack(String text) {
    assertThat(RevisionId.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "1",
        "1-",
        "-a",
        "--a",
        "0-a",
        "a-1",
        "1.5-a",
        "+1-a",
        "-1-a",
        " 1-a",
        "1 -a",
        "1- a",
        "1-a ",
        "1-a\n",
        "1-\u00e9",
        "1-\u0000",
        "1-\u007f",
        "\u0661-a",
        "2147483648-a",
        "9999999999-a",
        "99999999999999999999-a"
      })
  void parse_anythingElse_isRefusedByName(String text) {
    assertThatThrownBy(() -> RevisionId.parse(text))
        .isInstanceOf(InvalidRevisionException.class)
        .hasMessageContaining("revision=");
  }

  @Test
  void parse_digestAtAndOverTheLimit_isTakenAndRefused() {
    assertThat(RevisionId.parse("1-" + "x".repeat(128)).digest()).hasSize(128);
    assertThatThrownBy(() -> RevisionId.parse("1-" + "x".repeat(129)))
        .isInstanceOf(InvalidRevisionException.class);
  }

  @Test
  void of_parentOfTheLastGeneration_isRefused() {
    RevisionId last = new RevisionId(Integer.MAX_VALUE, "a");
    JsonNode body = JsonObject.parse("{}").sharedTree();

    assertThatThrownBy(() -> RevisionId.of(last, false, body))
        .isInstanceOf(InvalidRevisionException.class)
        .hasMessage("no revision can follow this one: revision=2147483647-a");
  }

  @Test
  void compareTo_examples_goByGenerationThenDigest() {
    List<RevisionId> ascending =
        Stream.of("1-b", "2-A", "2-a", "2-aa", "2-b", "9-a", "10-0")
            .map(RevisionId::parse)
            .toList();

    assertThat(ascending).isSorted();
  }

  @Test
  void path_gapOrDisorder_isRefused() {
    List<RevisionId> gap = List.of(RevisionId.parse("3-a"), RevisionId.parse("1-a"));
    List<RevisionId> upwards = List.of(RevisionId.parse("1-a"), RevisionId.parse("2-a"));

    assertThatThrownBy(() -> new RevisionPath(gap, false))
        .isInstanceOf(InvalidRevisionException.class)
        .hasMessageContaining("3-a");
    assertThatThrownBy(() -> new RevisionPath(upwards, false))
        .isInstanceOf(InvalidRevisionException.class);
    assertThatThrownBy(() -> new RevisionPath(List.of(), false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
