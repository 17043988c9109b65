package dev.stave.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class JsonObjectTest {

  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

  private static JsonObject json(String text) {
    return JsonObject.parse(text.replace('\'', '"'));
  }

  record Point(int x, BigDecimal y, List<String> tags) {}

  @Test
  void parse_anyNumber_keepsEveryDigit() {
    String numbers =
        "{'a':1.50,'b':9007199254740993,'c':123456789012345678901234567890,'d':-0.10,'e':1E+2,"
            + "'f':9223372036854775807,'g':9223372036854775808,'h':-9223372036854775808,"
            + "'i':999999999999999999,'j':2147483648,'k':-2147483648}";

    assertThat(json(numbers).toString().replace('"', '\'')).isEqualTo(numbers);
    assertThat(JsonObject.trusted(json(numbers).bytes(), 0).tree().get("a").decimalValue())
        .isEqualTo(new BigDecimal("1.50"));
  }

  @Test
  void parse_exponentWithLeadingZeros_isTheNumberItIs() {
    assertThat(json("{'a':1e00000000005}")).isEqualTo(json("{'a':100000}"));
  }

  @Test
  void parse_zerosOfEveryKind_areZero() {
    assertThat(json("{'a':-0,'b':-0.0,'c':0e5,'d':0.000,'e':-0E-9}").toString())
        .isEqualTo("{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0}");
  }

  @Test
  void parse_whiteSpaceAndByteOrderMark_areDropped() {
    JsonObject parsed = JsonObject.parse("\ufeff \r\n\t{ \"a\" : [ 1 , 2 ] } \n");

    assertThat(parsed.toString()).isEqualTo("{\"a\":[1,2]}");
    assertThat(parsed.size()).isEqualTo(11);
  }

  @Test
  void parse_keysOfSixtyThousandCharacters_areKept() {
    String key = "k\u00e9y".repeat(20_000);
    JsonObject parsed = JsonObject.parse("{\"" + key + "\":{\"" + key + "2\":1}}");

    assertThat(parsed.tree().get(key).get(key + "2").intValue()).isEqualTo(1);
  }

  @Test
  @Timeout(20)
  void parse_manyKeysOfOneHash_takesReasonableTime() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < 1 << 14; i++) {
      StringBuilder key = new StringBuilder();
      for (int bit = 0; bit < 14; bit++) {
        key.append((i >> bit & 1) == 0 ? "Aa" : "BB"); // one hash code in Java
      }
      text.append(i == 0 ? "\"" : ",\"").append(key).append("\":").append(i);
    }

    assertThat(JsonObject.parse(text.append('}').toString()).tree()).hasSize(1 << 14);
  }

  @Test
  void parse_textWithALoneSurrogate_isRefusedAndNotChanged() {
    assertThatThrownBy(() -> JsonObject.parse("{\"a\":\"\ud800\"}"))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("lone surrogate");
  }

  @Test
  void of_treeOrBytesOrObject_isTheSameDocument() {
    ObjectNode tree = NODES.objectNode().put("x", 1).put("y", new BigDecimal("2.50"));
    tree.putArray("tags").add("a\u00e9\ud83d\ude00");
    Point point = new Point(1, new BigDecimal("2.50"), List.of("a\u00e9\ud83d\ude00"));

    JsonObject fromBytes = JsonObject.parse(tree.toString().getBytes(UTF_8));

    assertThat(JsonObject.of(tree)).isEqualTo(fromBytes).hasSameHashCodeAs(fromBytes);
    assertThat(JsonObject.from(point)).isEqualTo(fromBytes);
    assertThat(JsonObject.of(tree).bytes()).isEqualTo(fromBytes.bytes());
    assertThat(fromBytes.as(Point.class)).isEqualTo(point);
  }

  @Test
  void of_treeChangedAfterwards_doesNotChange() {
    ObjectNode tree = NODES.objectNode().put("a", 1);
    JsonObject object = JsonObject.of(tree);

    tree.put("a", 2);
    object.tree().put("a", 3);
    object.bytes()[1] = 'x';

    assertThat(object).isEqualTo(json("{'a':1}")).hasToString("{\"a\":1}");
  }

  @Test
  void of_treeWithWhatJsonDoesNotHave_isRefused() {
    ObjectNode notANumber = NODES.objectNode();
    notANumber.put("a", Double.NaN);
    ObjectNode infinite = NODES.objectNode();
    infinite.putArray("a").add(Double.NEGATIVE_INFINITY);
    ObjectNode huge = NODES.objectNode().put("a", new BigDecimal("1e999999999"));
    ObjectNode surrogate = NODES.objectNode().put("a", "\udc00");

    for (ObjectNode tree : List.of(notANumber, infinite, huge, surrogate)) {
      assertThatThrownBy(() -> JsonObject.of(tree)).isInstanceOf(InvalidJsonException.class);
    }
  }

  @Test
  void of_treeThatHoldsItselfOrIsTooDeep_isRefused() {
    ObjectNode cyclic = NODES.objectNode();
    cyclic.set("a", cyclic);
    ObjectNode deep = NODES.objectNode();
    for (int i = 0; i < 200; i++) {
      ObjectNode outer = NODES.objectNode();
      outer.set("a", deep);
      deep = outer;
    }
    ObjectNode tooDeep = deep;
    Map<String, Object> map = new HashMap<>();
    map.put("a", map);

    assertThatThrownBy(() -> JsonObject.of(cyclic)).isInstanceOf(InvalidJsonException.class);
    assertThatThrownBy(() -> JsonObject.of(tooDeep))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("nested deeper than 200");
    assertThatThrownBy(() -> JsonObject.from(map)).isInstanceOf(InvalidJsonException.class);
  }

  @Test
  void of_treeWithAnObjectOfTheUsers_isWhatJacksonWrites() {
    ObjectNode tree = NODES.objectNode().putPOJO("p", new Point(1, BigDecimal.TEN, List.of()));

    assertThat(JsonObject.of(tree)).isEqualTo(json("{'p':{'x':1,'y':10,'tags':[]}}"));
  }

  @Test
  void from_whatIsNoObject_isRefused() {
    for (Object value : List.of("text", 1, List.of(1), new Object())) {
      assertThatThrownBy(() -> JsonObject.from(value)).isInstanceOf(InvalidJsonException.class);
    }
  }

  /** What Android makes of a record: no record, and a constructor without the names. */
  private static final class Dexed {
    private final int x;
    private final int y;

    private Dexed(int x, int y) {
      this.x = x;
      this.y = y;
    }

    public int x() {
      return x;
    }

    public int y() {
      return y;
    }
  }

  @Test
  void fromAndAs_recordAsAndroidHasIt_areToldToNameItsComponents() {
    assertThatThrownBy(() -> JsonObject.from(new Dexed(1, 2)))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("Dexed")
        .hasMessageContaining("name them by @JsonProperty");
    assertThatThrownBy(() -> json("{'x':1,'y':2}").as(Dexed.class))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("name them by @JsonProperty");
  }

  @Test
  void as_unknownAndMissingMembers_areLeftOut() {
    Point point = json("{'x':7,'z':1}").as(Point.class);

    assertThat(point).isEqualTo(new Point(7, null, null));
  }

  @Test
  void as_wrongType_isRefusedByName() {
    assertThatThrownBy(() -> json("{'x':'seven'}").as(Point.class))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("does not fit " + Point.class.getName());
    assertThatThrownBy(() -> json("{'x':99999999999}").as(Point.class))
        .isInstanceOf(InvalidJsonException.class);
  }

  @Test
  void equals_otherOrderAndWritingOfNumbers_areTheSame() {
    assertThat(json("{'a':1,'b':[1.0,1e2]}")).isEqualTo(json("{'b':[1,100],'a':1.000}"));
    assertThat(json("{'a':1,'b':[1.0]}")).hasSameHashCodeAs(json("{'b':[1],'a':1.0}"));
    assertThat(json("{'a':[1,2]}")).isNotEqualTo(json("{'a':[2,1]}"));
    assertThat(json("{'a':9007199254740993}")).isNotEqualTo(json("{'a':9007199254740992}"));
  }
}
