package dev.stave.json;

import static org.assertj.core.api.Assertions.assertThatObject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.query.RandomData;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What was checked when it was written is read as if it were checked again. */
class TrustedJsonLaws {

  private static final List<String> NAMES = List.of("a", "b", "c", "0", "1", "d\\.e");

  private static JsonObject inARow(JsonObject object) {
    byte[] row = new byte[7 + object.size()];
    object.copyTo(row, 7);
    return JsonObject.trusted(row, 7);
  }

  @Property(tries = 500)
  void trusted_restOfARow_isTheObject(@ForAll long seed) {
    JsonObject object = JsonObject.of(new RandomData(seed).document());

    assertThatObject(inARow(object).sharedTree()).isEqualTo(JsonObject.parseValue(object.bytes()));
    assertThatObject(inARow(object)).isEqualTo(object).hasToString(object.toString());
    assertThatObject(inARow(object).bytes()).isEqualTo(object.bytes());
  }

  @Property(tries = 500)
  void valueAt_anyPath_isTheFirstInTheTree(@ForAll long seed) {
    RandomData data = new RandomData(seed);
    JsonObject object = JsonObject.of(data.document());
    for (int i = 0; i < 30; i++) {
      StringBuilder path = new StringBuilder(NAMES.get(data.nextInt(6)));
      for (int more = data.nextInt(3); more > 0; more--) {
        path.append('.').append(NAMES.get(data.nextInt(6)));
      }
      JsonPath parsed = JsonPath.parse(path.toString());
      JsonNode expected = parsed.first(object.sharedTree());

      assertThatObject(inARow(object).valueAt(parsed))
          .as("%s in %s", path, object)
          .isEqualTo(expected);
      assertThatObject(object.valueAt(parsed)).isEqualTo(expected);
    }
  }
}
