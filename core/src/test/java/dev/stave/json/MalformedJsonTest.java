package dev.stave.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, with the words and the place. {@code '} stands for a quotation mark. */
class MalformedJsonTest {

  private static void assertRefused(byte[] json, String fragment, String path, long at) {
    assertThatThrownBy(() -> JsonObject.parse(json))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining(fragment)
        .hasMessageEndingWith(": path=" + path + ", byte=" + at)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n", "Source:", "enable `"));
  }

  private static void assertRefused(String json, String fragment, String path, long at) {
    assertRefused(json.getBytes(UTF_8), fragment, path, at);
  }

  private static String nested(String open, String close, int depth) {
    return open.repeat(depth) + close.repeat(depth);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "^^                        ~ empty                          ~ (root)  ~ 0",
        "^  ^                      ~ empty                          ~ (root)  ~ 0",
        "[]                        ~ a JSON object, not array       ~ (root)  ~ 0",
        "1                         ~ a JSON object, not number      ~ (root)  ~ 0",
        "true                      ~ a JSON object, not boolean     ~ (root)  ~ 0",
        "null                      ~ a JSON object, not null        ~ (root)  ~ 0",
        "'a'                       ~ a JSON object, not string      ~ (root)  ~ 0",
        "{                         ~ Unexpected end-of-input        ~ (root)  ~ 1",
        "}                         ~ Unexpected close marker        ~ (root)  ~ 0",
        "{]                        ~ Unexpected close marker ']' ~ (root)  ~ 1",
        "{'a'                      ~ Unexpected end-of-input        ~ /a      ~ 4",
        "{'a':                     ~ Unexpected end-of-input        ~ /a      ~ 5",
        "{'a':1                    ~ Unexpected end-of-input        ~ /a ~ 6",
        "{'a':1,                   ~ Unexpected end-of-input        ~ /a ~ 7",
        "{'a':1,}                  ~ Unexpected character ('}'      ~ /a ~ 7",
        "{'a':,}                   ~ Unexpected character (','      ~ /a      ~ 5",
        "{,}                       ~ Unexpected character (','      ~ (root)  ~ 1",
        "{'a' 1}                   ~ Unexpected character ('1'      ~ /a      ~ 5",
        "{'a':1 'b':2}             ~ Unexpected character ('''      ~ /a      ~ 7",
        "{'a':1}}                  ~ Unexpected close marker        ~ (root)  ~ 7",
        "{'a':1}{}                 ~ something follows the end      ~ (root)  ~ 7",
        "{'a':1} x                 ~ Unrecognized token 'x'         ~ (root)  ~ 8",
        "{a:1}                     ~ Unexpected character ('a'      ~ (root)  ~ 1",
        "{1:1}                     ~ Unexpected character ('1'      ~ (root)  ~ 1",
        "{'a':[1,]}                ~ Unexpected character (']'      ~ /a/1    ~ 8",
        "{'a':[1 2]}               ~ Unexpected character ('2'      ~ /a/1 ~ 8",
        "{'a':[1}                  ~ Unexpected close marker        ~ /a/0    ~ 7",
        "{'a':{'b':[{},{'c':x}]}}  ~ Unrecognized token 'x'         ~ /a/b/1/c ~ 19",
        "{'a':01}                  ~ Leading zeroes not allowed ~ /a      ~ 6",
        "{'a':-}                   ~ to follow minus sign ~ /a      ~ 6",
        "{'a':+1}                  ~ Unexpected character ('+'      ~ /a      ~ 6",
        "{'a':1.}                  ~ Decimal point not followed     ~ /a      ~ 7",
        "{'a':.5}                  ~ Unexpected character ('.'      ~ /a      ~ 5",
        "{'a':1e}                  ~ Exponent indicator not followed ~ /a     ~ 7",
        "{'a':0x10}                ~ Unexpected character ('x'      ~ /a      ~ 6",
        "{'a':NaN}                 ~ Non-standard token 'NaN'       ~ /a      ~ 8",
        "{'a':Infinity}            ~ Non-standard token 'Infinity'  ~ /a      ~ 13",
        "{'a':-Infinity}           ~ Non-standard token '-Infinity' ~ /a      ~ 14",
        "{'a':nul}                 ~ Unrecognized token 'nul'       ~ /a      ~ 5",
        "{'a':True}                ~ Unrecognized token 'True'      ~ /a      ~ 5",
        "{'a':undefined}           ~ Unrecognized token 'undefined' ~ /a      ~ 5",
        "{'a':'b}                  ~ end-of-input                   ~ /a      ~ 8",
        "{'a':'\\q'}               ~ Unrecognized character escape  ~ /a      ~ 7",
        "{'a':'\\u12'}             ~ hex-digit                      ~ /a      ~ 10",
        "{'a':'\\uD800'}           ~ lone surrogate in a string     ~ /a      ~ 5",
        "{'a':'x\\uDC00y'}         ~ lone surrogate in a string     ~ /a      ~ 5",
        "{'a':'\\uDC00\\uD800'}    ~ lone surrogate in a string     ~ /a      ~ 5",
        "{'a':[1,'\\uD83D\\u0041']} ~ lone surrogate in a string    ~ /a/1    ~ 8",
        "{'a':{'\\uD800':1}}       ~ Broken surrogate pair in field name ~ /a ~ 13",
        "{/* no */}                ~ a (non-standard) comment ~ (root)  ~ 1",
        "{'a':1,'a':2}             ~ duplicate key                  ~ /a      ~ 11",
        "{'a':1,'\\u0061':2}       ~ duplicate key                  ~ /a      ~ 16",
        "{'a':null,'b':1,'a':null} ~ duplicate key                  ~ /a      ~ 20",
        "{'a':[{'b':{'c':1,'c':1}}]} ~ duplicate key                ~ /a/0/b/c ~ 22",
        "{'':1,'':2}               ~ duplicate key                  ~ /       ~ 9",
        "{'a/b':{'c d':x}}         ~ Unrecognized token 'x'         ~ ^/a~1b/c d^ ~ 14",
      })
  void parse_malformed_isRefusedWithTheWordsAndThePlace(
      String json, String fragment, String path, long at) {
    String text = json == null ? "" : json.replace('\'', '"');

    assertRefused(text, fragment.replace("'''", "'\"'"), path, at);
  }

  @Test
  void parse_controlCharactersInAString_areRefused() {
    for (char c = 1; c < ' '; c++) {
      assertRefused("{\"a\":\"" + c + "\"}", "Illegal unquoted character", "/a", 6);
    }
  }

  @Test
  void parse_malformedUtf8_isRefusedWhereItBegins() {
    String[] malformed = {
      "80", // a continuation that nothing leads
      "bf",
      "c0 80", // overlong NUL, as Java's modified UTF-8 writes it
      "c1 bf", // overlong
      "e0 80 80",
      "e0 9f bf",
      "f0 80 80 80",
      "f0 8f bf bf",
      "ed a0 80", // U+D800
      "ed bf bf", // U+DFFF
      "ed a0 bd ed b8 80", // a pair of surrogates, as CESU-8 writes it
      "f4 90 80 80", // U+110000
      "f5 80 80 80",
      "f8 88 80 80 80", // five bytes
      "fc 84 80 80 80 80",
      "fe",
      "ff",
      "c3", // truncated
      "c3 28",
      "e2 82",
      "e2 28 a1",
      "e2 82 28",
      "f0 9f 98",
      "f0 28 8c bc",
      "f0 90 28 bc",
      "00",
    };
    for (String bytes : malformed) {
      String raw = latin(bytes);

      assertRefused(
          ("{\"a\":\"x" + raw + "\"}").getBytes(ISO_8859_1), "not well-formed UTF-8", "(root)", 7);
      assertRefused(
          ("{\"" + raw + "\":1}").getBytes(ISO_8859_1), "not well-formed UTF-8", "(root)", 2);
      assertRefused(("{}" + raw).getBytes(ISO_8859_1), "not well-formed UTF-8", "(root)", 2);
    }
  }

  private static String latin(String hex) {
    StringBuilder text = new StringBuilder();
    for (String b : hex.split(" ", -1)) {
      text.append((char) Integer.parseInt(b, 16));
    }
    return text.toString();
  }

  @Test
  void parse_otherEncodings_areRefused() {
    String json = "{\"a\":1}";
    for (Charset charset :
        new Charset[] {
          UTF_16, UTF_16BE, UTF_16LE, Charset.forName("UTF-32BE"), Charset.forName("UTF-32LE")
        }) {
      assertThatThrownBy(() -> JsonObject.parse(json.getBytes(charset)))
          .as(charset.name())
          .isInstanceOf(InvalidJsonException.class)
          .hasMessageContaining("not well-formed UTF-8");
    }
    assertRefused(("\ufeff" + json).getBytes(UTF_16LE), "not well-formed UTF-8", "(root)", 0);
  }

  @Test
  void parse_edgesOfUtf8_areTaken() {
    String edges = "\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff";

    assertThat(JsonObject.parse("{\"" + edges + "\":\"" + edges + "\"}").tree().get(edges).asText())
        .isEqualTo(edges);
  }

  @Test
  void parse_depth_isTakenTo200() {
    String array = nested("[", "]", 199);
    String object = "{\"a\":".repeat(199) + "{}" + "}".repeat(199);

    assertThat(JsonObject.parse("{\"a\":" + array + "}").toString()).hasSize(6 + 398);
    assertThat(JsonObject.parse(object).toString()).isEqualTo(object);

    assertRefused(
        "{\"a\":" + nested("[", "]", 200) + "}",
        "nested deeper than 200",
        "/a" + "/0".repeat(39) + "…" + "/0".repeat(40),
        5 + 199);
    for (int depth : new int[] {201, 10_000, 1_000_000}) {
      assertRefused(
          "{\"a\":".repeat(depth),
          "nested deeper than 200",
          "/a".repeat(40) + "…" + "/a".repeat(40),
          5 * 200);
    }
  }

  @Test
  void parse_numbersOverALimit_areRefused() {
    String digits = "1".repeat(1_000);

    assertThat(JsonObject.parse("{\"a\":" + digits + "}").toString()).contains(digits);
    assertThat(JsonObject.parse("{\"a\":-0." + "0".repeat(998) + "1}")).isNotNull();
    assertThat(JsonObject.parse("{\"a\":1e9999,\"b\":1E-9999,\"c\":-9.9e+9999}")).isNotNull();
    assertThat(JsonObject.parse("{\"a\":0e9999}").toString()).isEqualTo("{\"a\":0}");

    String tooManyDigits = "number of more than 1000 digits";
    assertRefused("{\"a\":1" + digits + "}", tooManyDigits, "/a", 5);
    assertThat(JsonObject.parse("{\"a\":0." + digits + "}").toString()).contains(digits);
    assertRefused("{\"a\":0.1" + digits + "}", tooManyDigits, "/a", 5);
    assertRefused("{\"a\":[1,0.1" + digits + "e5]}", tooManyDigits, "/a/1", 8);
    String tooLarge = "number with an exponent beyond 9999";
    for (String exponent :
        new String[] {"10000", "+10000", "-10000", "999999", "99999999999", "-99999999999999999"}) {
      assertRefused("{\"a\":1e" + exponent + "}", tooLarge, "/a", 5);
    }
    assertRefused("{\"a\":10e9999}", tooLarge, "/a", 5);
    assertRefused("{\"a\":0.1e-9999}", tooLarge, "/a", 5);
    for (int length : new int[] {1_040, 5_000, 1_000_000}) {
      assertRefused("{\"a\":" + "1".repeat(length) + "}", tooManyDigits, "/a", 5);
    }
  }
}
