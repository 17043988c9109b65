package dev.stave.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6901, and setting a value at a place. */
class JsonPointerTest {

  /** Of chapter 5 of the RFC. */
  private static final JsonObject DOCUMENT =
      JsonObject.parse(
          """
          {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\\\j": 5,
           "k\\"l": 6, " ": 7, "m~n": 8}""");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "/foo; [\"bar\",\"baz\"]",
        "/foo/0; \"bar\"",
        "/; 0",
        "/a~1b; 1",
        "/c%d; 2",
        "/e^f; 3",
        "/g|h; 4",
        "/i\\j; 5",
        "/k\"l; 6",
        "`/ `; 7",
        "/m~0n; 8",
      })
  void get_examplesOfTheRfc_findTheirValues(String pointer, String value) {
    assertThat(JsonPointer.parse(pointer).get(DOCUMENT)).get().hasToString(value);
    assertThat(JsonPointer.parse(pointer)).hasToString(pointer);
  }

  @Test
  void get_root_isTheWhole() {
    assertThat(JsonPointer.parse("").get(DOCUMENT)).contains(DOCUMENT.sharedTree());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/foo/2",
        "/foo/-",
        "/foo/00",
        "/foo/01",
        "/foo/-1",
        "/foo/1e0",
        "/foo/ 1",
        "/foo/",
        "/foo/4294967296",
        "/foo/99999999999999999999",
        "/foo/\u0661",
        "/foo/0/bar",
        "/nope",
        "//",
        "/a/b",
      })
  void get_placeWithoutAValue_isEmpty(String pointer) {
    assertThat(JsonPointer.parse(pointer).get(DOCUMENT)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "foo/0", " /a", "#/a", "/~", "/~2", "/a~", "/~~0", "/~a/b"})
  void parse_noPointer_isRefused(String text) {
    assertThatThrownBy(() -> JsonPointer.parse(text))
        .isInstanceOf(InvalidPointerException.class)
        .hasMessageContaining("pointer=" + text);
  }

  @Test
  void parse_loneSurrogate_isRefused() {
    assertThatThrownBy(() -> JsonPointer.parse("/\ud800"))
        .isInstanceOf(InvalidPointerException.class);
  }

  @Test
  void parse_tildesInARow_areUnescapedOnce() {
    assertThat(JsonPointer.parse("/~01/~10/~00").tokens()).containsExactly("~1", "/0", "~0");
  }

  @Test
  void get_value_isACopy() {
    JsonObject document = JsonObject.parse("{\"a\":[1]}");

    ((ArrayNode) JsonPointer.parse("/a").get(document).orElseThrow()).add(2);

    assertThat(document).hasToString("{\"a\":[1]}");
    assertThat(document.sharedTree()).hasToString("{\"a\":[1]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"a\":1}; /a; {\"a\":9}",
        "{\"a\":1}; /b; {\"a\":1,\"b\":9}",
        "{\"a\":[1,2]}; /a/0; {\"a\":[9,2]}",
        "{\"a\":[1,2]}; /a/2; {\"a\":[1,2,9]}",
        "{\"a\":[1,2]}; /a/-; {\"a\":[1,2,9]}",
        "{\"a\":{\"b\":{}}}; /a/b/c; {\"a\":{\"b\":{\"c\":9}}}",
        "{\"a\":null}; /a; {\"a\":9}",
      })
  void set_place_hasTheValue(String document, String pointer, String expected) {
    JsonObject before = JsonObject.parse(document);

    assertThat(JsonPointer.parse(pointer).set(before, IntNode.valueOf(9))).hasToString(expected);
    assertThat(before).isEqualTo(JsonObject.parse(document));
  }

  @ParameterizedTest
  @CsvSource({"/x/y", "/a/3", "/a/b", "/a/01", "/a/0/c"})
  void set_placeThatCannotBe_isRefused(String pointer) {
    JsonObject document = JsonObject.parse("{\"a\":[1,2]}");

    assertThatThrownBy(() -> JsonPointer.parse(pointer).set(document, IntNode.valueOf(9)))
        .isInstanceOf(PatchFailedException.class)
        .hasMessageContaining("pointer=/");
  }

  @Test
  void set_valueThatNoDocumentHas_isRefused() {
    JsonObject document = JsonObject.parse("{}");

    for (JsonNode bad :
        new JsonNode[] {DoubleNode.valueOf(Double.NaN), TextNode.valueOf("\ud800")}) {
      assertThatThrownBy(() -> JsonPointer.parse("/a").set(document, bad))
          .isInstanceOf(InvalidJsonException.class);
    }
  }

  @Test
  void set_value_isCopied() {
    ObjectNode value = JsonNodeFactory.instance.objectNode().put("n", 1);

    JsonObject set = JsonPointer.parse("/a").set(JsonObject.parse("{}"), value);
    value.put("n", 2);

    assertThat(set).hasToString("{\"a\":{\"n\":1}}");
    assertThat(set.sharedTree()).hasToString("{\"a\":{\"n\":1}}");
  }
}
