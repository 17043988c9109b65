package dev.stave.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.Vectors;
import java.math.BigDecimal;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * RFC 8785, but that numbers keep every digit. Where a number of the RFC's appendix B is the
 * shortest writing of its double, Stave writes the same; a number with more digits than a double
 * has stays as it is in Stave and is rounded by the RFC. That is by design.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CanonicalJsonTest {

  private static String canonical(String json) {
    return new String(CanonicalJson.bytes(JsonObject.parseValue(json.getBytes(UTF_8))), UTF_8);
  }

  Stream<JsonNode> vectors() {
    return Vectors.read("canonical-json.json");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void bytes_vector_isAsExpected(JsonNode vector) {
    assertThat(canonical(vector.get("input").textValue()))
        .as(vector.get("name").textValue())
        .isEqualTo(vector.get("expected").textValue());
  }

  /** What ECMAScript prints for each, from RFC 8785, appendix B: the IEEE 754 bits and the text. */
  @Test
  void number_doublesOfAppendixB_areAsEcmaScriptPrintsThem() {
    String[][] samples = {
      {"0000000000000000", "0"},
      {"8000000000000000", "0"},
      {"0000000000000001", "5e-324"},
      {"8000000000000001", "-5e-324"},
      {"7fefffffffffffff", "1.7976931348623157e+308"},
      {"ffefffffffffffff", "-1.7976931348623157e+308"},
      {"4340000000000000", "9007199254740992"},
      {"c340000000000000", "-9007199254740992"},
      {"4430000000000000", "295147905179352830000"},
      {"44b52d02c7e14af5", "9.999999999999997e+22"},
      {"44b52d02c7e14af6", "1e+23"},
      {"44b52d02c7e14af7", "1.0000000000000001e+23"},
      {"444b1ae4d6e2ef4e", "999999999999999700000"},
      {"444b1ae4d6e2ef4f", "999999999999999900000"},
      {"444b1ae4d6e2ef50", "1e+21"},
      {"3eb0c6f7a0b5ed8c", "9.999999999999997e-7"},
      {"3eb0c6f7a0b5ed8d", "0.000001"},
      {"41b3de4355555553", "333333333.3333332"},
      {"41b3de4355555554", "333333333.33333325"},
      {"41b3de4355555555", "333333333.3333333"},
      {"41b3de4355555556", "333333333.3333334"},
      {"41b3de4355555557", "333333333.33333343"},
      {"becbf647612f3696", "-0.0000033333333333333333"},
      {"43143ff3c1cb0959", "1424953923781206.2"},
    };
    for (String[] sample : samples) {
      double value = Double.longBitsToDouble(Long.parseUnsignedLong(sample[0], 16));

      assertThat(Double.parseDouble(sample[1])).as(sample[0]).isEqualTo(value == 0 ? 0 : value);
      assertThat(CanonicalJson.number(new BigDecimal(sample[1]))).isEqualTo(sample[1]);
      assertThat(canonical(sample[1])).isEqualTo(sample[1]);
    }
  }

  @Test
  void number_moreDigitsThanADoubleHas_keepsThemAll() {
    assertThat(canonical("9007199254740993")).isEqualTo("9007199254740993"); // RFC: …992
    assertThat(canonical("333333333.33333329"))
        .isEqualTo("333333333.33333329"); // RFC: …333.3333333
    assertThat(canonical("1E30")).isEqualTo("1e+30");
    assertThat(canonical("123456789012345678901234567890"))
        .isEqualTo("1.2345678901234567890123456789e+29");
    assertThat(canonical("0.1e-400")).isEqualTo("1e-401"); // RFC: 0
    assertThat(canonical("1e9999")).isEqualTo("1e+9999"); // RFC: refused
  }

  @Test
  void number_writtenInManyWays_hasOneWriting() {
    for (String same : new String[] {"100", "1e2", "1E+2", "100.0", "1000e-1", "0.1e3"}) {
      assertThat(canonical(same)).isEqualTo("100");
    }
    for (String zero : new String[] {"0", "-0", "0.00", "0e10", "-0.0e-3"}) {
      assertThat(canonical(zero)).isEqualTo("0");
    }
  }

  @Test
  void string_everyAsciiCharacter_isEscapedAsLittleAsPossible() {
    for (char c = 1; c < 0x80; c++) {
      String input = String.format("\"\\u%04x\"", (int) c);
      int shorter = "\b\t\n\f\r\"\\".indexOf(c);
      String expected =
          shorter >= 0
              ? "\\" + "btnfr\"\\".charAt(shorter)
              : c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c);

      assertThat(canonical(input)).isEqualTo('"' + expected + '"');
    }
    assertThat(canonical("\"\\u0000\\u007f\\u2028\\/\"")).isEqualTo("\"\\u0000\u007f\u2028/\"");
  }

  @Test
  void bytes_canonicalForm_isItsOwnCanonicalForm() {
    vectors()
        .map(vector -> vector.get("expected").textValue())
        .forEach(expected -> assertThat(canonical(expected)).isEqualTo(expected));
  }
}
