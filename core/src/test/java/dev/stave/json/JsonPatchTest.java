package dev.stave.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.StaveException;
import dev.stave.Vectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 6902 and RFC 7396, by their tables and by what the database adds: limits and messages. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JsonPatchTest {

  Stream<JsonNode> patches() {
    return Vectors.read("json-patch.json");
  }

  @ParameterizedTest
  @MethodSource("patches")
  void apply_vector_isAsExpected(JsonNode vector) {
    JsonNode document = vector.get("document");
    String before = document.toString();
    byte[] patch =
        (vector.has("patch_text")
                ? vector.get("patch_text").textValue()
                : vector.get("patch").toString())
            .getBytes(UTF_8);

    if (vector.path("invalid").asBoolean()) {
      assertThatThrownBy(() -> JsonPatch.parse(patch))
          .as(vector.get("name").textValue())
          .isInstanceOfAny(InvalidPatchException.class, InvalidJsonException.class);
    } else if (vector.has("failed")) {
      PatchFailedException failure =
          catchThrowableOfType(
              PatchFailedException.class, () -> JsonPatch.parse(patch).patched(document));
      assertThat(failure).as(vector.get("name").textValue()).isNotNull();
      assertThat(failure.operation()).isEqualTo(vector.get("failed").intValue());
    } else {
      JsonNode patched = JsonPatch.parse(patch).patched(document).root();
      assertThatObject(patched)
          .as(vector.get("name").textValue())
          .usingComparator(JsonOrder.INSTANCE)
          .isEqualTo(vector.get("expected"));
    }
    assertThat(document).hasToString(before);
  }

  Stream<JsonNode> mergePatches() {
    return Vectors.read("merge-patch.json");
  }

  @ParameterizedTest
  @MethodSource("mergePatches")
  void applyMergePatch_vector_isAsExpected(JsonNode vector) {
    String before = vector.toString();

    JsonNode patched = MergePatch.apply(vector.get("document"), vector.get("patch"));

    assertThatObject(patched)
        .as(vector.get("name").textValue())
        .usingComparator(JsonOrder.INSTANCE)
        .isEqualTo(vector.get("expected"));
    assertThat(vector).hasToString(before);
  }

  private static JsonObject patched(String document, String patch) {
    return JsonPatch.parse(patch.replace('\'', '"')).apply(JsonObject.parse(document));
  }

  @Test
  void apply_failure_namesOperationPlaceAndReason() {
    assertThatThrownBy(
            () ->
                patched(
                    "{}",
                    "[{'op':'add','path':'/a','value':1},{'op':'test','path':'/a','value':2}]"))
        .isInstanceOf(PatchFailedException.class)
        .hasMessage("operation 1, test: the value is another one: pointer=/a");
    assertThatThrownBy(() -> patched("{}", "[{'op':'add','path':'/a/b/c','value':1}]"))
        .hasMessage("operation 0, add: there is no value: pointer=/a/b");
    assertThatThrownBy(() -> patched("{\"a\":[1]}", "[{'op':'add','path':'/a/5','value':1}]"))
        .hasMessage("operation 0, add: not an index of an array of 1: pointer=/a/5");
    assertThatThrownBy(() -> JsonPatch.parse("[{\"op\":\"add\",\"path\":\"a\",\"value\":1}]"))
        .isInstanceOf(InvalidPatchException.class)
        .hasMessage("path: a pointer is empty or begins with a slash: pointer=a: operation=0");
  }

  @Test
  void apply_resultThatIsNoObject_isRefused() {
    assertThatThrownBy(() -> patched("{}", "[{'op':'replace','path':'','value':[1]}]"))
        .isInstanceOf(PatchFailedException.class)
        .hasMessageContaining("a document is a JSON object, not array");
  }

  @Test
  void apply_everyDigit_isKept() {
    String number = "1234567890123456789012345678901234567890.10";

    assertThat(
            patched("{\"a\":" + number + "}", "[{'op':'copy','from':'/a','path':'/b'}]").toString())
        .isEqualTo("{\"a\":" + number + ",\"b\":" + number + "}");
  }

  @Test
  void parse_operationsAtTheLimit_areTaken() {
    String one = "{'op':'test','path':'/a','value':1}";

    assertThat(
            patched(
                "{\"a\":1}", "[" + (one + ",").repeat(JsonPatch.MAX_OPERATIONS - 1) + one + "]"))
        .isEqualTo(JsonObject.parse("{\"a\":1}"));
    assertThatThrownBy(
            () -> patched("{}", "[" + (one + ",").repeat(JsonPatch.MAX_OPERATIONS) + one + "]"))
        .isInstanceOf(InvalidPatchException.class)
        .hasMessageContaining("limit=" + JsonPatch.MAX_OPERATIONS);
  }

  /** Each copies what is there beside it: 2 to the power of 30. */
  @Test
  void apply_copiesThatDoubleTheDocument_areBounded() {
    String twice = "{'op':'copy','from':'/a','path':'/a/-'},";

    assertThatThrownBy(
            () -> patched("{\"a\":[0]}", "[" + twice.repeat(30).replaceAll(",$", "") + "]"))
        .isInstanceOf(StaveException.class);
    assertThatThrownBy(() -> patched("{\"a\":[]}", copies(JsonPatch.MAX_COPIED)))
        .isInstanceOf(PatchFailedException.class)
        .hasMessageContaining(String.valueOf(JsonPatch.MAX_COPIED));
    assertThat(patched("{\"a\":[]}", copies(JsonPatch.MAX_COPIED - 1)).size())
        .isGreaterThan(JsonPatch.MAX_COPIED);
  }

  /** Adds a string and copies it: one more character for the value. */
  private static String copies(int characters) {
    String text = "x".repeat(characters / 2 - 1);
    String last = "y".repeat(characters - characters / 2 - 1);
    return "[{'op':'add','path':'/s','value':'"
        + text
        + "'},{'op':'add','path':'/t','value':'"
        + last
        + "x'},{'op':'copy','from':'/s','path':'/a/-'},{'op':'copy','from':'/t','path':'/a/-'}]";
  }

  @Test
  void apply_resultAtTheLimitOfDepth_isTaken() {
    String deepest = "[".repeat(JsonLimits.MAX_DEPTH - 1) + "]".repeat(JsonLimits.MAX_DEPTH - 1);
    String document = "{\"a\":" + deepest + ",\"b\":{}}";

    assertThat(patched(document, "[{'op':'move','from':'/a','path':'/c'}]").size()).isPositive();
    assertThatThrownBy(() -> patched(document, "[{'op':'move','from':'/a','path':'/b/c'}]"))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("nested deeper than " + JsonLimits.MAX_DEPTH);
  }

  @Test
  void apply_movesThatNestEverDeeper_areRefusedWithoutOverflow() {
    StringBuilder members = new StringBuilder("{\"m0\":{}");
    StringBuilder moves = new StringBuilder("[");
    for (int i = 1; i < 5_000; i++) {
      members.append(",\"m").append(i).append("\":{}");
      moves.append(i == 1 ? "" : ",");
      moves.append("{'op':'move','from':'/m").append(i - 1).append("','path':'/m").append(i);
      moves.append("/x'}");
    }
    members.append("}");

    assertThatThrownBy(() -> patched(members.toString(), moves.append("]").toString()))
        .isInstanceOf(InvalidJsonException.class);
  }

  /** What is not on the path of a change is the very same value in both documents. */
  @Test
  void apply_change_copiesItsPathAlone() {
    JsonObject before = JsonObject.parse("{\"a\":{\"b\":{\"c\":[1]},\"d\":{\"e\":2}}}");

    JsonObject after =
        JsonPatch.parse("[{\"op\":\"add\",\"path\":\"/a/b/x\",\"value\":1}]").apply(before);

    assertThat(after.sharedTree().at("/a/d")).isSameAs(before.sharedTree().at("/a/d"));
    assertThat(after.sharedTree().at("/a/b/c")).isSameAs(before.sharedTree().at("/a/b/c"));
    assertThat(after.sharedTree().at("/a/b")).isNotSameAs(before.sharedTree().at("/a/b"));
  }
}
