package dev.stave.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** JSON values of every kind, close enough to each other that comparisons are hard. */
public final class JsonValues {

  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

  private JsonValues() {}

  /** Texts of few characters: around the surrogates, and around ASCII. */
  static Arbitrary<String> texts() {
    return Arbitraries.of(
            "a",
            "b",
            "A",
            "\u0000",
            "\"",
            "\\",
            "\u00e9",
            "\ud7ff",
            "\ue000",
            "\uffff",
            "\ud800\udc00",
            "\ud83d\ude00",
            "\udbff\udfff")
        .list()
        .ofMaxSize(3)
        .map(parts -> String.join("", parts));
  }

  static Arbitrary<BigDecimal> decimals() {
    Arbitrary<BigInteger> digits =
        Arbitraries.oneOf(
            Arbitraries.bigIntegers().between(BigInteger.valueOf(-20), BigInteger.valueOf(20)),
            Arbitraries.of(
                new BigInteger("9007199254740992"),
                new BigInteger("9007199254740993"),
                BigInteger.valueOf(Long.MAX_VALUE),
                BigInteger.valueOf(Long.MIN_VALUE),
                BigInteger.valueOf(Long.MAX_VALUE).add(BigInteger.ONE),
                new BigInteger("123456789012345678901234567890")));
    Arbitrary<Integer> scales = Arbitraries.of(0, 0, 0, 1, 2, -1, -2, 20, -20, 9_000, -9_000);
    return Combinators.combine(digits, scales).as(BigDecimal::new);
  }

  public static Arbitrary<JsonNode> numbers() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(-20, 20).map(NODES::numberNode),
        Arbitraries.longs().map(NODES::numberNode),
        Arbitraries.of(0.5, 1.0, -1.5, 9007199254740992.0, 1e300).map(NODES::numberNode),
        decimals().map(NODES::numberNode).map(JsonNode.class::cast),
        decimals()
            .map(d -> d.scale() > -100 && d.scale() < 100 ? d : BigDecimal.TEN)
            .map(d -> NODES.numberNode(d.toBigInteger())));
  }

  public static Arbitrary<JsonNode> values() {
    Arbitrary<JsonNode> leaves =
        Arbitraries.oneOf(
            Arbitraries.of(NODES.nullNode(), NODES.booleanNode(true), NODES.booleanNode(false)),
            numbers(),
            texts().map(NODES::textNode));
    return Arbitraries.lazyOf(
        () -> leaves,
        () -> leaves,
        () -> leaves,
        () -> values().list().ofMaxSize(3).map(JsonValues::array),
        () -> Arbitraries.maps(texts(), values()).ofMaxSize(3).map(JsonValues::object));
  }

  private static JsonNode array(List<JsonNode> elements) {
    ArrayNode array = NODES.arrayNode();
    array.addAll(elements);
    return array;
  }

  static ObjectNode object(Map<String, JsonNode> members) {
    ObjectNode object = NODES.objectNode();
    members.forEach(object::set);
    return object;
  }
}
