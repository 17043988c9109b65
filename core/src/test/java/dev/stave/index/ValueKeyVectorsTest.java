package dev.stave.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.Vectors;
import dev.stave.bytes.Bytes;
import dev.stave.json.JsonOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The keys that are in other people's databases, and that their order is the order of values. */
class ValueKeyVectorsTest {

  static Stream<JsonNode> cases() {
    return Vectors.read("value-key.json");
  }

  private static byte[] key(JsonNode vector) {
    return HexFormat.of().parseHex(vector.get("key").textValue());
  }

  private static boolean isCoarse(JsonNode vector) {
    return vector.path("coarse").asBoolean();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void of_vector_isItsKey(JsonNode vector) {
    byte[] expected = key(vector);

    for (JsonNode value : vector.get("values")) {
      byte[] key = ValueKey.of(value);
      assertThat(HexFormat.of().formatHex(key)).isEqualTo(vector.get("key").textValue());
      assertThat(ValueKey.isCoarse(key)).isEqualTo(isCoarse(vector));
      if (!isCoarse(vector)) {
        assertThat(compare(ValueKey.value(expected), value)).as("read back").isZero();
      }
    }
  }

  private static int compare(JsonNode left, JsonNode right) {
    return JsonOrder.INSTANCE.compare(left, right);
  }

  @Test
  void order_ofKeys_isTheOrderOfValues() {
    List<JsonNode> cases = cases().toList();
    for (int i = 0; i < cases.size(); i++) {
      for (int j = 0; j < cases.size(); j++) {
        requireSameOrder(cases.get(i), i, cases.get(j), j);
      }
    }
  }

  private static void requireSameOrder(JsonNode left, int i, JsonNode right, int j) {
    assertThat(Integer.signum(Bytes.compare(key(left), key(right))))
        .as("%s, %s", left, right)
        .isEqualTo(Integer.compare(i, j));
    for (JsonNode a : left.get("values")) {
      for (JsonNode b : right.get("values")) {
        if (isOrderedByKey(a, b) && (i != j || !isCoarse(left))) {
          assertThat(Integer.signum(compare(a, b)))
              .as("%s, %s", left, right)
              .isEqualTo(Integer.compare(i, j));
        }
      }
    }
  }

  /** Keys of two arrays, or of two objects, sort by size only. */
  private static boolean isOrderedByKey(JsonNode a, JsonNode b) {
    return !(a.isContainerNode() && a.getNodeType() == b.getNodeType());
  }
}
