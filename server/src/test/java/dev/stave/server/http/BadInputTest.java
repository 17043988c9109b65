package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a client sends, the answer is clear, nothing changes, and the server stays well. */
class BadInputTest extends ServerTest {

  @BeforeEach
  void database() {
    createDb();
  }

  @AfterEach
  void serverIsWellAndNothingChanged() {
    assertThat(get("/db").json().get("update_seq").asInt()).isZero();
    assertThat(put("/db/good", "{'n': 1}").status()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                            | empty",
        "{                             | malformed JSON",
        "{'a'                          | malformed JSON",
        "{'a': }                       | malformed JSON",
        "{'a': 1,}                     | malformed JSON",
        "{'a': 1 'b': 2}               | malformed JSON",
        "{a: 1}                        | malformed JSON",
        "{'a': 01}                     | malformed JSON",
        "{'a': NaN}                    | malformed JSON",
        "{'a': +1}                     | malformed JSON",
        "{'a': .5}                     | malformed JSON",
        "{'a': tru}                    | malformed JSON",
        "{'a': '\\x'}                  | malformed JSON",
        "{'a': 'open}                  | malformed JSON",
        "{} {}                         | something follows",
        "{'a': 1} // why               | malformed JSON",
        "[]                            | a document is a JSON object",
        "7                             | a document is a JSON object",
        "{'a': {'b': 1, 'b': 2}}       | duplicate key: path=/a/b",
        "{'a': '\\ud800'}              | lone surrogate in a string: path=/a",
        "{'a': '\\udc00\\ud800'}       | lone surrogate in a string: path=/a",
        "{'\\ud800': 1}                | urrogate",
        "{'a': 1e999999}               | exponent beyond 9999: path=/a",
        "{'a': 1e99999999999999999999} | exponent beyond 9999: path=/a",
      })
  void put_notADocument_isRefusedWithThePlace(String body, String reason) {
    Answer answer = put("/db/a", body);

    assertThat(answer.error()).isEqualTo("400 bad_request");
    assertThat(answer.reason()).contains(reason);
    assertThat(post("/db", body).error()).isEqualTo("400 bad_request");
  }

  static Stream<Arguments> monsters() {
    return Stream.of(
        Arguments.of("{'a':" + "[".repeat(10_000) + "]".repeat(10_000) + "}", "nested deeper"),
        Arguments.of("{'a':".repeat(10_000) + "1" + "}".repeat(10_000), "nested deeper"),
        Arguments.of("[".repeat(1_000_000), "nested deeper"),
        Arguments.of("{'_id':" + "[".repeat(100_000) + "}", "nested"),
        Arguments.of("{'a': " + "9".repeat(10_000) + "}", "1000"),
        Arguments.of("{'a': 0." + "9".repeat(10_000) + "}", "1000"));
  }

  @ParameterizedTest
  @MethodSource("monsters")
  void put_monster_isRefused(String body, String reason) {
    Answer answer = put("/db/a", body);

    assertThat(answer.error()).isEqualTo("400 bad_request");
    assertThat(answer.reason()).contains(reason).hasSizeLessThan(2_000);
    assertThat(post("/db/_find", body).error()).isEqualTo("400 bad_request");
    assertThat(post("/db/_bulk_docs", body).error()).isEqualTo("400 bad_request");
  }

  static Stream<byte[]> notUtf8() {
    return Stream.of(
        new byte[] {(byte) 0xff},
        new byte[] {(byte) 0xc0, (byte) 0xaf},
        new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
        new byte[] {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        new byte[] {(byte) 0xe2, (byte) 0x82});
  }

  @ParameterizedTest
  @MethodSource("notUtf8")
  void post_bytesThatAreNotUtf8_areRefusedWithThePlace(byte[] bytes) throws IOException {
    for (String member : new String[] {"a", "_id"}) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      body.write(("{\"" + member + "\": \"").getBytes(StandardCharsets.UTF_8));
      body.write(bytes);
      body.write("\"}".getBytes(StandardCharsets.UTF_8));

      Answer answer = postRaw("/db", body.toByteArray());

      assertThat(answer.error()).isEqualTo("400 bad_request");
      assertThat(answer.reason()).contains("byte=");
    }
  }

  @Test
  void post_utf16_isRefused() {
    byte[] utf16 = "{\"a\": 1}".getBytes(StandardCharsets.UTF_16);

    assertThat(postRaw("/db", utf16).error()).isEqualTo("400 bad_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/db/%ff", "/db/%ED%A0%80", "/db/a?rev=%ff"})
  void url_notUtf8_isRefused(String path) {
    assertThat(get(path).error()).isEqualTo("400 bad_request");
  }

  @Test
  void put_bodyThatIsNotCompressedAsItSays_isRefused() {
    assertThat(put("/db/b", "{}", "Content-Encoding", "gzip").error()).isEqualTo("400 bad_request");
    assertThat(put("/db/b", "{}", "Content-Encoding", "br").status()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{'a': {'$regex': '('}}", "{'$and': {}}", "{'a': {'$not': 1}}", "{'$foo': []}"})
  void find_selectorThatMeansNothing_isRefused(String selector) {
    assertThat(post("/db/_find", "{'selector': " + selector + "}").status()).isEqualTo(400);
  }
}
