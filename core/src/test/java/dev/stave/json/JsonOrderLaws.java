package dev.stave.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** One order of all values: total, and the same as that of exact numbers and of UTF-8. */
class JsonOrderLaws {

  private static int compare(JsonNode left, JsonNode right) {
    return Integer.signum(JsonOrder.INSTANCE.compare(left, right));
  }

  @Provide
  Arbitrary<JsonNode> values() {
    return JsonValues.values();
  }

  @Provide
  Arbitrary<BigDecimal> decimals() {
    return JsonValues.decimals();
  }

  @Provide
  Arbitrary<String> texts() {
    return JsonValues.texts();
  }

  @Property
  void compare_turnedRound_isTheOpposite(
      @ForAll("values") JsonNode a, @ForAll("values") JsonNode b) {
    assertThat(compare(a, b)).isEqualTo(-compare(b, a));
    assertThat(compare(a, a)).isZero();
  }

  @Property
  void compare_three_isTransitive(
      @ForAll("values") JsonNode a, @ForAll("values") JsonNode b, @ForAll("values") JsonNode c) {
    JsonNode[] sorted = {a, b, c};
    Arrays.sort(sorted, JsonOrder.INSTANCE);

    assertThat(compare(sorted[0], sorted[1])).isNotPositive();
    assertThat(compare(sorted[1], sorted[2])).isNotPositive();
    assertThat(compare(sorted[0], sorted[2])).isNotPositive();
    if (compare(a, b) == 0) {
      assertThat(compare(a, c)).isEqualTo(compare(b, c));
    }
  }

  @Property
  void compare_equal_hasOneCanonicalForm(
      @ForAll("values") JsonNode a, @ForAll("values") JsonNode b) {
    boolean same = Arrays.equals(CanonicalJson.bytes(a), CanonicalJson.bytes(b));

    assertThat(compare(a, b) == 0).isEqualTo(same);
  }

  @Property
  void compare_numbers_areOneLineByExactValue(
      @ForAll("decimals") BigDecimal a, @ForAll("decimals") BigDecimal b) {
    JsonNode left = JsonObject.parseValue(a.toString().getBytes(UTF_8));
    JsonNode right = JsonObject.parseValue(b.toString().getBytes(UTF_8));

    assertThat(compare(left, right)).isEqualTo(Integer.signum(a.compareTo(b)));
  }

  @Property
  void compareText_anyTwo_isAsTheirUtf8Compares(
      @ForAll("texts") String a, @ForAll("texts") String b) {
    int byBytes = Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

    assertThat(Integer.signum(JsonOrder.compareText(a, b))).isEqualTo(Integer.signum(byBytes));
  }

  @Example
  void compare_examples_standInCouchDbsOrder() {
    List<String> ascending =
        List.of(
            "null",
            "false",
            "true",
            "-1e300",
            "-1",
            "0",
            "9",
            "9.5",
            "10",
            "9007199254740992",
            "9007199254740993",
            "1e9999",
            "\"\"",
            "\"A\"",
            "\"a\"",
            "\"a\\u0000\"",
            "\"aa\"",
            "\"\uffff\"",
            "\"\ud800\udc00\"",
            "[]",
            "[null]",
            "[1]",
            "[1,2]",
            "[2]",
            "[\"a\"]",
            "[[]]",
            "{}",
            "{\"a\":1}",
            "{\"a\":1,\"b\":1}",
            "{\"a\":2}",
            "{\"b\":1}",
            "{\"c\":0}");
    for (int i = 0; i < ascending.size(); i++) {
      for (int j = 0; j < ascending.size(); j++) {
        JsonNode left = JsonObject.parseValue(ascending.get(i).getBytes(UTF_8));
        JsonNode right = JsonObject.parseValue(ascending.get(j).getBytes(UTF_8));

        assertThat(compare(left, right))
            .as("%s and %s", left, right)
            .isEqualTo(Integer.compare(i, j));
      }
    }
  }

  @Example
  void typeName_eachType_isCouchDbsName() {
    List<String> values = List.of("null", "true", "false", "1", "1.5", "\"a\"", "[]", "{}");

    assertThat(values)
        .extracting(value -> JsonOrder.typeName(JsonObject.parseValue(value.getBytes(UTF_8))))
        .containsExactly(
            "null", "boolean", "boolean", "number", "number", "string", "array", "object");
  }

  @Provide
  Arbitrary<Map<String, JsonNode>> members() {
    return Arbitraries.maps(JsonValues.texts(), JsonValues.values()).ofMaxSize(4);
  }

  @Property
  void jsonObject_treeInAndBytesIn_areTheSameDocument(
      @ForAll("members") Map<String, JsonNode> members) {
    JsonObject object = JsonObject.of(JsonValues.object(members));
    JsonObject again = JsonObject.parse(object.bytes());

    assertThat(again.bytes()).isEqualTo(object.bytes());
    assertThat(again).isEqualTo(object).hasSameHashCodeAs(object);
    assertThat(compare(again.sharedTree(), JsonValues.object(members))).isZero();
    assertThat(JsonObject.parse(CanonicalJson.bytes(object.sharedTree()))).isEqualTo(object);
  }
}
